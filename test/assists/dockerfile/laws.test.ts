/** What holds for every refactoring of every text of the rules' fixtures and examples, and that no text makes one throw. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inspect } from "../../../server/src/core/findings/inspect.ts";
import { defaultSettings } from "../../../server/src/core/findings/settings.ts";
import type { Lookup } from "../../../server/src/core/assists/dockerfile/assist.ts";
import { REFACTORINGS, rewriteAll, rewriteAt } from "../../../server/src/core/assists/dockerfile/index.ts";
import { isRefusal } from "../../../server/src/core/assists/rewrite.ts";
import type { Dockerfile } from "../../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../../server/src/core/model/dockerfile/parse.ts";
import type { Question } from "../../../server/src/core/rule.ts";
import { rules } from "../../../server/src/core/rules/index.ts";
import { applyEdits } from "../../../server/src/core/text/edit.ts";
import { texts as anyTexts } from "../../generated-texts.ts";
import { caseOf, fixtures } from "../../rule-cases.ts";
import { WORLDS } from "./worlds.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 150);

const texts: readonly string[] = [
  ...new Set([
    ...fixtures(["dockerfile"]).flatMap(({ sections }) => sections.flatMap((section) => caseOf(section)?.input ?? [])),
    ...rules
      .filter(({ language }) => language === "dockerfile")
      .flatMap(({ examples }) => examples.map((example) => ("bad" in example ? example.bad : example.good))),
  ]),
];

const read = (text: string): Dockerfile => parseDockerfile(text, "Dockerfile");

/** The rules that report something most people see. */
const reported = (text: string, lookup: Lookup): ReadonlySet<string> => {
  const answers = { get: (_key: string, question: Question) => lookup(question) };
  const { findings } = inspect(text, rules, defaultSettings, answers, { language: "dockerfile" });
  return new Set(findings.map(({ rule }) => rule));
};

/** All comments, those inside of instructions included. */
const commentsOf = (dockerfile: Dockerfile): readonly string[] =>
  [...dockerfile.comments, ...dockerfile.instructions.flatMap(({ comments }) => comments)].map(({ text }) => text);

const EACH = REFACTORINGS.flatMap((refactoring) => WORLDS.map(([world, lookup]) => ({ refactoring, world, lookup })));

for (const { refactoring, world, lookup } of EACH)
  test(`${refactoring.id} keeps what a text says, and brings no finding, where ${world}`, () => {
    for (const text of texts) {
      const dockerfile = read(text);
      let before: ReadonlySet<string> | undefined;
      for (const { span } of dockerfile.instructions) {
        const made = rewriteAt(dockerfile, refactoring, span, lookup);
        if (!made) continue;
        if (isRefusal(made)) {
          assert.match(made.refusal, /[^.\s]$/);
          continue;
        }
        const result = applyEdits(text, made.edits);
        const after = read(result);
        const about = `\n${text}\n→\n${result}`;
        assert.notEqual(result, text);
        assert.ok(after.problems.length <= dockerfile.problems.length, about);
        for (const comment of commentsOf(dockerfile)) assert.ok(result.includes(comment), `${comment}${about}`);
        if (made.snippet) assert.notEqual(applyEdits(text, made.snippet), result, about);
        before ??= reported(text, lookup);
        const fresh = [...reported(result, lookup)].filter((rule) => !before?.has(rule));
        assert.deepEqual(fresh, [], about);
      }
    }
  });

for (const { refactoring, world, lookup } of EACH.filter((each) => each.refactoring.everywhere))
  test(`${refactoring.id} everywhere settles, where ${world}`, () => {
    for (const text of texts) {
      const made = rewriteAll(read(text), refactoring, lookup);
      if (isRefusal(made)) continue;
      const result = applyEdits(text, made.edits);
      const again = rewriteAll(read(result), refactoring, lookup);
      assert.ok(
        isRefusal(again),
        `\n${text}\n→\n${result}\n→\n${isRefusal(again) ? "" : applyEdits(result, again.edits)}`,
      );
    }
  });

test("no text makes them throw", () => {
  fc.assert(
    fc.property(anyTexts, fc.nat(), fc.nat(40), (text, from, length) => {
      const start = text.length === 0 ? 0 : from % text.length;
      const at = { start, end: Math.min(text.length, start + length) };
      for (const { refactoring, lookup } of EACH) {
        rewriteAt(read(text), refactoring, at, lookup);
        if (refactoring.everywhere) rewriteAll(read(text), refactoring, lookup);
      }
    }),
    { numRuns: RUNS, seed: Number(process.env["FUZZ_SEED"] ?? 1) },
  );
});
