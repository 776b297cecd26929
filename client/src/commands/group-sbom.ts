/** Groups the packages in the view of SBOMs. */
import { window } from "vscode";
import { GROUPINGS, type Grouping } from "../views/sbom/tree.ts";
import type { Parts } from "./command.ts";

const LABELS: Readonly<Record<Grouping, string>> = {
  ecosystem: "By kind of package",
  licence: "By licence",
  layer: "By layer",
  none: "As one list",
};

export async function groupSbom({ sboms }: Parts, given?: unknown): Promise<void> {
  const wanted = GROUPINGS.find((grouping) => grouping === given);
  if (wanted !== undefined) return sboms.setGrouping(wanted);
  const items = GROUPINGS.map((grouping) => ({
    label: LABELS[grouping],
    description: grouping === sboms.grouping() ? "now" : "",
    grouping,
  }));
  const chosen = await window.showQuickPick(items, { title: "Group packages" });
  if (chosen) sboms.setGrouping(chosen.grouping);
}
