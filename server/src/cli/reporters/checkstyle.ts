/** Checkstyle's XML, which Jenkins, reviewdog and editors read. */
import type { Severity } from "../../core/rule.ts";
import { locator } from "../locate.ts";
import type { Reporter } from "./report.ts";
import { element, xmlFile } from "./xml.ts";

/** Checkstyle has no hint: its severities are ignore, info, warning and error. */
const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "info",
  hint: "info",
};

export const checkstyle: Reporter = ({ files }) =>
  xmlFile(
    element(
      "checkstyle",
      { version: "4.3" },
      files.map(({ name, text, findings }) => {
        const locate = locator(text);
        const errors = findings.map(({ rule, code, severity, message, span }) => {
          const { line, column } = locate(span);
          const source = `dockwright.${rule}${code === undefined ? "" : `.${code}`}`;
          return element("error", { line, column, severity: SEVERITIES[severity], message, source });
        });
        return element("file", { name }, errors);
      }),
    ),
  );
