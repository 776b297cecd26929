/** What suppression comments do: the findings they take away, and which of their names did something. */
import { reachOf, type SuppressedName, suppressionsOf } from "../model/comments.ts";
import type { Document } from "../model/document.ts";
import type { Finding, Rule } from "../rule.ts";

export interface Suppressed {
  /** The findings that no comment switches off. */
  readonly left: readonly Finding[];
  /** The names that switched one off. */
  readonly used: ReadonlySet<SuppressedName>;
}

/** With `inline` false only what BuildKit itself heeds counts. */
export function suppress(
  document: Document,
  findings: readonly Finding[],
  rules: readonly Rule[],
  inline = true,
): Suppressed {
  const suppressions = suppressionsOf(document).filter(({ by }) => inline || by === "buildkit");
  const used = new Set<SuppressedName>();
  if (findings.length === 0 || suppressions.length === 0) return { left: findings, used };
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const reaches = suppressions.flatMap((suppression) => {
    const span = reachOf(document, suppression);
    return span ? [{ span, names: suppression.names }] : [];
  });
  const left = findings.filter((finding) => {
    const rule = byId.get(finding.rule);
    let taken = false;
    for (const { span, names } of reaches) {
      if (finding.span.start < span.start || span.end < finding.span.start) continue;
      for (const name of names) {
        if (!isAbout(name, finding, rule)) continue;
        used.add(name);
        taken = true;
      }
    }
    return !taken;
  });
  return { left, used };
}

const isAbout = ({ id }: SuppressedName, finding: Finding, rule: Rule | undefined): boolean =>
  id === finding.rule ||
  (finding.code !== undefined && withoutPeer(id) === finding.code) ||
  (rule !== undefined && hasName(rule, id));

/** Whether a name stands for the rule: its id, a peer's code with or without the peer, or all of a peer's. */
function hasName(rule: Rule, name: string): boolean {
  if (name === rule.id) return true;
  const all = name.endsWith(":*") ? name.slice(0, -1) : undefined;
  return rule.sameAs.some(
    (code) => code === name || withoutPeer(code) === name || (all !== undefined && code.startsWith(all)),
  );
}

/** The rules a name may take findings of: a rule for `hadolint:SC*` has those of every code that begins so. */
export const rulesBehind = ({ id }: SuppressedName, rules: readonly Rule[]): readonly Rule[] =>
  rules.filter(
    (rule) =>
      hasName(rule, id) ||
      rule.sameAs.some((code) => code.endsWith("*") && withoutPeer(id).startsWith(withoutPeer(code).slice(0, -1))),
  );

const withoutPeer = (code: string): string => code.slice(code.indexOf(":") + 1);
