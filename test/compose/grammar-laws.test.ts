/** What holds for any text given to the grammars of compose values: nothing throws, spans are inside, time stays in bounds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseByteSize } from "../../server/src/core/model/compose/byte-size.ts";
import { parseDevice } from "../../server/src/core/model/compose/device.ts";
import { parseDuration } from "../../server/src/core/model/compose/duration.ts";
import { parseEnvFile } from "../../server/src/core/model/compose/env-file.ts";
import { parseExtraHost } from "../../server/src/core/model/compose/extra-host.ts";
import { interpolate, interpolationsIn, withNested } from "../../server/src/core/model/compose/interpolation.ts";
import { ipVersion } from "../../server/src/core/model/compose/ip-address.ts";
import { keyValue } from "../../server/src/core/model/compose/key-value.ts";
import { isContainerName, isProjectName, projectNameOf } from "../../server/src/core/model/compose/names.ts";
import { parseNamespaceMode } from "../../server/src/core/model/compose/namespace-mode.ts";
import { parseExpose, parsePort } from "../../server/src/core/model/compose/port.ts";
import { parseRestart } from "../../server/src/core/model/compose/restart.ts";
import { parseInteger, parseNumber } from "../../server/src/core/model/compose/scalars.ts";
import { parseVolume } from "../../server/src/core/model/compose/volume.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 1500);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);

const PARSERS: readonly ((text: string) => unknown)[] = [
  interpolationsIn,
  parseEnvFile,
  (text) => parseEnvFile(text, { format: "raw" }),
  parsePort,
  parseExpose,
  parseVolume,
  parseDevice,
  parseExtraHost,
  parseRestart,
  parseNamespaceMode,
  keyValue,
  parseDuration,
  parseByteSize,
  parseNumber,
  parseInteger,
  ipVersion,
  isContainerName,
  projectNameOf,
];

const PIECES = [
  ..."${}:-+?=\"'\\#,./~[]@ \t\r\n\u0085\u00a0\uFEFF\u{1F600}éAZaz09_!*%".split(""),
  ..."${ ${A:- }} $$ export  :: 127.0.0.1 [::1] 80 65536 /tcp /c ro C:\\ on-failure service: 1h 512m 1e9 host-gateway".split(
    " ",
  ),
];

const TEMPLATE_PIECES = [
  "$",
  "${",
  "{",
  "}",
  "}}",
  "A",
  "_b1",
  ":-",
  "-",
  ":?",
  "?",
  ":+",
  "+",
  ":",
  " ",
  "\n",
  "$$",
  "${A:-",
  "é",
];

const templates = fc.array(fc.constantFrom(...TEMPLATE_PIECES), { maxLength: 16, size: "max" });

const texts = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 })), {
  maxLength: 24,
  size: "max",
});

/** Every object with a start and an end, wherever in an answer, and the pairs that are named. */
function* spansIn(value: unknown): Generator<readonly [number, number]> {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const prefix of ["", "name", "key"]) {
    const [from, to] = prefix === "" ? ["start", "end"] : [`${prefix}Start`, `${prefix}End`];
    const [start, end] = [fields[from], fields[to]];
    if (typeof start === "number" && typeof end === "number") yield [start, end];
  }
  for (const each of Object.values(fields)) yield* spansIn(each);
}

test("nothing throws and every span is inside the text", () => {
  fc.assert(
    fc.property(fc.oneof(texts, templates), (pieces) => {
      const text = pieces.join("");
      for (const parse of PARSERS)
        for (const [start, end] of spansIn(parse(text))) assert.ok(0 <= start && start <= end && end <= text.length);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("variables are where they say, in order, and within their words", () => {
  fc.assert(
    fc.property(templates, (pieces) => {
      const text = pieces.join("");
      const { variables } = interpolationsIn(text);
      for (const { name, nameStart, nameEnd, word, wordStart, start, end, nested } of withNested(variables)) {
        assert.equal(text.slice(nameStart, nameEnd), name);
        assert.ok(text[start] === "$" && start < nameStart && nameEnd <= end);
        if (word === undefined || wordStart === undefined) continue;
        assert.equal(text.slice(wordStart, wordStart + word.length), word);
        for (const inner of nested) assert.ok(wordStart <= inner.start && inner.end <= wordStart + word.length);
      }
      for (const [index, { start }] of variables.entries()) assert.ok(start >= (variables[index - 1]?.end ?? 0));
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("a text without variables and problems stands for itself but for doubled dollar signs", () => {
  fc.assert(
    fc.property(texts, (pieces) => {
      const text = pieces.join("");
      const { variables, problems } = interpolationsIn(text);
      fc.pre(variables.length + problems.length === 0);
      assert.equal(
        interpolate(text, () => undefined, { unset: "empty" }),
        text.replaceAll("$$", () => "$"),
      );
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("what compose makes of a project's name is one, or nothing", () => {
  fc.assert(
    fc.property(texts, (pieces) => {
      const name = projectNameOf(pieces.join(""));
      assert.ok(name === "" || isProjectName(name));
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

/** Texts that would take a quadratic reader minutes. */
const LONG: readonly string[] = [
  "${A:-",
  "${A:-{",
  "${A:-}",
  "${",
  "$A",
  "{",
  "}",
  "1",
  "1.",
  "1_",
  " ",
  "\n",
  "\r\n",
  "#\n",
  "A\n",
  'A="\n',
  "A='\\'\n",
  "A= #",
  "\\0",
  ":",
  "a:",
  "-",
  "[::1]",
  "a-",
  "a.",
  ",",
  "é",
].map((piece) => piece.repeat(Math.ceil(60_000 / piece.length)));

test("long texts take no longer than their length explains", { timeout: 60_000 }, () => {
  for (const text of LONG)
    for (const parse of PARSERS) {
      const began = performance.now();
      for (const each of [text, `${text}}`, `A="${text}`]) parse(each);
      const took = performance.now() - began;
      assert.ok(took < 1500, `${parse.name} ${JSON.stringify(text.slice(0, 12))} ${took}`);
    }
});
