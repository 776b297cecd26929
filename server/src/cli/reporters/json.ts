/** One array of findings over all files, for programs. */
import type { Rule } from "../../core/rule.ts";
import { locator } from "../locate.ts";
import type { ReportedFile, Reporter } from "./report.ts";

export const json: Reporter = ({ files, rules }) => {
  const parts = files.map((file) => file.json ?? jsonOf(file, rules)).filter((part) => part !== "");
  return parts.length === 0 ? "[]\n" : `[\n${parts.join(",\n")}\n]\n`;
};

/** What the array holds of one file, without its brackets. It is made where the file is checked: several threads are quicker than one. */
export function jsonOf(
  { name, text, findings }: Pick<ReportedFile, "name" | "text" | "findings">,
  rules: readonly Pick<Rule, "id" | "sameAs">[],
): string {
  if (findings.length === 0) return "";
  const locate = locator(text);
  const part = findings.map(({ rule, severity, span, message, fixes }) => ({
    file: name,
    rule,
    sameAs: rules.find(({ id }) => id === rule)?.sameAs ?? [],
    severity,
    ...locate(span),
    message,
    fixes: fixes.map(({ title, safety }) => ({ title, safety })),
  }));
  return JSON.stringify(part, undefined, 2).slice("[\n".length, -"\n]".length);
}
