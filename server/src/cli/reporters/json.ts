/** One array of findings over all files, for programs. */
import { locator } from "../locate.ts";
import type { Reporter } from "./report.ts";

export const json: Reporter = ({ files, rules }) => {
  const sameAs = new Map(rules.map((rule) => [rule.id, rule.sameAs]));
  const findings = files.flatMap(({ name, text, findings: found }) => {
    const locate = locator(text);
    return found.map(({ rule, severity, span, message, fixes }) => ({
      file: name,
      rule,
      sameAs: sameAs.get(rule) ?? [],
      severity,
      ...locate(span),
      message,
      fixes: fixes.map(({ title, safety }) => ({ title, safety })),
    }));
  });
  return `${JSON.stringify(findings, undefined, 2)}\n`;
};
