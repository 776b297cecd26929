/** For people: a code frame per finding, then a summary. */
import type { Finding, Severity } from "../../core/rule.ts";
import { type Lines, linesOf } from "../../core/text/lines.ts";
import { type Colors, colors } from "../colors.ts";
import { locator, type Region } from "../locate.ts";
import { plural } from "../plural.ts";
import { printable } from "../printable.ts";
import { codeFrame } from "./code-frame.ts";
import type { CheckReport, Reporter } from "./report.ts";

export const text: Reporter = (report) => {
  const paint = colors(report.color);
  const shown = report.files.flatMap((file) => {
    const locate = locator(file.text);
    const lines = linesOf(file.text);
    return file.findings.map((finding) => block(file.name, lines, finding, locate(finding.span), paint));
  });
  return `${[...shown, summary(report, paint)].join("\n")}`;
};

const SEVERITY_COLOR: Readonly<Record<Severity, keyof Colors>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
  hint: "cyan",
};

function block(name: string, source: Lines, finding: Finding, region: Region, paint: Colors): string {
  const { rule, severity, message } = finding;
  const frame = codeFrame(source, finding.span);
  const color = paint[SEVERITY_COLOR[severity]];
  const gutter = String(frame.line);
  const margin = " ".repeat(gutter.length);
  const through = region.endLine > region.line ? ` through line ${region.endLine}` : "";
  const lines = [
    `${paint.bold(`${printable(name)}:${region.line}:${region.column}`)} ${color(severity)} ${printable(message)} ${paint.dim(`[${rule}]`)}`,
    `  ${paint.dim(`${gutter} |`)} ${frame.source}`,
    `  ${paint.dim(`${margin} |`)} ${color(frame.carets + through)}`,
    ...hints(finding).map((hint) => `  ${margin} ${paint.dim("=")} ${hint}`),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** What a person can do about a finding, one line each. */
function hints({ fixes, offers, related, refusal }: Finding): readonly string[] {
  return [
    ...related.map(({ message }) => message),
    ...fixes.map(({ title, safety }) => (safety === "safe" ? `fix: ${title}` : `unsafe fix: ${title}`)),
    ...offers.map(({ title }) => `fix after asking the registry: ${title}`),
    ...(refusal === undefined ? [] : [`no fix: ${refusal}`]),
  ].map(printable);
}

function summary({ files }: CheckReport, paint: Colors): string {
  const findings = files.flatMap((file) => file.findings);
  if (findings.length === 0) {
    return files.length === 0 ? "" : `${paint.green(`No problems in ${plural(files.length, "file")}`)}\n`;
  }
  const withFindings = files.filter((file) => file.findings.length > 0).length;
  const safe = findings.filter(({ fixes }) => fixes.some(({ safety }) => safety === "safe")).length;
  const unsafe = findings.filter(({ fixes }) => fixes.length > 0).length - safe;
  const fixable = `${safe} fixable${unsafe > 0 ? `, ${unsafe} more with --unsafe` : ""}`;
  return `${paint.bold(`${plural(findings.length, "problem")} in ${plural(withFindings, "file")}`)} (${fixable})\n`;
}
