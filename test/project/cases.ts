/** Tables of texts and of what a reader makes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** Why the case is there, the text, what is expected of the fields named; undefined: the text is none of these files. */
export type Case = readonly [about: string, text: string, expected: Readonly<Record<string, unknown>> | undefined];

export function readerTests(name: string, read: (text: string) => unknown, cases: readonly Case[]): void {
  for (const [about, text, expected] of cases)
    test(`${name}: ${about}`, () => {
      const found = plain(read(text));
      if (expected === undefined) return assert.equal(found, undefined);
      assert.ok(typeof found === "object" && found !== null, `nothing was read from ${text}`);
      const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, at(found, key)]));
      assert.deepEqual(picked, expected);
    });
}

const at = (value: object, key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;

/** Maps as objects and sets as lists, so that a table can be written down. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
