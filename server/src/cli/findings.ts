/** Everything a check reports about one text. */
import type { Inspection } from "../core/findings/inspect.ts";
import { unruledProblems } from "../core/model/document.ts";
import type { Finding } from "../core/rule.ts";

/** The findings and, as errors named by their kind, the places Docker could not read; by position. */
export function findingsOf({ document, findings }: Inspection): readonly Finding[] {
  const unruled = unruledProblems(document);
  if (unruled.length === 0) return findings;
  const problems = unruled.map(
    ({ kind, span, message }): Finding => ({
      rule: kind,
      severity: "error",
      profile: "recommended",
      span,
      message,
      fixes: [],
      offers: [],
      related: [],
    }),
  );
  return [...problems, ...findings].toSorted((a, b) => a.span.start - b.span.start);
}
