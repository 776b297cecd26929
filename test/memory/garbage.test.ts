/**
 * What was worked out about a text is garbage as soon as nobody looks at it any more, and young garbage: while somebody types, each keystroke
 * makes a text, and what is kept until V8 collects the whole heap is copied again and again, and costs a pause in the end.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import type { Language } from "../../server/src/core/model/document.ts";
import type { Example, Rule } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { answersFrom, everything, findingsOf, wishedFor } from "../rule-cases.ts";

// A process of its own: what V8 has begun to mark, it does not give back before the marking is done.
setFlagsFromString("--no-incremental-marking");
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options?: { readonly type: "minor" }) => void;

/** Bytes in what a young collection leaves alone. */
const oldBytes = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name }) => /^(?:old|large_object)_space$/.test(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);

const ROUNDS = 20;
/** So many bytes more than the example has: whoever keeps the text is seen. */
const PADDING = 40_000;
/** So many bytes a text are of code that is compiled meanwhile, and the like. */
const NOISE = PADDING / 2;

let version = 0;
/** The text in a version that was never there before, at its end a long comment. */
const nextVersion = (text: string): string => `${text}\n# ${"x".repeat(PADDING)} ${version++}\n`;

function look(rule: Rule, example: Example): void {
  const text = nextVersion("bad" in example ? example.bad : example.good);
  const findings = findingsOf(text, [rule], answersFrom(example.answers), wishedFor(rule, example));
  // To read them is to have them worked out.
  for (const { fixes } of findings) void fixes;
}

/** Bytes a text that are still there when its versions are forgotten. */
function kept(lookAtNext: () => void): number {
  for (let round = 0; round < 3; round++) lookAtNext();
  collect();
  const before = oldBytes();
  for (let round = 0; round < ROUNDS; round++) {
    lookAtNext();
    // An object that lives through two of them counts as old.
    if (round % 5 === 4) collect({ type: "minor" });
  }
  collect({ type: "minor" });
  return Math.round((oldBytes() - before) / ROUNDS);
}

test("no rule keeps what it was told of a text", () => {
  const faults = rules.flatMap((rule) =>
    rule.examples.flatMap((example) => {
      const bytes = kept(() => look(rule, example));
      return bytes > NOISE ? [`${rule.id}: ${bytes} bytes a text`] : [];
    }),
  );
  assert.deepEqual(faults, []);
});

const UNFINISHED: readonly (readonly [Language, string])[] = [
  ["dockerfile", 'FROM scratch\nCMD ["a", "C:\\x"]'],
  ["dockerfile", 'FROM scratch\nCMD ["a" "b"]'],
  ["dockerfile", "FROM scratch\nCMD ['a']"],
  ["dockerfile", 'FROM scratch\nRUN [ -f x ] && echo "'],
  ["dockerfile", "FROM scratch\nRUN <<EOF\ncat $("],
  ["compose", "services:\n  a: {image: [\n"],
  ["compose", 'services:\n  a:\n    image: "a\n    <<: *b\n'],
  ["dockerignore", "[\n!\n"],
];

test("nothing keeps a text that is not finished", () => {
  const faults = UNFINISHED.flatMap(([language, text]) => {
    const next = (): string => `${nextVersion("")}${text}`;
    const bytes = kept(() => void inspect(next(), rules, everything, new Map(), { language }));
    return bytes > NOISE ? [`${text}: ${bytes} bytes a text`] : [];
  });
  assert.deepEqual(faults, []);
});
