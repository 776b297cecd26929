/** Scans what a report is about once more, whatever is remembered of it. */
import { scanAll, shortName, tellOutcomes } from "../views/findings/scanning.ts";
import type { TreeNode } from "../views/findings/tree.ts";
import type { Parts } from "./command.ts";

export async function scanAgain(parts: Parts, node?: unknown): Promise<void> {
  const given = (node as TreeNode | undefined)?.report;
  const reports = given ? [given] : parts.findings.reports();
  const jobs = reports.map(({ target, dockerfile }) => ({ target, again: true, ...(dockerfile && { dockerfile }) }));
  if (jobs.length === 0) return;
  const outcomes = await scanAll(parts, `Scanning ${jobs.map(({ target }) => shortName(target)).join(", ")}`, jobs);
  if (outcomes) await tellOutcomes(outcomes);
}
