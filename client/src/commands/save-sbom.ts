/** Saves an open SBOM where the person says. */
import { Uri, window, workspace } from "vscode";
import { sbomFileName } from "../sbom/files.ts";
import { sbomOfRow } from "../views/sbom/view.ts";
import { chooseSbom } from "./choose-sbom.ts";
import type { Parts } from "./command.ts";

export async function saveSbom(parts: Parts, row?: unknown): Promise<void> {
  const open = sbomOfRow(row) ?? (await chooseSbom(parts, "Save which SBOM?"));
  if (!open) return;
  const name = sbomFileName(open.label, open.sbom.format);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: "Save the SBOM",
    filters: { JSON: ["json"] },
    ...(folder && { defaultUri: Uri.joinPath(folder, name) }),
  });
  if (!target) return;
  await workspace.fs.writeFile(target, Buffer.from(open.text));
  window.setStatusBarMessage(`Dockwright: saved ${workspace.asRelativePath(target)}`, SHOWN_MS);
}

const SHOWN_MS = 5_000;
