/** A thread's part of looking at real compose files: what needs no compose, our findings and what our fixes make of the texts. */
import { fixAll } from "../../server/src/core/findings/fix-all.ts";
import { inspect, type Kind } from "../../server/src/core/findings/inspect.ts";
import type { Profile, Severity } from "../../server/src/core/rule.ts";
import { isRefusal, REQUESTS } from "../../server/src/core/assists/compose/index.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { formatCompose } from "../../server/src/core/features/compose/format.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";
import { checkFixes, everything } from "../check-fixes.ts";
import { answerThread } from "../threads.ts";
import { alone } from "./alone.ts";

export const kindOf = (path: string): Kind => ({ language: "compose", name: path });

export interface ComposeText {
  readonly name: string;
  /** What it was called where it comes from. */
  readonly path: string;
  readonly text: string;
}

export interface ComposeFinding {
  readonly rule: string;
  readonly line: number;
  readonly severity: Severity;
  readonly profile: Profile;
  readonly message: string;
}

export interface FixResult {
  readonly what: string;
  readonly after: string;
  /** The rules whose fixes are in it: what may differ. */
  readonly touched: readonly string[];
}

export interface Seen extends ComposeText {
  readonly findings: readonly ComposeFinding[];
  readonly results: readonly FixResult[];
  readonly faults: readonly string[];
}

/** What a person can ask for and shows in what compose prints of a file as it is written. */
const REWRITES = ["harden", "sort-keys"];

answerThread<ComposeText, readonly Seen[]>((texts) =>
  texts.map(({ name, path, text }) => ({
    name,
    path,
    text,
    findings: findingsIn(text, kindOf(path)),
    results: resultsOf(text, kindOf(path)),
    faults: [...checkFixes(text, kindOf(path), alone(text)).faults, ...formatFaults(text)],
  })),
);

/** Formatting what is formatted changes nothing. */
function formatFaults(text: string): readonly string[] {
  const once = applyEdits(text, formatCompose(text, { tabSize: 2 }));
  return formatCompose(once, { tabSize: 2 }).length > 0 ? ["formatting a second time changes something"] : [];
}

function findingsIn(text: string, kind: Kind): readonly ComposeFinding[] {
  const lines = linesOf(text);
  return inspect(text, rules, everything, alone(text), kind).findings.map(
    ({ rule, span, severity, profile, message }) => ({
      rule,
      line: lines.position(span.start).line + 1,
      severity,
      profile,
      message,
    }),
  );
}

/** What comes of the text: each rule's fixes, all safe ones, all. */
function resultsOf(text: string, kind: Kind): readonly FixResult[] {
  const all: FixResult[] = [];
  const add = (what: string, allow: readonly ("safe" | "unsafe")[], only?: string): void => {
    const fixed = fixAll(text, {
      rules: only === undefined ? rules : rules.filter(({ id }) => id === only),
      settings: everything,
      answers: alone(text),
      allow,
      kind,
    });
    if (fixed.text === text) return;
    all.push({ what, after: fixed.text, touched: [...new Set(fixed.applied.map(({ rule }) => rule))] });
  };
  for (const { id, fixable, language } of rules)
    if (language === "compose" && fixable !== "never") add(id, ["safe", "unsafe"], id);
  const formatted = applyEdits(text, formatCompose(text, { tabSize: 2 }));
  if (formatted !== text) all.push({ what: "formatting", after: formatted, touched: [] });
  for (const rewrite of REWRITES) {
    const made = REQUESTS[rewrite]?.request(false)(parseCompose(text, kind.name), undefined);
    if (!made || isRefusal(made)) continue;
    const after = applyEdits(text, made.edits);
    if (after !== text) all.push({ what: rewrite, after, touched: [rewrite] });
  }
  add("all safe fixes", ["safe"]);
  add("all fixes", ["safe", "unsafe"]);
  return all;
}
