/** The small grammars of compose values against what the real compose answered; test/docker asks it again. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { GRAMMARS, type ValueCase } from "./value-grammars.ts";

const cases: readonly ValueCase[] = readFileSync(new URL("../fixtures/compose-values.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

for (const [name, { ours }] of Object.entries(GRAMMARS)) {
  test(`${name}: the same answer as compose`, () => {
    const own = cases.filter(({ grammar }) => grammar === name);
    assert.ok(own.length > 0);
    for (const { text, answer } of own) assert.deepEqual(ours(text), answer, JSON.stringify(text));
  });
}
