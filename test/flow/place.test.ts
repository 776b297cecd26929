/** When two places are the same, and when one holds the other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  covers,
  everythingBelow,
  files,
  matches,
  overlap,
  overlaps,
  pathFrom,
  type Place,
  placeText,
} from "../../server/src/core/model/dockerfile/flow/place.ts";

fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

/** Both ways round: whether they overlap, whether the first covers the second, whether the second covers the first. */
const PAIRS: readonly (readonly [string, string, boolean, boolean, boolean])[] = [
  ["/app/a", "/app/a", true, true, true],
  ["/app/a", "/app/b", false, false, false],
  ["/app/**", "/app", true, true, false],
  ["/app/**", "/app/a/b", true, true, false],
  ["/app/**", "/application", false, false, false],
  ["/app/**", "/app/src/**", true, true, false],
  ["/app/**", "/srv/**", false, false, false],
  ["/**", "/srv", true, true, false],
  ["/app/*.js", "/app/a.js", true, true, false],
  ["/app/*.js", "/app/b/a.js", false, false, false],
  ["/app/*.js", "/app/*.ts", false, false, false],
  ["/app/*.js", "/app/x*", true, false, false],
  ["/app/**", "/app/*.js", true, true, false],
  ["/srv/**", "/app/*.js", false, false, false],
  ["/usr/local/lib/python*/**", "/usr/local/lib/python3.12/site-packages/x", true, true, false],
  ["/usr/local/lib/python*/**", "/usr/local/lib/node_modules/**", false, false, false],
  ["/opt/**/bin/x", "/opt/bin/x", true, true, false],
  ["/opt/**/bin/x", "/opt/a/b/bin/x", true, true, false],
  ["/opt/**/bin/x", "/opt/a/b/bin/y", false, false, false],
  ["/**/x", "/app/**", true, false, false],
  ["/*", "/root/.npm/**", false, false, false],
  ["/*", "/root/**", true, false, false],
  ["/opt/*/bin/x", "/opt/a/**", true, false, false],
  ["/opt/*/bin/x", "/opt/a/lib/**", false, false, false],
  ["/usr/local/bin/*", "/usr/local/**", true, false, true],
];

for (const [a, b, both, covered, back] of PAIRS)
  test(`${a} and ${b}`, () => {
    const [one, other] = [files(a), files(b)];
    assert.deepEqual(
      [overlap(one, other), overlap(other, one), covers(one, other), covers(other, one)],
      [both, both, covered, back],
    );
  });

test("places of different kinds or realms are different", () => {
  const all: readonly Place[] = [
    files("/a"),
    files("/a", "context"),
    files("/a", 0),
    { kind: "package", manager: "apt", name: "a" },
    { kind: "package", manager: "apk", name: "a" },
    { kind: "variable", name: "a" },
    { kind: "account", name: "a" },
  ];
  for (const one of all) for (const other of all) assert.equal(overlap(one, other), one === other);
  assert.deepEqual(all.map(placeText), ["/a", "context:/a", "stage 0:/a", "apt:a", "apk:a", "$a", "account a"]);
});

test("a package nobody knows may be any of its manager's", () => {
  const some: Place = { kind: "package", manager: "apt", name: "curl" };
  const any: Place = { kind: "package", manager: "apt", name: "*" };
  assert.deepEqual([overlap(some, any), covers(any, some), covers(some, any)], [true, true, false]);
});

test("anything overlaps whatever there is", () => {
  assert.equal(overlaps("anything", [files("/a")]), true);
  assert.equal(overlaps("anything", []), false);
});

const PATHS: readonly (readonly [folder: string, written: string, path: string])[] = [
  ["/app", "a", "/app/a"],
  ["/app", "./a/../b/", "/app/b"],
  ["/app", "/a//b", "/a/b"],
  ["/app", "../..", "/"],
  ["/app", ".", "/app"],
  ["/**", "a", "/**/a"],
  ["/**", "../a", "/**/a"],
  ["/srv/**", "..", "/srv/**"],
];

for (const [folder, written, path] of PATHS)
  test(`${written} from ${folder} is ${path}`, () => assert.equal(pathFrom(folder, written), path));

const names = fc.constantFrom("a", "b", "*", "**", "a*", "*.js", "x.js");
const patterns = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
const paths = fc
  .array(fc.constantFrom("a", "b", "x.js", "ab"), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join("/")}`);

test("two patterns with a path in common overlap, and what one covers the other cannot have more of", () => {
  fc.assert(
    fc.property(patterns, patterns, paths, (a, b, path) => {
      if (matches(a, path) && matches(b, path)) assert.ok(overlap(files(a), files(b)), `${a} and ${b} share ${path}`);
      if (covers(files(a), files(b)) && matches(b, path)) assert.ok(matches(a, path), `${a} covers ${b}, not ${path}`);
    }),
    { numRuns: 5000 },
  );
});

test("a folder has everything below it", () => {
  assert.deepEqual(["/", "/a", "/a/**", "", "a"].map(everythingBelow), ["/**", "/a/**", "/a/**", "**", "a/**"]);
});
