/** Image references against the answers of distribution/reference itself, and the edits made in them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { applyEdits } from "../server/src/core/text/edit.ts";
import { digestEdit, type ImageRef, parseImageRef, tagEdit, withDigest } from "../server/src/core/model/image-ref.ts";

interface OracleRow {
  readonly in: string;
  readonly domain?: string;
  readonly path?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly error?: string;
}

const rows: readonly OracleRow[] = readFileSync(new URL("fixtures/image-references.ndjson", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

function ref(text: string): ImageRef {
  const parsed = parseImageRef(text);
  assert.ok(parsed.ok, `${text} should parse`);
  return parsed.ref;
}

test("the same answer as distribution/reference for each of its inputs", () => {
  assert.equal(rows.length, 119);
  for (const row of rows) {
    const parsed = parseImageRef(row.in);
    const got = parsed.ok
      ? { domain: parsed.ref.domain, path: parsed.ref.path, tag: parsed.ref.tag, digest: parsed.ref.digest }
      : { error: parsed.error };
    const wanted = row.error
      ? { error: row.error }
      : { domain: row.domain, path: row.path, tag: row.tag, digest: row.digest };
    assert.deepEqual(got, wanted, row.in);
  }
});

test("spans name exactly the written parts", () => {
  for (const row of rows) {
    const parsed = parseImageRef(row.in);
    if (!parsed.ok) continue;
    const { nameSpan, tagSpan, digestSpan, tag, digest } = parsed.ref;
    const at = (span: { start: number; end: number } | undefined) => span && row.in.slice(span.start, span.end);
    assert.equal(at(tagSpan), tag, row.in);
    assert.equal(at(digestSpan), digest, row.in);
    assert.equal(at(nameSpan) + (tag ? `:${tag}` : "") + (digest ? `@${digest}` : ""), row.in);
  }
});

const invalid: readonly (readonly [text: string, error: string])[] = [
  ["a:1@SHA256:" + "a".repeat(64), "invalid checksum digest format"],
  ["a:1@sha256:" + "A".repeat(64), "invalid checksum digest format"],
  ["a:1@constructor:" + "a".repeat(64), "unsupported digest algorithm"],
  ["a".repeat(5000), "invalid reference format"],
  ["a_b.example:80/c", "invalid reference format"],
];

test("other texts that are no reference", () => {
  for (const [text, error] of invalid) {
    const parsed = parseImageRef(text);
    assert.equal(parsed.ok ? "parsed" : parsed.error, error, text);
  }
});

test("a first element that is no domain by the grammar is where the image is asked for", () => {
  const { domain, path, tag } = ref("a_b.example/c:1");
  assert.deepEqual({ domain, path, tag }, { domain: "a_b.example", path: "c", tag: "1" });
});

const suggestions: readonly (readonly [text: string, suggestion: string | undefined])[] = [
  ["Alpine", "alpine"],
  ["ALPINE:3", "alpine:3"],
  ["ghcr.io/Owner/Image:V1", "ghcr.io/owner/image:V1"],
  ["https://ghcr.io/a/b", "ghcr.io/a/b"],
  ["docker://Alpine", "alpine"],
  [" alpine ", "alpine"],
  ["alpine:", undefined],
  ["$BASE", undefined],
  ["", undefined],
];

test("a suggestion where the mistake is a usual one, and it parses", () => {
  for (const [text, suggestion] of suggestions) {
    const parsed = parseImageRef(text);
    assert.equal(parsed.ok, false, text);
    if (!parsed.ok) assert.equal(parsed.suggestion, suggestion, text);
    if (suggestion !== undefined) ref(suggestion);
  }
});

const digested: readonly (readonly [text: string, digested: string])[] = [
  ["node", `node@${A}`],
  ["node:22", `node:22@${A}`],
  [`node:22@${B}`, `node:22@${A}`],
  [`node@${B}`, `node@${A}`],
  ["docker.io/library/node:22", `docker.io/library/node:22@${A}`],
  ["localhost:5000/app", `localhost:5000/app@${A}`],
  ["[::1]:5000/app:1", `[::1]:5000/app:1@${A}`],
];

test("a digest is put after the tag and the spelling stays", () => {
  for (const [text, expected] of digested) {
    assert.equal(withDigest(ref(text), A), expected);
    const line = `FROM  ${text} AS build`;
    assert.equal(applyEdits(line, [digestEdit(ref(text), A, 6)]), `FROM  ${expected} AS build`);
    assert.equal(ref(expected).digest, A);
  }
});

test("a tag is put where it belongs", () => {
  for (const [text, expected] of [
    ["node", "node:1"],
    ["node:22", "node:1"],
    [`node@${A}`, `node:1@${A}`],
    ["localhost:5000/app", "localhost:5000/app:1"],
  ] as const) {
    assert.equal(applyEdits(`FROM ${text}`, [tagEdit(ref(text), "1", 5)]), `FROM ${expected}`);
  }
});

test("the worst texts are read in little time", () => {
  const worst = [
    "a-".repeat(2000),
    "a.".repeat(2000) + "/!",
    "A" + "-a".repeat(2000) + "_/b",
    "a/".repeat(2000),
    "a__".repeat(1300),
  ];
  for (const text of worst) {
    const start = performance.now();
    parseImageRef(text);
    const took = performance.now() - start;
    assert.ok(took < 50, `${text.slice(0, 10)}… took ${took} ms`);
  }
});
