/** Saves reports as SARIF, each finding at the line that brought it. */
import { Uri, window, workspace } from "vscode";
import { SCANNERS } from "../scanners/find.ts";
import { sarifOf } from "../scanners/sarif.ts";
import { titleOf } from "../views/findings/store.ts";
import type { TreeNode } from "../views/findings/tree.ts";
import type { Parts } from "./command.ts";

/** @param to where, when nobody is to be asked */
export async function exportSarif({ findings }: Parts, node?: unknown, to?: unknown): Promise<void> {
  const given = (node as TreeNode | undefined)?.report;
  const reports = given ? [given] : findings.reports();
  if (reports.length === 0) {
    void window.showInformationMessage("There is nothing to export: scan an image or the workspace first");
    return;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = to instanceof Uri ? to : await askWhere(folder);
  if (!target) return;
  const inputs = reports.map((report) => ({
    report,
    title: titleOf(report),
    page: SCANNERS.find(({ name }) => name === report.scanner)?.page ?? "",
    placeOf: (finding: (typeof report.findings)[number]) => findings.placeOf(report, finding),
  }));
  await workspace.fs.writeFile(target, Buffer.from(sarifOf(inputs, relativePath)));
  void window.showInformationMessage(`Saved ${target.path.split("/").at(-1)}`);
}

const askWhere = (folder: Uri | undefined): Thenable<Uri | undefined> =>
  window.showSaveDialog({
    title: "Export scan reports",
    filters: { SARIF: ["sarif", "json"] },
    ...(folder && { defaultUri: Uri.joinPath(folder, "dockwright.sarif") }),
  });

function relativePath(address: string): string | undefined {
  const uri = Uri.parse(address);
  const folder = workspace.getWorkspaceFolder(uri);
  return folder && uri.path.slice(folder.uri.path.length).replace(/^\//, "");
}
