/** Rewritings of compose files: what each makes of a text, what it leaves alone and why, and what all of them keep to. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  composeAssists,
  isRefusal,
  REQUESTS,
  type Assist,
  type Rewrite,
} from "../../server/src/core/assists/compose/index.ts";
import type { ComposeFile } from "../../server/src/core/model/compose/model.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { unitsOf } from "../../server/src/core/model/compose/units.ts";
import { minimalEdits } from "../../server/src/core/text/diff.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { ASSIST_CASES, REQUEST_CASES } from "./assist-cases.ts";
import { assistText } from "./assist-texts.ts";
import { commentsOf } from "./yaml-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 150);
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1), numRuns: RUNS });

const read = (text: string): ComposeFile => parseCompose(text, "compose.yaml");

const outcome = (text: string, made: ReturnType<Assist["rewrite"]>): string =>
  isRefusal(made) ? `refusal: ${made.refusal}` : applyEdits(text, made.edits);

describe("all of a file", () => {
  for (const { kind, title, text, service, unsafe = false, after, left = [], companions = [] } of REQUEST_CASES)
    test(`${kind}: ${title}`, () => {
      const made = REQUESTS[kind]?.request(unsafe)(read(text), service);
      assert.ok(made);
      assert.equal(outcome(text, made), after);
      if (isRefusal(made)) return;
      assert.deepEqual(made.left ?? [], left);
      assert.deepEqual(made.companions ?? [], companions);
    });
});

describe("at a place", () => {
  for (const { at, title, text, after, snippet, kind } of ASSIST_CASES)
    test(`${title}, at ${at}`, () => {
      const offset = text.indexOf(at);
      assert.notEqual(offset, -1);
      const all = composeAssists(read(text), { start: offset, end: offset });
      const found = all.find((assist) => assist.title === title);
      if (after === undefined) {
        assert.equal(found, undefined);
        return;
      }
      assert.ok(found, `${title} is among ${all.map((assist) => assist.title).join(" | ")}`);
      if (kind) assert.equal(found.kind, kind);
      const made: ReturnType<Assist["rewrite"]> =
        found.refusal === undefined ? found.rewrite() : { refusal: found.refusal };
      assert.equal(outcome(text, made), after);
      if (snippet !== undefined && !isRefusal(made)) assert.equal(applyEdits(text, made.snippet ?? []), snippet);
    });
});

/** What holds for any rewriting of any text. */
function keepsTo(text: string, made: Rewrite, name: string): string {
  const before = read(text);
  const result = applyEdits(text, made.edits);
  const after = read(result);
  assert.notEqual(result, text, `${name} changes something`);
  assert.ok(after.problems.length <= before.problems.length, `${name}: ${after.problems[0]?.message ?? ""}`);
  assert.deepEqual(commentsOf(after), commentsOf(before), `${name} keeps comments`);
  if (!text.replaceAll("\r\n", "").includes("\n")) assert.doesNotMatch(result, /[^\r]\n/, `${name} keeps line ends`);
  if (made.snippet) assert.equal(made.snippet.length, made.edits.length);
  return result;
}

const untouched = (text: string): readonly string[] => text.split(/\r?\n/).map((line) => line.trim());

test("requests keep comments, line ends and other lines, and settle", () => {
  fc.assert(
    fc.property(assistText, ({ text }) => {
      for (const [kind, { request }] of Object.entries(REQUESTS)) {
        const made = request(true)(read(text), undefined);
        if (isRefusal(made)) continue;
        const result = keepsTo(text, made, kind);
        const again = request(true)(read(result), undefined);
        assert.ok(isRefusal(again), `${kind} again: ${isRefusal(again) ? "" : applyEdits(result, again.edits)}`);
        if (kind === "sort-keys") assert.deepEqual(untouched(result).toSorted(), untouched(text).toSorted());
        // Harden adds lines and changes only lists on one line.
        if (kind === "harden")
          for (const { span } of minimalEdits(text, result))
            assert.match(text.slice(span.start, span.end), /^[^\n]*$/, "a line is gone");
      }
    }),
  );
});

test("what is offered anywhere can be done, and is done then", () => {
  fc.assert(
    fc.property(assistText, fc.infiniteStream(fc.nat(99)), ({ text }, chances) => {
      const compose = read(text);
      for (const { start, end } of unitsOf(compose)) {
        if (Number(chances.next().value) > 25) continue;
        for (const at of [start, end])
          for (const assist of composeAssists(compose, { start: at, end: at })) {
            assert.ok(assist.span.start <= assist.span.end && assist.span.end <= text.length);
            if (assist.refusal !== undefined) continue;
            const made = assist.rewrite();
            if (isRefusal(made)) assert.match(made.refusal, /^[^A-Z].*[^.]$/s);
            else keepsTo(text, made, assist.title);
          }
      }
    }),
    { numRuns: Math.min(RUNS, 12) },
  );
});

test("no text makes them throw", () => {
  fc.assert(
    fc.property(assistText, fc.nat(), fc.nat(30), fc.string({ maxLength: 6 }), ({ text }, from, length, other) => {
      const at = from % text.length;
      const broken = text.slice(0, at) + other + text.slice(at + length);
      const compose = read(broken);
      for (const { request } of Object.values(REQUESTS)) request(true)(compose, undefined);
      for (const assist of composeAssists(compose, { start: at, end: at })) assist.rewrite();
    }),
  );
});

test("a file that is no mapping has none", () => {
  for (const text of ["", "- a\n", "a", "services:\n", "services: []\n", "services:\n  a:\n"]) {
    assert.deepEqual(
      composeAssists(read(text), { start: 0, end: 0 }).filter(({ id }) => id === "harden"),
      [],
    );
    for (const { request } of Object.values(REQUESTS)) assert.ok(isRefusal(request(true)(read(text), undefined)), text);
  }
});
