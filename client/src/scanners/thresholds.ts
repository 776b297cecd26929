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

/** The least severity of which there may be none: what a gate in CI stops at. Undefined where all are counted or unlimited. */
export const gateOf = ({ most }: Thresholds): Severity | undefined =>
  SEVERITIES.findLast((severity) => most[severity] === 0);

/** `3 critical (at most 0), 9 high (at most 5)`; undefined when all is within. Secrets and misconfigurations count by their severity. */
export function exceeded(findings: readonly Finding[], { most, fixableOnly }: Thresholds): string | undefined {
  const counted = fixableOnly
    ? findings.filter((finding) => isFixable(finding) || finding.kind !== "vulnerability")
    : findings;
  const counts = countsOf(counted);
  const others = countsOf(counted.filter(({ kind }) => kind !== "vulnerability"));
  const over = SEVERITIES.flatMap((severity) => {
    const limit = most[severity];
    return limit !== undefined && counts[severity] > limit
      ? [
          `${counts[severity]} ${severity} (${others[severity] > 0 ? "with secrets and misconfigurations; " : ""}at most ${limit})`,
        ]
      : [];
  });
  return over.length === 0 ? undefined : over.join(", ");
}
