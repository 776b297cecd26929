/** How the view Findings groups and filters, and taking reports out of it. */
import { type QuickPickItem, window } from "vscode";
import { SEVERITIES } from "../scanners/report.ts";
import { type Grouping, noFilter, type TreeNode } from "../views/findings/tree.ts";
import type { Parts } from "./command.ts";

const GROUPINGS: readonly (QuickPickItem & { readonly grouping: Grouping })[] = [
  { grouping: "severity", label: "Severity", description: "severity, package, vulnerability" },
  { grouping: "package", label: "Package", description: "package, vulnerability" },
  { grouping: "layer", label: "Layer", description: "instruction, package, vulnerability" },
];

export async function groupFindings({ findings }: Parts, given?: unknown): Promise<void> {
  const known = GROUPINGS.find(({ grouping }) => grouping === given);
  const chosen = known ?? (await window.showQuickPick(GROUPINGS, { title: "Group findings by" }));
  if (chosen) findings.show({ grouping: chosen.grouping });
}

const FILTERS = [
  { label: "Only what has a fix", what: "fixable" },
  { label: "Severity…", description: "this one and graver ones", what: "severity" },
  { label: "Path or package…", what: "text" },
  { label: "Show everything", what: "none" },
] as const;

export async function filterFindings({ findings }: Parts): Promise<void> {
  const filter = findings.filter();
  const items = FILTERS.map((item) => ({
    ...item,
    label: item.what === "fixable" && filter.fixableOnly ? "Also what has no fix" : item.label,
  }));
  const chosen = await window.showQuickPick(items, { title: "Filter findings" });
  if (chosen?.what === "fixable") findings.show({ filter: { ...filter, fixableOnly: !filter.fixableOnly } });
  if (chosen?.what === "none") findings.show({ filter: noFilter });
  if (chosen?.what === "severity") {
    const least = await window.showQuickPick([...SEVERITIES], { title: "The least severity to show" });
    const severity = SEVERITIES.find((each) => each === least);
    if (severity) findings.show({ filter: { ...filter, least: severity } });
  }
  if (chosen?.what === "text") {
    const text = await window.showInputBox({
      title: "Filter findings",
      prompt: "Part of a path, a package or an id",
      value: filter.text,
    });
    if (text !== undefined) findings.show({ filter: { ...filter, text: text.trim() } });
  }
}

export async function clearFindingsFilter({ findings }: Parts): Promise<void> {
  findings.show({ filter: noFilter });
}

/** One report, or all of them. */
export async function clearFindings({ findings }: Parts, node?: unknown): Promise<void> {
  findings.remove((node as TreeNode | undefined)?.report);
}
