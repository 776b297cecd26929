/** How many known vulnerabilities an image has, as the Trivy on this machine counts them. */
import type { Answer } from "../core/rule.ts";
import { asObject, asText, member, parseObject } from "./registry/json.ts";
import { run } from "./process.ts";

const MINUTES = 60_000;
const DEADLINE_MS = 5 * MINUTES;
const MAX_OUTPUT = 64 * 1024 * 1024;
const SEVERITIES: ReadonlySet<string> = new Set(["critical", "high", "medium", "low"]);

/** Answers `{ ask: "vulnerabilities" }`: `critical=1 high=2 …`. Rejects only when the signal aborts. */
export async function vulnerabilities(image: string, signal: AbortSignal, program = "trivy"): Promise<Answer> {
  const args = ["image", "--quiet", "--format", "json", "--scanners", "vuln", "--", image];
  const result = await run(program, args, { signal, timeoutMs: DEADLINE_MS, maxBytes: MAX_OUTPUT });
  return (
    countVulnerabilities(result.stdout) ?? { unknown: `trivy could not scan ${image}: ${lastLine(result.stderr)}` }
  );
}

/** Undefined when the text is no report. Each vulnerability counts once for each package that has it. */
export function countVulnerabilities(report: string): string | undefined {
  const content = parseObject(report);
  if (!content || member(content, "SchemaVersion") === undefined) return undefined;
  const counts = new Map([...SEVERITIES].map((severity) => [severity, 0]));
  for (const result of listOf(member(content, "Results")))
    for (const found of listOf(member(asObject(result), "Vulnerabilities"))) {
      const severity = asText(member(asObject(found), "Severity"))?.toLowerCase() ?? "";
      if (SEVERITIES.has(severity)) counts.set(severity, (counts.get(severity) ?? 0) + 1);
    }
  return [...counts].map(([severity, count]) => `${severity}=${count}`).join(" ");
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.slice(0, 200) || "it said nothing";
