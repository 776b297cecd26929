/** Scans the folders of the workspace: packages in lock files, secrets, misconfigurations. */
import { Uri, window, workspace } from "vscode";
import { scanAll, tellOutcomes } from "../views/findings/scanning.ts";
import type { Parts } from "./command.ts";

/** So many files are opened to have our own findings beside the scanner's. */
const MAX_OPENED = 50;

export async function scanWorkspace(parts: Parts): Promise<void> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (folders.length === 0) {
    void window.showInformationMessage("Open a folder first, then run this command again");
    return;
  }
  const jobs = folders.map(({ uri }) => ({ target: { kind: "folder", folder: uri.fsPath } as const }));
  const outcomes = await scanAll(parts, "Scanning the workspace", jobs);
  if (!outcomes) return;
  for (const { report } of outcomes) {
    const paths = (report?.findings ?? []).flatMap(({ kind, path }) =>
      kind === "misconfiguration" && path ? [path] : [],
    );
    if (report?.target.kind !== "folder") continue;
    for (const path of [...new Set(paths)].slice(0, MAX_OPENED))
      await opened(Uri.joinPath(Uri.file(report.target.folder), path));
  }
  await tellOutcomes(outcomes);
}

/** The server looks at files that are open. */
async function opened(uri: Uri): Promise<void> {
  try {
    await workspace.openTextDocument(uri);
  } catch {
    // deleted meanwhile, or no text
  }
}
