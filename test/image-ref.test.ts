/** Image references against the answers of distribution/reference itself, and the edits made in them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { differs } from "../scripts/corpus/references.ts";
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

interface Parts {
  readonly domain?: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const A512 = `sha512:${"a".repeat(128)}`;
const T128 = `t${"x".repeat(127)}`;

/** By rule of the grammar: texts that are references, with what they mean (docker.io where no domain is named). */
const grammar: Readonly<Record<string, readonly (readonly [text: string, parts: Parts])[]>> = {
  "a name alone is Docker Hub's": [
    ["node", { path: "library/node" }],
    ["acme/shop", { path: "acme/shop" }],
    ["a/b/c/d", { path: "a/b/c/d" }],
    ["localhost", { path: "library/localhost" }],
    ["a.b", { path: "library/a.b" }],
    ["index.docker.io/node", { path: "library/node" }],
    ["docker.io/node", { path: "library/node" }],
    ["docker.io/acme/shop", { path: "acme/shop" }],
  ],
  "components and their separators": [
    ["a.b/c", { domain: "a.b", path: "c" }],
    ["acme/a.b", { path: "acme/a.b" }],
    ["acme/a_b", { path: "acme/a_b" }],
    ["acme/a__b", { path: "acme/a__b" }],
    ["acme/a-b", { path: "acme/a-b" }],
    ["acme/a----b", { path: "acme/a----b" }],
    ["acme/0", { path: "acme/0" }],
    ["0/0", { path: "0/0" }],
  ],
  "what makes the first element a registry": [
    ["localhost/a", { domain: "localhost", path: "a" }],
    ["localhost:5000/a", { domain: "localhost:5000", path: "a" }],
    ["registry.example/a", { domain: "registry.example", path: "a" }],
    ["host:1/a", { domain: "host:1", path: "a" }],
    ["Host/a", { domain: "Host", path: "a" }],
    ["HOST.Example:443/a/b", { domain: "HOST.Example:443", path: "a/b" }],
    ["xn--bcher-kva.example/a", { domain: "xn--bcher-kva.example", path: "a" }],
    ["registry-1.docker.io/a", { domain: "registry-1.docker.io", path: "a" }],
  ],
  "addresses and ports": [
    ["127.0.0.1/a", { domain: "127.0.0.1", path: "a" }],
    ["127.0.0.1:5000/a:1", { domain: "127.0.0.1:5000", path: "a", tag: "1" }],
    ["[::1]/a", { domain: "[::1]", path: "a" }],
    ["[::1]:5000/a:1", { domain: "[::1]:5000", path: "a", tag: "1" }],
    ["[2001:DB8::ffff]:5000/a/b", { domain: "[2001:DB8::ffff]:5000", path: "a/b" }],
    ["a.example:0/a", { domain: "a.example:0", path: "a" }],
    ["a.example:99999/a", { domain: "a.example:99999", path: "a" }],
  ],
  tags: [
    ["localhost:5000", { path: "library/localhost", tag: "5000" }],
    ["node:22", { path: "library/node", tag: "22" }],
    ["node:_", { path: "library/node", tag: "_" }],
    ["node:V1.2-rc_3.", { path: "library/node", tag: "V1.2-rc_3." }],
    [`node:${T128}`, { path: "library/node", tag: T128 }],
    [`a.example:1/b:${T128}@${A}`, { domain: "a.example:1", path: "b", tag: T128, digest: A }],
  ],
  "digests, alone and behind a tag": [
    [`node@${A}`, { path: "library/node", digest: A }],
    [`node:22@${A}`, { path: "library/node", tag: "22", digest: A }],
    [`node@${A512}`, { path: "library/node", digest: A512 }],
    [`[::1]:5000/a:1@${A}`, { domain: "[::1]:5000", path: "a", tag: "1", digest: A }],
    [`localhost:5000@${A}`, { path: "library/localhost", tag: "5000", digest: A }],
  ],
  "as long as can be": [
    [`a.example/${"p".repeat(255)}`, { domain: "a.example", path: "p".repeat(255) }],
    ["p".repeat(247), { path: `library/${"p".repeat(247)}` }],
    [`${"d".repeat(200)}.example/p`, { domain: `${"d".repeat(200)}.example`, path: "p" }],
  ],
};

for (const [rule, cases] of Object.entries(grammar))
  test(`grammar: ${rule}`, () => {
    for (const [text, { domain = "docker.io", path, tag, digest }] of cases) {
      const found = ref(text);
      assert.deepEqual([found.domain, found.path, found.tag, found.digest], [domain, path, tag, digest], text);
      assert.equal(differs(found), undefined, text);
    }
  });

/** By rule of the grammar: texts that are none. */
const broken: Readonly<Record<string, readonly string[]>> = {
  "nothing, blanks and schemes": ["", " ", "node ", " node", "a b", "node\n", "https://a.example/b", "docker://node"],
  separators: [
    "a..b",
    "a___b",
    "-a",
    "a-",
    ".a",
    "a.",
    "_a",
    "a_",
    "a._b",
    "acme/-a",
    "acme/a-",
    "a//b",
    "/a",
    "a/",
    "a/:1",
  ],
  "upper case in a name": ["Node", "acme/Shop", "a.example/Shop", "docker.io/Node"],
  registries: [
    "-a.example/b",
    "a-.example/b",
    "a..example/b",
    "a.example./b",
    "a.example:/b",
    "a.example:x/b",
    "a:1:2/b",
  ],
  addresses: ["::1/a", "[::1/a", "::1]/a", "[]/a", "[::g]/a", "[::1]a/b", "[fe80::1%eth0]/a", "[::1]:x/a"],
  tags: ["node:", `node:${T128}x`, "node:-1", "node:.1", "node:a/b", "node:1:2", "node:ä", "node: 1", "a/b:1/c"],
  digests: [
    ...["node@", "node@sha256", "node@sha256:", "node@sha256:abc", `node@sha256:${"a".repeat(63)}`],
    ...[`node@sha256:${"a".repeat(65)}`, `node@sha256:${"g".repeat(64)}`, `node@sha256:${"A".repeat(64)}`],
    ...[
      `node@${A}@${A}`,
      `node@${A}:1`,
      `@${A}`,
      `:1@${A}`,
      `node@md5:${"a".repeat(32)}`,
      `node@sha512:${"a".repeat(64)}`,
    ],
  ],
  "other alphabets": [
    "nöde",
    "node\u200b",
    "no\u202ede",
    "ноде",
    "ｎｏｄｅ",
    "bücher.example/a",
    "a.example/ä",
    "node:１",
    "🐳/a",
  ],
  "too long": [`a.example/${"p".repeat(256)}`, "p".repeat(248), "f".repeat(64)],
};

for (const [rule, texts] of Object.entries(broken))
  test(`no reference: ${rule}`, () => {
    for (const text of texts) {
      const parsed = parseImageRef(text);
      assert.equal(parsed.ok, false, JSON.stringify(text));
      if (parsed.ok || parsed.suggestion === undefined) continue;
      assert.notEqual(parsed.suggestion, text);
      ref(parsed.suggestion);
    }
  });
