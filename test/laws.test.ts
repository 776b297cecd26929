/** What holds for any text, found by generating texts: nothing throws, spans are inside, fixes settle. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inspect } from "../server/src/core/findings/inspect.ts";
import { REMEDY_THREW } from "../server/src/core/lint.ts";
import type { Dockerfile, Instruction } from "../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { commandsOf, scriptsOf } from "../server/src/core/model/dockerfile/shell.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { minimalEdits } from "../server/src/core/text/diff.ts";
import { applyEdits, type Span } from "../server/src/core/text/edit.ts";
import { linesOf } from "../server/src/core/text/lines.ts";
import { variantFaults } from "../scripts/corpus/variants.ts";
import { PIECES, texts } from "./generated-texts.ts";
import { answersFrom, caseOf, everything, fixed, fixtures, wishedFor } from "./rule-cases.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1500);
// The same texts at every run, so that a red one is about the change. FUZZ_SEED and FUZZ_RUNS go looking for more.
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

const inside = (text: string, span: Span, what: string): void => {
  assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, `${what}: ${span.start}-${span.end}`);
};

function spansOf(instruction: Instruction): Span[] {
  return [
    instruction.span,
    instruction.head,
    instruction.keyword.span,
    instruction.args.span,
    ...instruction.words.map(({ span }) => span),
    ...instruction.flags.flatMap((flag) => [flag.span, flag.nameSpan, ...flag.fields.map(({ span }) => span)]),
    ...instruction.pairs.flatMap((pair) => [pair.span, pair.key.span, ...(pair.value ? [pair.value.span] : [])]),
    ...instruction.heredocs.flatMap(({ marker, body, terminator }) => [
      marker,
      body,
      ...(terminator ? [terminator] : []),
    ]),
    ...instruction.comments.map(({ span }) => span),
    ...instruction.emptyLines,
  ];
}

function checkModel(dockerfile: Dockerfile): void {
  const { text } = dockerfile;
  let behind = 0;
  for (const instruction of dockerfile.instructions) {
    assert.ok(instruction.span.start >= behind, "instructions are in order and do not overlap");
    behind = instruction.span.end;
  }
  for (const instruction of dockerfile.all) {
    for (const span of spansOf(instruction)) inside(text, span, instruction.name);
    assert.equal(
      text.slice(instruction.keyword.span.start, instruction.keyword.span.end).replace(/[\\`][ \t]*\r*\n/g, "")
        .length >= 1,
      true,
    );
    for (const script of scriptsOf(dockerfile, instruction)) inside(text, script.span, "script");
    for (const command of commandsOf(dockerfile, instruction)) {
      inside(text, command.span, "command");
      for (const { span } of command.args) inside(text, span, "argument");
    }
  }
  for (const { span } of [...dockerfile.comments, ...dockerfile.directives, ...dockerfile.problems])
    inside(text, span, "comment");
}

test("the model never throws and its spans are inside the text", () => {
  fc.assert(
    fc.property(texts, (text) => checkModel(parseDockerfile(text))),
    { numRuns: RUNS * 4 },
  );
});

test("no rule throws, findings are inside the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { findings, crashes } = inspect(text, rules, everything, new Map());
      assert.deepEqual(crashes, []);
      for (const { span, fixes, refusal } of findings) {
        inside(text, span, "finding");
        assert.ok(!refusal?.startsWith(REMEDY_THREW), refusal);
        for (const { edits, snippet } of fixes) {
          for (const edit of [...edits, ...(snippet ?? [])]) inside(text, edit.span, "edit");
          applyEdits(text, edits);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

test("fixing settles, and a second run changes nothing", () => {
  fc.assert(
    fc.property(texts, fc.boolean(), (text, unsafe) => {
      const allow = unsafe ? (["safe", "unsafe"] as const) : (["safe"] as const);
      const after = fixed(text, rules, new Map(), allow);
      assert.ok(
        after.settled,
        `rules disagree: ${after.applied
          .slice(-4)
          .map(({ rule }) => rule)
          .join(", ")}`,
      );
      assert.equal(applyEdits(text, after.edits), after.text);
      assert.equal(fixed(after.text, rules, new Map(), allow).text, after.text);
    }),
    { numRuns: RUNS },
  );
});

test("CRLF changes offsets and nothing else", () => {
  const lf = fc
    .array(fc.constantFrom(...PIECES.filter((piece) => !piece.includes("\r"))), { maxLength: 25 })
    .map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(lf, (text) => {
      const shape = (from: string): string[] => {
        const lines = linesOf(from);
        return inspect(from, rules, everything, new Map()).findings.map(
          ({ rule, span }) => `${rule}@${lines.position(span.start).line}`,
        );
      };
      assert.deepEqual(shape(text.replaceAll("\n", "\r\n")), shape(text));
    }),
    { numRuns: RUNS },
  );
});

test("minimal edits turn one text into the other", () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      assert.equal(applyEdits(before, minimalEdits(before, after)), after);
    }),
    { numRuns: RUNS },
  );
});

test("lines: offset to position and back", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const lines = linesOf(text);
      for (let offset = 0; offset <= text.length; offset++) {
        const position = lines.position(offset);
        const back = lines.offset(position);
        assert.ok(back === offset || /[\r\n]/.test(text.slice(back, offset)), `${offset} came back as ${back}`);
      }
    }),
    { numRuns: RUNS },
  );
});

test("keywords in lower case, CRLF and a byte order mark change no finding, in every example and fixture", () => {
  const texts = [
    ...rules.flatMap((rule) =>
      rule.examples.map((example) => ({
        name: rule.id,
        language: rule.language,
        text: "bad" in example ? example.bad : example.good,
        answers: answersFrom(example.answers),
        settings: wishedFor(rule, example),
      })),
    ),
    ...fixtures().flatMap(({ rule: id, sections }) =>
      sections.flatMap((section) => {
        const found = caseOf(section);
        const rule = rules.find((each) => each.id === id);
        if (!found || !rule) return [];
        return [
          {
            name: id,
            language: rule.language,
            text: found.input,
            answers: found.answers,
            settings: wishedFor(rule, found.wishes),
          },
        ];
      }),
    ),
  ];
  const faults = texts.flatMap(({ name, language, text, answers, settings }) =>
    variantFaults(text, rules, settings, answers, language).map(
      (fault) => `${name}: ${fault} in ${JSON.stringify(text)}`,
    ),
  );
  assert.deepEqual(faults, []);
});
