/** Writes the version that fixes a finding where the vulnerable one is pinned: in RUN, or in the manifest behind a lock file. */
import { Range, RelativePattern, type TextDocument, Uri, window, workspace, WorkspaceEdit } from "vscode";
import { type Bump, bumpsIn, manifestsFor, versionToTake } from "../scanners/bump.ts";
import type { Finding, Report } from "../scanners/report.ts";
import { folderOf } from "../views/findings/scanning.ts";
import type { TreeNode } from "../views/findings/tree.ts";
import type { Parts } from "./command.ts";

interface Place {
  readonly document: TextDocument;
  readonly bump: Bump;
}

const MAX_FILES = 20;

export async function bumpPackage(_parts: Parts, node?: unknown): Promise<void> {
  const { finding, report } = (node as TreeNode | undefined) ?? {};
  if (!finding?.package || !report) {
    void window.showInformationMessage(
      "Choose a finding with a fix in the view Findings, then Bump Package in its menu",
    );
    return;
  }
  const { name, version } = finding.package;
  const to = versionToTake(version, finding.fixed);
  if (to === undefined) {
    void window.showInformationMessage(`No version of ${name} without ${finding.id} is known`);
    return;
  }
  const places: Place[] = [];
  for (const uri of await filesFor(report, finding)) {
    const document = await workspace.openTextDocument(uri);
    for (const bump of bumpsIn(uri.path, document.getText(), finding)) places.push({ document, bump });
  }
  if (places.length === 0) {
    void window.showInformationMessage(
      `${name} ${version} is pinned nowhere here: it comes with the base image or through another package. ${to} has the fix`,
    );
    return;
  }
  const chosen = places.length === 1 ? places : await choose(name, places);
  const [first] = chosen;
  if (!first) return;
  const edit = new WorkspaceEdit();
  for (const { document, bump } of chosen) edit.replace(document.uri, rangeOf(document, bump), bump.to);
  await workspace.applyEdit(edit);
  await window.showTextDocument(first.document, { selection: rangeOf(first.document, first.bump) });
  const locked = finding.path !== undefined && /lock|\.sum$/.test(finding.path);
  window.setStatusBarMessage(`Dockwright: ${name} is now ${to}${locked ? "; update the lock file too" : ""}`, 10_000);
}

const rangeOf = (document: TextDocument, { start, end }: Bump): Range =>
  new Range(document.positionAt(start), document.positionAt(end));

async function choose(name: string, places: readonly Place[]): Promise<readonly Place[]> {
  const items = places.map((place) => {
    const { document, bump } = place;
    const line = document.positionAt(bump.start).line;
    return {
      label: `${workspace.asRelativePath(document.uri)}:${line + 1}`,
      description: `${bump.from} → ${bump.to}`,
      detail: document.lineAt(line).text.trim().slice(0, 120),
      picked: true,
      place,
    };
  });
  const chosen = await window.showQuickPick(items, { canPickMany: true, title: `Bump ${name}` });
  return (chosen ?? []).map(({ place }) => place);
}

/** The Dockerfile, the manifest beside what was found, and manifests of that kind below the folder. */
async function filesFor(report: Report, finding: Finding): Promise<readonly Uri[]> {
  const folder = folderOf(report);
  const names = manifestsFor(finding);
  const found: Uri[] = report.dockerfile ? [Uri.parse(report.dockerfile.uri)] : [];
  if (report.target.kind === "folder") {
    const root = Uri.file(report.target.folder);
    for (const name of names) if (await exists(Uri.joinPath(root, name))) found.push(Uri.joinPath(root, name));
    if (found.length === 0)
      found.push(...(await workspace.findFiles(within(folder, "{Dockerfile,Containerfile}*"), EXCLUDED, MAX_FILES)));
  } else {
    for (const name of names.filter((each) => !each.includes("/")))
      found.push(...(await workspace.findFiles(within(folder, name), EXCLUDED, MAX_FILES)));
  }
  return [...new Map(found.map((uri) => [uri.toString(), uri])).values()];
}

const EXCLUDED = "**/{node_modules,vendor,.venv}/**";
const within = (folder: Uri | undefined, name: string): RelativePattern | string =>
  folder ? new RelativePattern(folder, `**/${name}`) : `**/${name}`;

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
