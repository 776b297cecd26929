/** What has to hold for every fix of every rule on a text: the result parses, the finding is gone, a second run changes nothing. */
import { fixAll } from "../server/src/core/findings/fix-all.ts";
import { DOCKERFILE, inspect, type Kind } from "../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../server/src/core/findings/settings.ts";
import { REMEDY_THREW } from "../server/src/core/lint.ts";
import { parseDocument } from "../server/src/core/model/document.ts";
import type { AnswerSource, Finding, Rule } from "../server/src/core/rule.ts";
import { rules } from "../server/src/core/rules/index.ts";
import { applyEdits } from "../server/src/core/text/edit.ts";

export const everything: Settings = { ...defaultSettings, profile: "all" };

export interface FixReport {
  /** Fixes applied on their own. */
  readonly tried: number;
  readonly faults: readonly string[];
}

export function checkFixes(text: string, kind: Kind = DOCKERFILE, answers: AnswerSource = new Map()): FixReport {
  const { language } = kind;
  const problemsIn = (each: string): number => parseDocument(each, language).problems.length;
  const faults: string[] = [];
  let tried = 0;
  const { findings, crashes } = inspect(text, rules, everything, answers, kind);
  for (const { rule, error } of crashes) faults.push(`${rule} threw ${String(error)}`);
  const problems = problemsIn(text);
  for (const finding of findings) {
    const rule = rules.find(({ id }) => id === finding.rule);
    if (finding.refusal?.startsWith(REMEDY_THREW)) faults.push(`${finding.rule}: ${finding.refusal}`);
    for (const fix of finding.fixes) {
      tried++;
      const after = applyEdits(text, fix.edits);
      const name = `${finding.rule} "${fix.title}"`;
      if (problemsIn(after) > problems) faults.push(`${name}: the result does not parse`);
      if (rule && !isGone(rule, findings, after, kind, answers)) faults.push(`${name}: the finding is still there`);
    }
  }
  for (const allow of [["safe"], ["safe", "unsafe"]] as const) {
    const options = { rules, settings: everything, answers, allow, kind };
    const after = fixAll(text, options);
    const last = after.applied.slice(-3).map(({ rule }) => rule);
    if (!after.settled) faults.push(`fixes do not settle: ${last.join(", ")}`);
    else if (fixAll(after.text, options).text !== after.text)
      faults.push(`a second run changes something: ${last.join(", ")}`);
    if (problemsIn(after.text) > problems) faults.push("all fixes together break the text");
  }
  return { tried, faults };
}

/** One finding of the rule less than before. */
const isGone = (rule: Rule, before: readonly Finding[], after: string, kind: Kind, answers: AnswerSource): boolean =>
  inspect(after, rule.review ? rules : [rule], everything, answers, kind).findings.filter(
    (each) => each.rule === rule.id,
  ).length < before.filter((each) => each.rule === rule.id).length;
