/** What is said of the patterns of an ignore file holds for every folder: a line without effect can go, a safe fix changes nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkFixes } from "../scripts/check-fixes.ts";
import { parseDockerignore } from "../server/src/core/model/dockerignore/parse.ts";
import { ignoredBy, parseIgnoreFile, readIgnoreLine } from "../server/src/core/model/ignore.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { applyEdits } from "../server/src/core/text/edit.ts";
import { findingsOf, fixed } from "./rule-cases.ts";

const noEffect = rules.filter(({ id }) => id === "ignore-pattern-no-effect");
const ignoreRules = rules.filter(({ language }) => language === "dockerignore");

const names = fc.constantFrom("a", "b", "c.md");
const path = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const part = fc.constantFrom("a", "b", "c.md", "*", "**", "*.md", "?", "[ab]");
const pattern = fc
  .tuple(
    fc.constantFrom("", "", "!"),
    fc.constantFrom("", "", "/", "./", " "),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    fc.constantFrom("", "", "/"),
  )
  .map((parts) => parts.join(""));
const files = fc
  .array(pattern, { minLength: 1, maxLength: 6 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""));

const sent = (text: string, paths: readonly string[]): readonly string[] => {
  const file = parseIgnoreFile(text);
  assert.ok(file);
  return paths.filter((each) => ignoredBy(file, each) === undefined);
};

test("a line that is said to have no effect decides about nothing", () => {
  fc.assert(
    fc.property(files, fc.array(path, { minLength: 1, maxLength: 12 }), (text, paths) => {
      for (const finding of findingsOf(text, noEffect)) {
        const [by] = finding.related;
        const safe = finding.message.includes("no pattern above")
          ? finding.fixes.find(({ title }) => title === "Remove the line")
          : finding.fixes.find(({ safety }) => safety === "safe");
        if (safe) {
          assert.deepEqual(sent(applyEdits(text, safe.edits), paths), sent(text, paths), finding.message);
          continue;
        }
        // What fits it is again, behind the line that undoes it, what it was before.
        assert.ok(by);
        const pattern = readIgnoreLine(text.slice(finding.span.start, finding.span.end));
        assert.ok(pattern && "matches" in pattern);
        const fitting = paths.filter((each) => pattern.matches(each));
        assert.deepEqual(sent(text.slice(0, by.span.end), fitting), pattern.exclusion ? [] : fitting, finding.message);
      }
    }),
    { numRuns: 3000 },
  );
});

test("the safe fixes of an ignore file change nothing about what is sent", () => {
  fc.assert(
    fc.property(files, fc.array(path, { minLength: 1, maxLength: 12 }), (text, paths) => {
      assert.deepEqual(sent(fixed(text, ignoreRules, new Map(), ["safe"]).text, paths), sent(text, paths));
    }),
    { numRuns: 1000 },
  );
});

const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom("a", "!", "#", " ", "\\", "[", "]", "-", "^", "*", "/", ".", "\n", "\r\n", "\uFEFF", "d", "o"),
      { maxLength: 14 },
    )
    .map((parts) => parts.join("")),
);

test("any text is read, and each line is where it says", () => {
  fc.assert(
    fc.property(anything, (text) => {
      for (const line of parseDockerignore(text).lines) {
        assert.equal(text.slice(line.span.start, line.span.end), line.text);
        assert.ok(line.line.start <= line.span.start && line.span.end <= line.line.end && line.line.end <= text.length);
        assert.notEqual(line.pattern === undefined, line.fault === undefined);
      }
    }),
    { numRuns: 2000 },
  );
});

const STILL = /^ignore-pattern-no-effect .*: the finding is still there$/;

test("on any text fixes take their findings away and settle", () => {
  fc.assert(
    fc.property(fc.oneof(anything, files), (text) =>
      // Of two lines that undo each other the one that is left may have no effect either.
      assert.deepEqual(
        checkFixes(text, { language: "dockerignore" }).faults.filter((each) => !STILL.test(each)),
        [],
      ),
    ),
    { numRuns: 1000 },
  );
});
