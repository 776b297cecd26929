/** Every example and every fixture of every rule, and the laws that hold for each of them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { REMEDY_THREW } from "../server/src/core/lint.ts";
import { type Language, parseDocument } from "../server/src/core/model/document.ts";
import type { Settings } from "../server/src/core/findings/settings.ts";
import type { Answers, Rule } from "../server/src/core/rule.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { answersFrom, caseOf, findingsOf, fixed, fixtures, rewritten, wishedFor } from "./rule-cases.ts";

const byId = new Map(rules.map((rule) => [rule.id, rule]));
const update = process.env["UPDATE"] !== undefined;

for (const rule of rules) {
  test(`${rule.id}: metadata`, () => {
    assert.match(rule.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(rule.why.trim().length > 40, "says why");
    assert.ok(
      rule.examples.some((example) => "bad" in example),
      "has a bad example",
    );
    assert.ok(
      rule.examples.some((example) => "good" in example),
      "has a good example",
    );
    assert.equal(
      rule.fixable !== "never",
      rule.fixSafety !== undefined,
      "argues for the safety of its fixes, if it has any",
    );
    for (const code of rule.sameAs) assert.match(code, /^[a-z-]+:\S.*$/);
  });

  for (const [at, example] of rule.examples.entries()) {
    test(`${rule.id}: example ${at + 1}`, () => {
      const answers = answersFrom(example.answers);
      const settings = wishedFor(rule, example);
      // Weaker cases in a stricter profile than the rule's are no reason to call a text bad.
      const own = { ...settings, profile: rule.profile };
      if ("good" in example) return assert.deepEqual(findingsOf(example.good, [rule], answers, own), []);
      assert.notEqual(findingsOf(example.bad, [rule], answers, settings).length, 0, "a bad example has a finding");
      const after = fixed(example.bad, [rule], answers, ["safe", "unsafe"], settings);
      assert.equal(after.text, example.fixed ?? example.bad);
      laws(rule, example.bad, answers, settings);
    });
  }
}

for (const { file, rule: id, source, sections } of fixtures()) {
  test(`fixture ${id}`, () => {
    const rule = byId.get(id);
    assert.ok(rule, `${file} is about no rule`);
    const wanted = `${sections
      .map((section) => rewritten(section, rule))
      .join("")
      .trimEnd()}\n`;
    if (update) writeFileSync(file, wanted);
    else assert.equal(source, wanted, "run UPDATE=1 npm test -- unit and review the difference");
    for (const section of sections) {
      const found = caseOf(section);
      if (found) laws(rule, found.input, found.answers, wishedFor(rule, found.wishes));
    }
  });
}

const ignoreRules = rules.filter(({ language }) => language === "dockerignore");

/** What holds for every rule and every text. */
export function laws(rule: Rule, text: string, answers: Answers, settings: Settings): void {
  const findings = findingsOf(text, [rule], answers, settings);
  for (const finding of findings) {
    assert.ok(0 <= finding.span.start && finding.span.start <= finding.span.end, "span is in order");
    assert.ok(finding.span.end <= text.length, "span is inside the text");
    assert.doesNotMatch(finding.message, /\.$/, "a message has no full stop");
    assert.ok(finding.message.length > 10, "a message says something");
    assert.ok(!finding.refusal?.startsWith(REMEDY_THREW), finding.refusal);
    assert.doesNotMatch(finding.refusal ?? "", /^(?!Windows)[A-Z][a-z]|\.$/, "a refusal goes on after a colon");
    // A file that a fix makes is one that nothing is said against.
    for (const { before, text: made } of finding.fixes.flatMap(({ files = [] }) => files))
      if (before === undefined) assert.deepEqual(findingsOf(made, ignoreRules, answers), [], made);
    const titles = [...finding.fixes, ...finding.offers].map(({ title }) => title);
    assert.equal(new Set(titles).size, titles.length, "alternatives have different titles");
    if (rule.fixable === "never")
      assert.equal(finding.fixes.length + finding.offers.length, 0, "a rule without fixes has none");
    if (rule.fixable === "always")
      assert.notEqual(finding.fixes.length + finding.offers.length, 0, "is always fixable");
  }
  for (const allow of [["safe"], ["safe", "unsafe"]] as const) {
    const after = fixed(text, [rule], answers, allow, settings);
    assert.ok(after.settled, "fixing settles");
    assert.equal(fixed(after.text, [rule], answers, allow, settings).applied.length, 0, "a second run changes nothing");
    assert.ok(
      problemsIn(after.text, rule.language) <= problemsIn(text, rule.language),
      "a fix does not break the text",
    );
  }
}

const problemsIn = (text: string, language: Language): number => parseDocument(text, language).problems.length;
