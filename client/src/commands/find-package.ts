/** Which of our images have a package: asks over all SBOMs of the workspace, and opens the one chosen. */
import { window } from "vscode";
import { findPackage as find } from "../sbom/find.ts";
import { describe } from "../views/sbom/tree.ts";
import { allSboms } from "./choose-sbom.ts";
import type { Parts } from "./command.ts";

/** More rows than this are no answer. */
const MAX_FOUND = 1_000;

export async function findPackage(parts: Parts, given?: unknown): Promise<void> {
  const query =
    typeof given === "string"
      ? given
      : await window.showInputBox({
          title: "Find a package in images",
          prompt: "A name, a part of one with *, a version behind @, or a package URL",
          placeHolder: "openssl@3.0",
          ignoreFocusOut: true,
        });
  if (query === undefined || query.trim() === "") return;
  const sboms = await allSboms(parts);
  if (sboms.length === 0) {
    void window.showInformationMessage(
      "There is no SBOM in this workspace yet: make one with “Dockwright: Generate SBOM”",
    );
    return;
  }
  const found = find(sboms, query);
  const images = new Set(found.map(({ of }) => of)).size;
  if (found.length === 0) {
    void window.showInformationMessage(`None of the ${sboms.length} SBOMs here has ${query}`);
    return;
  }
  const items = found.slice(0, MAX_FOUND).map(({ of, component }) => ({
    label: `${component.name} ${component.version}`.trim(),
    description:
      of.sbom.subject === "" || of.label.startsWith(of.sbom.subject) ? of.label : `${of.sbom.subject} · ${of.label}`,
    detail: describe({ ...component, version: "" }, of.layers),
    of,
    component,
  }));
  const title = `${query}: in ${images} of ${sboms.length} SBOMs`;
  const chosen = await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (!chosen) return;
  parts.sboms.setFilter(chosen.component.name);
  await parts.sboms.open(chosen.of);
}
