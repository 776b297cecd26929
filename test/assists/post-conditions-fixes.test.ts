/** Fixes of rules under the post-conditions: what is stopped, and that no rule's own fixes are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenByFixes, CHANGED_BY_FIXES } from "../../server/src/core/assists/post-conditions/of-fixes.ts";
import { fixAll } from "../../server/src/core/findings/fix-all.ts";
import { DOCKERFILE } from "../../server/src/core/findings/inspect.ts";
import { soundTogether, whyUnsound } from "../../server/src/core/findings/sound.ts";
import { type Language, parseDocument } from "../../server/src/core/model/document.ts";
import { defineRule, type Finding, safeFix } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { minimalEdits } from "../../server/src/core/text/diff.ts";
import { replace } from "../../server/src/core/text/edit.ts";
import { cli, folderWith } from "../cli/harness.ts";
import { answersFrom, caseOf, everything, findingsOf, fixtures, wishedFor } from "../rule-cases.ts";

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly language?: Language;
  readonly before: string;
  readonly after: string;
  readonly reasons: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: "what it is there for",
    rule: "user-missing",
    before: "FROM alpine:3.22\nRUN a\n",
    after: "FROM alpine:3.22\nRUN a\nUSER 1000\n",
    reasons: [],
  },
  {
    name: "what it is not there for",
    rule: "apt-yes",
    before: "FROM alpine:3.22\nRUN a\nUSER 1000\n",
    after: "FROM alpine:3.22\nRUN a -y\nUSER 0\n",
    reasons: ["USER would be root instead of 1000"],
  },
  {
    name: "a line that a heredoc swallows",
    rule: "heredoc-without-set-e",
    before: "FROM alpine:3.22\nRUN a\nRUN <<E\nb\nE\n",
    after: "FROM alpine:3.22\nRUN <<E\na\nRUN <<E\nb\nE\n",
    reasons: ["RUN <<E, which the fix is not about, would not be read as before"],
  },
  {
    name: "a line that continues the one above",
    rule: "apt-yes",
    before: "FROM alpine:3.22\nRUN a\nRUN b\n",
    after: "FROM alpine:3.22\nRUN a \\\nRUN b\n",
    reasons: ["RUN b, which the fix is not about, would not be read as before"],
  },
  {
    name: "a quote without an end",
    rule: "shellcheck",
    before: "FROM alpine:3.22\nRUN a b\n",
    after: 'FROM alpine:3.22\nRUN a "b\n',
    reasons: ['the result cannot be read: " has no closing ": the shell stops here'],
  },
  {
    name: "a comment that is not its own",
    rule: "run-consecutive",
    before: "FROM alpine:3.22\nRUN a\n# why\nRUN b\n",
    after: "FROM alpine:3.22\nRUN a && b\n",
    reasons: ["the comment “why” would be lost"],
  },
  {
    name: "a directive",
    rule: "empty-continuation",
    before: "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n",
    after: "FROM alpine:3.22\n",
    reasons: ["the directive syntax=docker/dockerfile:1 would be lost"],
  },
  {
    name: "a cache on the folder that is copied from the stage",
    rule: "cache-mount-missing",
    before:
      "FROM node:22 AS b\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\nFROM node:22\nCOPY --from=b /app/node_modules /m\n",
    after:
      "FROM node:22 AS b\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/app npm ci\n\nFROM node:22\nCOPY --from=b /app/node_modules /m\n",
    reasons: ["/app/node_modules is written into a mount in stage b, so there is nothing to copy from there"],
  },
  {
    name: "a shell where there was none before either",
    rule: "run-consecutive",
    before: "FROM scratch\nRUN a\nRUN b\n",
    after: "FROM scratch\nRUN a && b\n",
    reasons: [],
  },
  {
    name: "compose stays YAML",
    rule: "tag-missing",
    language: "compose",
    before: "services:\n  a:\n    image: x\n",
    after: 'services:\n  a:\n    image: "x\n',
    reasons: ["the result would not be valid YAML"],
  },
  {
    name: "compose that stays YAML",
    rule: "tag-missing",
    language: "compose",
    before: "services:\n  a:\n    image: x\n",
    after: "services:\n  a:\n    image: x:1\n",
    reasons: [],
  },
];

for (const { name, rule, language = "dockerfile", before, after, reasons } of cases)
  test(`a fix of ${rule}: ${name}`, () => {
    const edits = minimalEdits(before, after);
    assert.deepEqual(brokenByFixes(parseDocument(before, language), [{ rule, fix: { edits } }]), reasons);
  });

/** Every fix of every example and fixture, with the text it is a fix of. */
function* ownFixes(): Generator<{ readonly text: string; readonly language: Language; readonly finding: Finding }> {
  const texts = [
    ...rules.flatMap((rule) =>
      rule.examples.map((example) => ({
        rule,
        text: "bad" in example ? example.bad : example.good,
        answers: answersFrom(example.answers),
        wishes: example,
      })),
    ),
    ...fixtures().flatMap(({ rule: id, sections }) =>
      sections.flatMap((section) => {
        const rule = rules.find((each) => each.id === id);
        const found = caseOf(section);
        return rule && found ? [{ rule, text: found.input, answers: found.answers, wishes: found.wishes }] : [];
      }),
    ),
  ];
  for (const { rule, text, answers, wishes } of texts)
    for (const finding of findingsOf(text, [rule], answers, wishedFor(rule, wishes)))
      yield { text, language: rule.language, finding };
}

test("no fix of a rule is stopped in its own examples and fixtures, and no row says more than they need", () => {
  const stopped: string[] = [];
  const needed = new Set<string>();
  let tried = 0;
  for (const { text, language, finding } of ownFixes())
    for (const fix of finding.fixes) {
      tried++;
      const document = parseDocument(text, language);
      const reason = whyUnsound(document, finding.rule, fix);
      if (reason !== undefined) stopped.push(`${finding.rule} "${fix.title}" in ${JSON.stringify(text)}: ${reason}`);
      if (brokenByFixes(document, [{ rule: "apt-yes", fix }]).length > 0) needed.add(finding.rule);
    }
  assert.deepEqual(stopped, []);
  assert.ok(tried > 1000, `${tried} fixes`);
  const rows = Object.entries(CHANGED_BY_FIXES).filter(([, row]) => Object.keys(row).length > 0);
  assert.deepEqual(
    rows.flatMap(([rule]) => (needed.has(rule) ? [] : [rule])),
    [],
    "rules whose fixes change nothing but what any may",
  );
});

test("every Dockerfile rule with fixes has a row, and every row has its rule", () => {
  const fixable = rules.filter(({ language, fixable: how }) => language === "dockerfile" && how !== "never");
  assert.deepEqual(Object.keys(CHANGED_BY_FIXES).toSorted(), fixable.map(({ id }) => id).toSorted());
});

/** Finds a word and writes another text for it. */
const writes = (id: string, word: string, text: string) =>
  defineRule({
    id,
    summary: "a word",
    severity: "warning",
    profile: "recommended",
    fixable: "always",
    since: "0.1.0",
    sameAs: [],
    why: "It is here to be found, and to be mended in one way or another.",
    fixSafety: "None.",
    examples: [],
    check({ dockerfile, report }) {
      const start = dockerfile.text.indexOf(word);
      const span = { start, end: start + word.length };
      if (start !== -1)
        report(span, { message: `found ${word}`, fixes: [safeFix(`Write ${text}`, replace(span, text))] });
    },
  });

const fixedBy = (text: string, ...made: readonly ReturnType<typeof writes>[]) =>
  fixAll(text, { rules: made, settings: everything, answers: new Map(), allow: ["safe"] });

test("all fixes together leave out what breaks the result, and what touches it is fixed in its place", () => {
  const breaks = writes("a-breaks", "one two", '"one two');
  const after = fixedBy(
    "FROM alpine:3.22\nRUN one two\nRUN three\n",
    breaks,
    writes("b", "two", "2"),
    writes("c", "three", "3"),
  );
  assert.equal(after.text, "FROM alpine:3.22\nRUN one 2\nRUN 3\n");
  assert.deepEqual(
    after.applied.map(({ rule }) => rule),
    ["b", "c"],
  );
  assert.ok(after.settled);
});

test("a fix that breaks the result alone changes nothing", () => {
  const after = fixedBy("FROM alpine:3.22\nRUN one\n", writes("a", "one", "'one"));
  assert.deepEqual([after.text, after.applied, after.settled], ["FROM alpine:3.22\nRUN one\n", [], true]);
});

test("dockwright fix says why a fix was not applied", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM alpine:3.22\nRUN one\n" });
  const { stdout, code } = await cli(["fix", "Dockerfile"], { cwd, parts: { rules: [writes("a", "one", "'one")] } });
  assert.equal(
    stdout,
    `Dockerfile: applied 0 fixes, 1 problem left
  left   2:5 found one [a]: the result cannot be read: ' has no closing ': the shell stops here
`,
  );
  assert.equal(code, 1);
});

test("of two that break the result only together, the first is taken", () => {
  const text = "FROM alpine:3.22\nARG A=1\nARG B=1\nRUN a $A$B\n";
  const document = parseDocument(text, DOCKERFILE.language);
  const fix = (after: string) => ({ rule: "unused-arg", fix: { edits: minimalEdits(text, after) } });
  const harmless = fix(text.replace("RUN a", "RUN b"));
  const harmful = fix(text.replace("ARG B=1\n", ""));
  assert.deepEqual(soundTogether(document, [harmless, harmful]), [harmless]);
});
