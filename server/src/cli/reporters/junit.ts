/**
 * JUnit's XML, which every CI shows: a suite for each file, a failed case for each finding, and one that passed for a file without.
 * Source: the schema of Jenkins' xUnit plugin, junit-10.xsd.
 */
import { locator } from "../locate.ts";
import type { ReportedFile, Reporter } from "./report.ts";
import { element, xmlFile } from "./xml.ts";

export const junit: Reporter = ({ files }) => {
  const failures = files.reduce((sum, { findings }) => sum + findings.length, 0);
  const tests = files.reduce((sum, { findings }) => sum + Math.max(1, findings.length), 0);
  return xmlFile(element("testsuites", { name: "dockwright", tests, failures, errors: 0 }, files.map(suite)));
};

function suite({ name, text, findings }: ReportedFile): string {
  const locate = locator(text);
  const cases = findings.map(({ rule, code, severity, message, span }) => {
    const { line, column } = locate(span);
    const failure = element(
      "failure",
      { message, type: severity },
      `${name}:${line}:${column}: ${severity}: ${message}`,
    );
    return element("testcase", { name: `${code ?? rule} at ${line}:${column}`, classname: name }, [failure]);
  });
  const counts = { tests: Math.max(1, cases.length), failures: cases.length, errors: 0, skipped: 0 };
  const passed = element("testcase", { name: "no problems", classname: name });
  return element("testsuite", { name, ...counts }, cases.length === 0 ? [passed] : cases);
}
