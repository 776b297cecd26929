/** Shows only what matches in the view of SBOMs; nothing typed shows everything. */
import { window } from "vscode";
import type { Parts } from "./command.ts";

export async function filterSbom({ sboms }: Parts, given?: unknown): Promise<void> {
  const filter =
    typeof given === "string"
      ? given
      : await window.showInputBox({
          title: "Filter packages",
          prompt: "Words of the name, version, licence, layer or package URL; empty for all",
          value: sboms.filter(),
        });
  if (filter !== undefined) sboms.setFilter(filter.trim());
}
