/** What holds for any text: nothing that is not closed outlives its instruction, and no line takes the tokenizer long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { texts } from "../generated-texts.ts";
import { linesOf, registry } from "./registry.ts";

const KEYWORD = "keyword.other.special-method.dockerfile";
/** What stays open from instruction to instruction: the file, its escape character, a shell other than the usual one. */
const MODES = 4;

/** `line:INSTRUCTION` of each instruction, those behind ONBUILD too, as the grammar has them. */
async function coloured(lines: readonly string[]): Promise<readonly string[]> {
  const read = await linesOf("source.dockerfile", lines);
  return read.flatMap(({ tokens }, line) =>
    tokens.flatMap(({ text, scopes }) =>
      scopes.includes(KEYWORD) && !scopes.includes("meta.flag.dockerfile") ? [`${line}:${text.toUpperCase()}`] : [],
    ),
  );
}

/** The same as our parser has them, which is held against BuildKit's; with the AS of FROM and the CMD of HEALTHCHECK. */
function parsed(text: string): readonly string[] {
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length - 1;
  return parseDockerfile(text).instructions.map(({ name, span }) => `${lineAt(span.start)}:${name}`);
}

/** Where an instruction may be named: the first line of each, and every line of ONBUILD, which may continue before its trigger. */
function linesOfInstructions(text: string): ReadonlySet<number> {
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length - 1;
  return new Set(
    parseDockerfile(text).instructions.flatMap(({ name, span }) => {
      const [first, last] = [lineAt(span.start), lineAt(span.end)];
      return name === "ONBUILD" ? Array.from({ length: last - first + 1 }, (_, at) => first + at) : [first];
    }),
  );
}

const INNER = /:(?:AS|CMD)$/;
const KNOWN =
  /:(?:FROM|RUN|COPY|ADD|WORKDIR|ENV|ARG|LABEL|USER|EXPOSE|VOLUME|CMD|ENTRYPOINT|HEALTHCHECK|SHELL|STOPSIGNAL|ONBUILD|MAINTAINER)$/;

/**
 * Without characters that one reader takes for the end of a line or a blank and another does not, and without names of heredocs that are
 * partly quoted or come right behind a backslash on the line before, which nobody writes and BuildKit reads.
 */
const plain = (text: string): string =>
  text
    .replaceAll(/[^\n\t\x20-\x7E\u00E9\u{1F4A1}]/gu, "")
    .replaceAll(/(?<=\\[ \t]*\n)\d*<<|<<-?(?!["']?[A-Z]+["']?(?:\s|$))/g, "");

test("every instruction begins as one, whatever is not closed before it", async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (any) => {
      const text = plain(any);
      const theirs = parsed(text).filter((each) => KNOWN.test(each));
      const ours = await coloured(text.split("\n"));
      assert.deepEqual(
        theirs.filter((each) => !ours.includes(each)),
        [],
        text,
      );
      // Nothing else is one: AS and CMD belong to FROM and HEALTHCHECK, the rest to ONBUILD on the same line.
      const lines = linesOfInstructions(text);
      assert.deepEqual(
        ours.filter((each) => !INNER.test(each) && !lines.has(Number(each.split(":")[0]))),
        [],
        text,
      );
    }),
    { numRuns: 1_000 },
  );
});

test("after its last line nothing of an instruction is open", async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (any) => {
      const text = plain(any);
      const { instructions } = parseDockerfile(text);
      const lines = text.split("\n");
      const read = await linesOf("source.dockerfile", lines);
      const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length - 1;
      for (const { span } of instructions) {
        const line = lineAt(span.start);
        // An instruction ends when the next line begins: what is open there is what the first of its tokens stands in.
        const first = read[line]?.tokens.find(({ text: token }) => token.trim() !== "");
        const outer = (first?.scopes ?? []).filter(
          (scope) => !scope.startsWith("meta.instruction") && scope !== KEYWORD,
        );
        assert.ok(outer.length <= MODES, `${line}: ${outer.join(" ")}\n${text}`);
        assert.ok(
          outer.every((scope) => /^(?:source\.dockerfile|meta\.escape|meta\.shell|meta\.unknown)/.test(scope)),
          `${line}: ${outer.join(" ")}\n${text}`,
        );
      }
    }),
    { numRuns: 500 },
  );
});

/** Each of them made a rule look through the rest of the line again for each word, or open one level more. */
const PIECES = [
  "a ",
  'a "b" ',
  "a\\ ",
  "'",
  "${A:-",
  "a/b:c@",
  "<<A ",
  "python3 x <<E ",
  "> a.json ",
  "FROM x ",
  "ONBUILD ",
  " ",
  "80:",
  "a:",
  "$",
];
/** The longest line an editor tokenizes. */
const LONGEST = 20_000;
const PATIENCE_MS = 5_000;

/** What the rules for compose files are about, in any order. */
const OF_COMPOSE = [
  ...["image: ", "- ", "interval: ", "restart: ", "services:", "  ", '"', "'", "#", "[", "]", "{", "}", ",", "\n"],
  ...[
    "${A:-1}",
    "${A",
    "$A",
    "$$",
    "}",
    ":",
    "80",
    "-",
    "/",
    "/tcp",
    "127.0.0.1:",
    "[::1]:",
    "./a",
    "rw",
    "=",
    "@",
    "30s",
    "always",
  ],
];

test("rules for compose files end, whatever they are read on", async () => {
  const text = fc
    .array(fc.constantFrom(...OF_COMPOSE), { maxLength: 30, size: "max" })
    .map((pieces) => pieces.join(""));
  await fc.assert(
    fc.asyncProperty(text, async (any) => {
      const lines = any.split("\n");
      const read = await linesOf("source.yaml.compose", lines);
      for (const [at, { tokens }] of read.entries())
        assert.equal(
          tokens
            .map((token) => token.text)
            .join("")
            .slice(0, lines[at]?.length),
          lines[at],
        );
    }),
    { numRuns: 2_000 },
  );
});

test("no line of the length that editors tokenize at all is given up", async () => {
  for (const [scope, starts] of [
    ["source.dockerfile", ["", "RUN ", "COPY ", "ENV ", "FROM ", "CMD [", "RUN --mount=", "LABEL a="]],
    ["source.yaml.compose", ["    image: ", "      - ", '      - "', "    interval: "]],
  ] as const) {
    const grammar = await registry.loadGrammar(scope);
    assert.ok(grammar);
    for (const start of starts)
      for (const piece of PIECES) {
        const line = start + piece.repeat(Math.ceil(LONGEST / piece.length)).slice(0, LONGEST);
        const { stoppedEarly } = grammar.tokenizeLine(line, null, PATIENCE_MS) as { stoppedEarly?: boolean };
        assert.notEqual(stoppedEarly, true, `${start}${piece}`);
      }
  }
});
