/** Configuration files: what is read, what is refused, what wins. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import fc from "fast-check";
import { readHadolint } from "../server/src/core/config/hadolint.ts";
import { readOwn } from "../server/src/core/config/own.ts";
import { resolve } from "../server/src/core/config/resolve.ts";
import { configSchema } from "../server/src/core/config/schema.ts";
import { renderStarter } from "../server/src/core/config/write.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { matchesGlob } from "../server/src/core/text/glob.ts";
import { parseYaml, type YamlNode } from "../server/src/core/text/yaml.ts";

const messages = (text: string): readonly string[] =>
  readOwn(text, rules).problems.map(({ span, message }) => `${text.slice(span.start, span.end)}: ${message}`);

test("everything there is can be said", () => {
  const text = `
profile: strict
rules: {apt-yes: "off", user-missing: error, SC2086: hint}
trustedRegistries: docker.io
labels:
  schema: {org.opencontainers.image.source: url}
  strict: true
inlineIgnores: false
budget: {size: 200 MB, wasted: 5%, growth: 1048576}
format: {keywordCase: upper, indent: 2}
failLevel: none
shellcheck: "off"
ignore: [vendor/]
overrides:
  - files: ["*.dev.Dockerfile"]
    profile: recommended
    rules: {apt-yes: info}
`;
  const { values, problems, places } = readOwn(text, rules);
  assert.deepEqual(problems, []);
  assert.deepEqual(values, {
    profile: "strict",
    rules: { "apt-yes": "off", "user-missing": "error", SC2086: "hint" },
    trustedRegistries: ["docker.io"],
    labels: { schema: { "org.opencontainers.image.source": "url" }, strict: true },
    inlineIgnores: false,
    budget: { size: "200 MB", wasted: "5%", growth: "1048576" },
    format: { keywordCase: "upper", indent: "2" },
    failLevel: "none",
    shellcheck: "off",
    ignore: ["vendor/"],
    overrides: [{ files: ["*.dev.Dockerfile"], profile: "recommended", rules: { "apt-yes": "info" } }],
  });
  const at = places.get("overrides[0].rules.apt-yes");
  assert.equal(at && text.slice(at.start), "apt-yes: info}\n");
});

test("JSON is read too, with a pointer to its schema", () => {
  const { values, problems } = readOwn('{\n\t"$schema": "x",\n\t"profile": "all"\n}\n', rules);
  assert.deepEqual([values, problems], [{ profile: "all" }, []]);
});

for (const empty of ["", "# nothing\n", "rules:\n", "---\n"])
  test(`a file that says nothing: ${JSON.stringify(empty)}`, () => {
    const { values, problems } = readOwn(empty, rules);
    assert.deepEqual(problems, []);
    assert.deepEqual(resolve([{ source: "x", values }]).settings, resolve([]).settings);
  });

const MISTAKES: readonly (readonly [text: string, ...expected: string[]])[] = [
  ["profil: all", "profil: profil is no setting; did you mean profile?"],
  ["profile: loud", "loud: profile cannot be loud; it is one of recommended, strict, all"],
  ["profile: [all]", "[all]: profile has to be one of recommended, strict, all"],
  ["rules: {apt-yess: off}", "apt-yess: apt-yess in rules is no rule; did you mean apt-yes?"],
  ["rules: {DL3014: off}", "DL3014: DL3014 in rules is another tool's name; here it is apt-yes"],
  ["rules: {apt-yes: warn}", "warn: rules.apt-yes cannot be warn; it is one of off, hint, info, warning, error"],
  ["rules: {apt-yes: false}", "false: rules.apt-yes cannot be false; it is one of off, hint, info, warning, error"],
  ["rules: [apt-yes]", "[apt-yes]: rules has to be a map of names and values"],
  ["inlineIgnores: 1", "1: inlineIgnores cannot be 1; it is true or false"],
  ["trustedRegistries: [1]", "1: trustedRegistries has to be a list of texts"],
  ["labels: {shema: {}}", "shema: shema in labels is no setting of labels; did you mean schema?"],
  [
    "labels: {schema: {a: uri}}",
    "uri: labels.schema.a cannot be uri; it is one of text, url, semver, hash, rfc3339, spdx, email; did you mean url?",
  ],
  ["overrides: {files: a}", "{files: a}: overrides has to be a list"],
  ["overrides: [{profile: all}]", "{profile: all}: overrides[0] has no files"],
  [
    "overrides: [{files: a, ignore: b}]",
    "ignore: ignore in overrides[0] is no setting of an override; there are files, profile, rules, options, trustedRegistries, labels, inlineIgnores, budget, format, failLevel",
  ],
  ["budget: {size: 5%}", "5%: budget.size cannot be 5%; it is a size such as 200 MB or 64 MiB"],
  ["budget: {wasted: [1]}", "[1]: budget.wasted has to be a share such as 5% or a size such as 20 MB"],
  ["format: {indent: 9}", "9: format.indent cannot be 9; it is a number of blanks from 1 to 8, or tab"],
  ["format: {keywordCase: title}", "title: format.keywordCase cannot be title; it is one of preserve, upper, lower"],
  ["budget: {wastd: 1}", "wastd: wastd in budget is no part of a budget; did you mean wasted?"],
  ["- profile", "- profile: The file has to be a map of names and values"],
  ["just words", "just words: The file has to be a map of names and values"],
  ["profile: all\nprofile: strict", ": Map keys must be unique"],
];
for (const [text, ...expected] of MISTAKES)
  test(`a mistake is named with what is allowed: ${text}`, () => {
    const found = messages(text);
    if (expected[0]?.startsWith(": ")) assert.ok(found[0]?.endsWith(expected[0]), found[0]);
    else assert.deepEqual(found, expected);
  });

test("what is understood of a file with mistakes is there", () => {
  const { values } = readOwn("profile: all\nrules: {nope: off, apt-yes: off}\nfailLevel: never\n", rules);
  assert.deepEqual(values, { profile: "all", rules: { "apt-yes": "off" } });
});

test("reading never throws, and everything stands inside the text", () => {
  const words = fc.constantFrom(
    "profile",
    "rules",
    ":",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "apt-yes",
    "'",
    '"',
    "|",
    "#",
    "\t",
    "\0",
    "off",
    "? ",
    "!!map ",
    "<<",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(words, { maxLength: 30 }).map((all) => all.join("")),
        fc.string(),
      ),
      (text) => {
        for (const { problems, places } of [readOwn(text, rules), readHadolint(text, rules)])
          for (const { start, end } of [...problems.map(({ span }) => span), ...places.values()])
            assert.ok(0 <= start && start <= end && end <= text.length);
      },
    ),
    { numRuns: 500 },
  );
});

test("a text that is nested without end, or an alias of aliases, is refused", () => {
  assert.equal(parseYaml("[".repeat(100_000)).root, undefined);
  const lines = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(at === 0 ? 0 : 10)}]`);
  const { root, problems } = parseYaml(lines.join("\n"));
  assert.equal(root, undefined);
  assert.equal(problems.length, 1);
  assert.match(parseYaml("a: &a [*a]").problems[0]?.message ?? "", /an alias leads to itself/);
});

test("aliases stand for what they name", () => {
  const { root } = parseYaml("a: &x {b: 1}\nc: *x\n");
  assert.ok(root?.kind === "map");
  const [a, c] = root.entries.map(({ value }): YamlNode => value);
  assert.ok(a?.kind === "map" && c?.kind === "map");
  assert.deepEqual(a.entries, c.entries);
});

test("hadolint's file is read as it is", () => {
  const text = `
failure-threshold: style
ignored: [DL3008, SC1091]
override:
  error: [DL3014, DL3008]
  style:
    - SC2086
trustedRegistries: ["*.example.org"]
label-schema: {author: text, url: ""}
strict-labels: true
disable-ignore-pragma: true
format: json
no-color: true
`;
  const { values, problems, notes } = readHadolint(text, rules);
  assert.deepEqual(problems, []);
  assert.deepEqual(values, {
    rules: { "apt-unpinned": "off", "apt-yes": "error", SC2086: "hint", SC1091: "off" },
    trustedRegistries: ["*.example.org"],
    labels: { schema: { author: "text", url: "text" }, strict: true },
    inlineIgnores: false,
    failLevel: "hint",
  });
  assert.deepEqual(
    notes.map(({ message }) => message),
    ["format is an option of the command line: --format", "no-color is an option of the command line: --color never"],
  );
});

test("a code of hadolint without a rule is named, and a key it does not have is a mistake", () => {
  const { notes, problems } = readHadolint("ignored: [DL9999]\nignore: [DL3008]\n", rules);
  assert.deepEqual(
    [notes[0]?.message, problems[0]?.message],
    ["DL9999 has no rule here", "ignore is no setting of hadolint; did you mean ignored?"],
  );
  assert.deepEqual(readHadolint("no-fail: true\nfailure-threshold: error", rules).values, { failLevel: "none" });
});

test("what is migrated says the same", () => {
  const text =
    'ignored: [DL3008, SC2086]\noverride: {info: [DL3014]}\ntrustedRegistries: ["*.x", ghcr.io]\nlabel-schema: {"a b": url, yes: text}\nno-fail: true\n';
  const read = readHadolint(text, rules);
  const written = renderStarter({ schema: "s", from: { name: ".hadolint.yaml", read } });
  const again = readOwn(written, rules);
  assert.deepEqual(again.problems, []);
  assert.deepEqual(again.values, read.values);
});

test("a starter without anything to migrate says nothing, and all its comments can be taken", () => {
  const starter = renderStarter({ schema: "s" });
  assert.deepEqual(readOwn(starter, rules).values, {});
  const taken = starter.replace(/^# ([ ]*(?:[\w]+:|- |[\w.-]+: ).*)$/gm, (line, rest: string) =>
    /^(?:yaml-language-server|[A-Z])/.test(rest) ? line : rest,
  );
  assert.deepEqual(messages(taken), []);
});

test("the later layer wins in what it names, and an override in its files", () => {
  const project = readOwn(
    "rules: {apt-yes: off, sudo: error}\nignore: [gone/]\noverrides:\n - {files: a/, rules: {apt-yes: info}}\n - {files: '*.x', profile: all}\n",
    rules,
  ).values;
  const person = { profile: "strict", rules: { "apt-yes": "error", "user-missing": "off" } } as const;
  const at = (path: string) =>
    resolve([
      { source: "person", values: person },
      { source: "project", values: project, path },
    ]);
  assert.deepEqual(at("Dockerfile").settings.rules, { "apt-yes": "off", "user-missing": "off", sudo: "error" });
  assert.equal(at("a/b/Dockerfile").settings.rules["apt-yes"], "info");
  assert.equal(at("a/b/Dockerfile").origins.get("rules.apt-yes")?.key, "overrides[0].rules.apt-yes");
  assert.equal(at("Dockerfile").settings.profile, "strict");
  assert.equal(at("b/c.x").settings.profile, "all");
  assert.equal(at("gone/b/Dockerfile").ignored?.layer.source, "project");
  assert.equal(at("b/gone.Dockerfile").ignored, undefined);
});

const GLOBS: readonly (readonly [glob: string, yes: readonly string[], no: readonly string[]])[] = [
  ["Dockerfile", ["Dockerfile", "a/b/Dockerfile"], ["Dockerfile.dev", "aDockerfile"]],
  ["/Dockerfile", ["Dockerfile"], ["a/Dockerfile"]],
  ["./a", ["a"], ["b/a"]],
  ["*.dev.Dockerfile", ["x.dev.Dockerfile", "a/.dev.Dockerfile"], ["x.Dockerfile", "x.dev.Dockerfile/y"]],
  ["vendor/", ["vendor/a", "x/vendor/b/c"], ["vendor", "vendors/a"]],
  ["a/vendor/", ["a/vendor/x"], ["b/a/vendor/x"]],
  ["a/*/c", ["a/b/c"], ["a/c", "a/b/b/c"]],
  ["a/**/c", ["a/c", "a/b/c", "a/b/b/c"], ["a/b", "xa/c"]],
  ["**", ["a", "a/b"], []],
  ["a/**", ["a/b", "a/b/c"], ["b/a"]],
  ["{a,b}/x", ["a/x", "b/x"], ["c/x"]],
  ["{a,b{c,d}}", ["a", "bc", "bd"], ["b"]],
  ["v[0-9]", ["v1"], ["vx", "v10"]],
  ["v[!0-9]", ["vx"], ["v1"]],
  ["v?", ["v1", "vé"], ["v", "v10"]],
  ["a+(b).c", ["a+(b).c"], ["abc"]],
  ["[", ["["], ["a"]],
];
for (const [glob, yes, no] of GLOBS)
  test(`the glob ${glob}`, () => {
    for (const path of yes) assert.ok(matchesGlob(glob, path), path);
    for (const path of no) assert.ok(!matchesGlob(glob, path), path);
  });

test("no glob takes long", () => {
  const began = performance.now();
  matchesGlob(`${"**/".repeat(2000)}x`, "a/".repeat(2000));
  matchesGlob(`${"*a".repeat(2000)}x`, "a".repeat(4000));
  matchesGlob("{a,b}".repeat(200), "a".repeat(200));
  assert.ok(performance.now() - began < 2000);
});

const schema = configSchema(rules);
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

test("the schema takes what the reader takes, and refuses what it refuses", () => {
  const good = [
    {},
    { profile: "all", rules: { "apt-yes": "off", SC2086: "error" }, labels: { schema: { a: "url" }, strict: true } },
    { trustedRegistries: "x", ignore: ["a"], overrides: [{ files: ["a"], failLevel: "none" }], shellcheck: "wasm" },
  ];
  const bad = [
    { profil: "all" },
    { profile: "loud" },
    { rules: { nope: "off" } },
    { rules: { "apt-yes": false } },
    { overrides: [{ profile: "all" }] },
    { labels: { schema: { a: "uri" } } },
  ];
  for (const one of good) {
    assert.ok(validate(one), JSON.stringify(validate.errors));
    assert.deepEqual(messages(JSON.stringify(one)), []);
  }
  for (const one of bad) {
    assert.ok(!validate(one), JSON.stringify(one));
    assert.notDeepEqual(messages(JSON.stringify(one)), []);
  }
});

for (const page of ["docs/configuration.md", "docs/migrating-from-hadolint.md"])
  test(`what ${page} shows as YAML is understood`, () => {
    const text = readFileSync(join(import.meta.dirname, "..", page), "utf8");
    for (const [, yaml = ""] of text.matchAll(/```yaml\n([\s\S]*?)```/g)) assert.deepEqual(messages(yaml), []);
  });
