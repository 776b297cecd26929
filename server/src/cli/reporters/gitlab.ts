/**
 * GitLab's Code Quality report. Source: docs.gitlab.com, "Code Quality", the fields of a report. A fingerprint stays the same when lines
 * move, and no two of a report are the same: GitLab shows only one of those that are.
 */
import { hash } from "../check/fingerprint.ts";
import type { Severity } from "../../core/rule.ts";
import { locator } from "../locate.ts";
import type { Reporter } from "./report.ts";

const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: "critical",
  warning: "major",
  info: "minor",
  hint: "info",
};

export const gitlab: Reporter = ({ files }) => {
  const issues = files.flatMap(({ name, text, findings, fingerprints = [] }) => {
    const locate = locator(text);
    const seen = new Map<string, number>();
    return findings.map(({ rule, code, severity, message, span }, at) => {
      const { line, endLine } = locate(span);
      const known = fingerprints[at] ?? `${rule}\0${message}`;
      const nth = (seen.get(known) ?? 0) + 1;
      seen.set(known, nth);
      return {
        description: message,
        check_name: code ?? rule,
        fingerprint: hash(`${name}\0${known}\0${nth}`),
        severity: SEVERITIES[severity],
        location: { path: name, lines: { begin: line, end: endLine } },
      };
    });
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};
