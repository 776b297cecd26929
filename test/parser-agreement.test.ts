/**
 * A second opinion on structure: dockerfile-ast and our parser find the same instructions at the same places, on texts without
 * that library's known faults (ARCHITECTURE.md).
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DockerfileParser } from "dockerfile-ast";
import fc from "fast-check";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { linesOf } from "../server/src/core/text/lines.ts";

const ours = (text: string): string[] => {
  const lines = linesOf(text);
  return parseDockerfile(text).instructions.map(
    ({ name, keyword }) => `${lines.position(keyword.span.start).line} ${name}`,
  );
};

const theirs = (text: string): string[] =>
  DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => `${instruction.getInstructionRange().start.line} ${instruction.getKeyword()}`);

const files = globSync("examples/*/Dockerfile", { cwd: join(import.meta.dirname, "..") });

for (const file of files)
  test(`the same instructions: ${file}`, () => {
    const text = readFileSync(join(import.meta.dirname, "..", file), "utf8");
    assert.ok(ours(text).length > 3);
    assert.deepEqual(ours(text), theirs(text));
  });

const known = (text: string): boolean => /<<|\\\\|\\[^\n]*#|#[^\n]*\\/.test(text);

test("the same instructions: every example of every rule", () => {
  const texts = rules.flatMap(({ examples }) =>
    examples.map((example) => ("good" in example ? example.good : example.bad)),
  );
  const compared = texts.filter((text) => !known(text));
  assert.ok(compared.length > 60);
  for (const text of compared) assert.deepEqual(ours(text), theirs(text), text);
});

test("the same instructions: generated texts", () => {
  const line = fc.constantFrom(
    "FROM a",
    "RUN b",
    "  COPY c d",
    "RUN e \\",
    "  f",
    "",
    "# note",
    "ENV g=h \\",
    'CMD ["i"]',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const text = `FROM scratch\n${lines.join("\n")}\n`;
      assert.deepEqual(ours(text), theirs(text));
    }),
    { numRuns: 500 },
  );
});
