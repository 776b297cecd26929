/**
 * Workflow commands that GitHub Actions turns into annotations.
 * Source: docs.github.com, "Workflow commands for GitHub Actions"; escaping as in actions/toolkit's core/src/command.ts.
 */
import type { Severity } from "../../core/rule.ts";
import { locator } from "../locate.ts";
import type { Reporter } from "./report.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

export const github: Reporter = ({ files }) =>
  files
    .flatMap(({ name, text, findings }) => {
      const locate = locator(text);
      return findings.map(({ rule, severity, span, message }) => {
        const { line, column, endLine, endColumn } = locate(span);
        // The runner drops columns, with a note, where an annotation spans lines.
        const columns = line === endLine ? [`col=${column}`, `endColumn=${endColumn}`] : [];
        const properties = [
          `file=${escapeProperty(name)}`,
          `line=${line}`,
          `endLine=${endLine}`,
          ...columns,
          `title=${escapeProperty(rule)}`,
        ];
        return `::${COMMANDS[severity]} ${properties.join(",")}::${escapeData(message)}\n`;
      });
    })
    .join("");

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
