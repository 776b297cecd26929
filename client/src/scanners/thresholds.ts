/** How many findings of each severity are one too many: the setting `dockwright.scan.thresholds`. */
import { fieldsOf, numberOf } from "./json.ts";
import { countsOf, type Finding, isFixable, SEVERITIES, type Severity } from "./report.ts";

export interface Thresholds {
  /** The most there may be; a severity that is not named is not limited. */
  readonly most: Readonly<Partial<Record<Severity, number>>>;
  /** Findings that nobody can fix do not count. */
  readonly fixableOnly: boolean;
}

/** `{ "critical": 0, "high": 5, "fixableOnly": true }`; what is no number limits nothing. */
export function thresholdsOf(value: unknown): Thresholds {
  const fields = fieldsOf(value);
  const most: Partial<Record<Severity, number>> = {};
  for (const severity of SEVERITIES) {
    const limit = numberOf(fields[severity]);
    if (limit !== undefined && limit >= 0) most[severity] = limit;
  }
  return { most, fixableOnly: fields["fixableOnly"] === true };
}

/** `3 critical (at most 0), 9 high (at most 5)`; undefined when all is within. */
export function exceeded(findings: readonly Finding[], { most, fixableOnly }: Thresholds): string | undefined {
  const counts = countsOf(
    fixableOnly ? findings.filter((finding) => isFixable(finding) || finding.kind !== "vulnerability") : findings,
  );
  const over = SEVERITIES.flatMap((severity) => {
    const limit = most[severity];
    return limit !== undefined && counts[severity] > limit
      ? [`${counts[severity]} ${severity} (at most ${limit})`]
      : [];
  });
  return over.length === 0 ? undefined : over.join(", ");
}
