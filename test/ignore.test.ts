/** .dockerignore: lines, patterns and what they keep out, by BuildKit's rules. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cleanPath,
  ignoredBy,
  ignoresEverything,
  isFolderSent,
  mayComeBackBelow,
  parseIgnoreFile,
} from "../server/src/core/model/ignore.ts";

function file(text: string): NonNullable<ReturnType<typeof parseIgnoreFile>> {
  const parsed = parseIgnoreFile(text);
  assert.ok(parsed, `BuildKit reads ${JSON.stringify(text)}`);
  return parsed;
}

/** pattern, path, whether it is kept out */
const CASES: readonly (readonly [pattern: string, path: string, out: boolean])[] = [
  ["dist", "dist", true],
  ["dist", "dist/app.js", true],
  ["dist", "src/dist", false],
  ["/dist/", "dist/app.js", true],
  ["./dist//x/..", "dist", true],
  ["*", "a", true],
  ["*", "a/b", true],
  ["*.md", "README.md", true],
  ["*.md", "docs/README.md", false],
  ["**/*.md", "docs/deep/README.md", true],
  ["**/*.md", "README.md", true],
  ["**/node_modules", "node_modules", true],
  ["**/node_modules", "a/node_modules/x", true],
  ["**/node_modules", "my_node_modules", false],
  ["**secret", "mysecret", true],
  ["**", "anything/at/all", true],
  ["docs/**", "docs/a/b", true],
  ["docs/**", "docs", false],
  ["docs/**/draft", "docs/draft", true],
  ["docs/**/draft", "docs/a/b/draft", true],
  ["build**", "builder/x", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["a?c", "a😀c", true],
  ["[a-c].txt", "b.txt", true],
  ["[^a-c].txt", "b.txt", false],
  ["[^a-c].txt", "d.txt", true],
  ["a.b", "axb", false],
  ["a+(b)|{c}$", "a+(b)|{c}$", true],
  ["a+(b)|{c}$*", "a+(b)|{c}$x", true],
  ["with\\*star", "with*star", true],
  ["with\\*star", "without star", false],
  ["two words", "two words", true],
  [" #odd", "#odd", true],
  ["#comment", "#comment", false],
  ["../up", "up", false],
];

for (const [pattern, path, out] of CASES)
  test(`${pattern} ${out ? "keeps out" : "lets in"} ${path}`, () => {
    assert.equal(ignoredBy(file(pattern), path) !== undefined, out);
  });

test("later lines win, and the pattern that decided is named", () => {
  const ignore = file("# what\n*\r\n!src\n\nsrc/secret\n!src/secret/public\n");
  assert.equal(ignoredBy(ignore, "README")?.text, "*");
  assert.equal(ignoredBy(ignore, "src/app.ts"), undefined);
  assert.equal(ignoredBy(ignore, "src/secret/key")?.text, "src/secret");
  assert.equal(ignoredBy(ignore, "src/secret/public/x"), undefined);
  assert.ok(ignore.hasExclusions);
});

test("a byte order mark is no part of the first pattern", () => {
  assert.ok(ignoredBy(file("\uFEFFdist\n"), "dist"));
});

test("a file BuildKit stops at", () => {
  assert.equal(parseIgnoreFile("!\n"), undefined);
  assert.equal(parseIgnoreFile("[z-a]\n"), undefined);
  assert.equal(parseIgnoreFile("[abc\n"), undefined);
});

test("what may come back below a folder", () => {
  assert.ok(mayComeBackBelow(file("src\n!src/app.ts"), "src"));
  assert.ok(mayComeBackBelow(file("*\n!**/*.go"), "src"));
  assert.ok(mayComeBackBelow(file("*\n!s*/x"), "src"));
  assert.ok(!mayComeBackBelow(file("*\n!package.json"), "yarn.lock"));
  assert.ok(!mayComeBackBelow(file("*\n!lib/app.ts"), "src"));
});

test("a folder is kept out by itself or by all that is in it", () => {
  for (const pattern of [".git", ".git/", ".git/*", ".git/**", "**/.git", ".*"])
    assert.equal(isFolderSent(file(pattern), ".git"), false, pattern);
  assert.ok(isFolderSent(file(".gitignore\n"), ".git"));
  assert.ok(isFolderSent(file(".git/hooks\n"), ".git"));
});

test("patterns that keep everything out", () => {
  for (const pattern of ["*", "**", "**/*"]) assert.ok(ignoresEverything(file(pattern)), pattern);
  assert.equal(ignoresEverything(file(".*\n*/*")), undefined);
});

test("paths are cleaned as Go's filepath.Clean does", () => {
  assert.deepEqual(["", "a//b/", "./a/../../b", "/../a", "a/.."].map(cleanPath), [".", "a/b", "../b", "/a", "."]);
});
