/** Offers a GitHub Actions workflow or GitLab CI jobs for this project: a document to save, or a difference to apply where the file is there. */
import { isAbsolute, relative } from "node:path";
import {
  commands,
  extensions,
  FileType,
  Range,
  Selection,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type WorkspaceFolder,
} from "vscode";
import type {
  CiFile,
  CiFileParams,
  CiProjectFacts,
  CiProjectParams,
  CiService,
  CiSeverity,
} from "../../../server/src/lsp/messages.ts";
import { askCommit, commitIn } from "../ci/commits.ts";
import { imageName } from "../ci/image-name.ts";
import { branchHere, remoteHere } from "../git.ts";
import { lookupsIn } from "../lookups.ts";
import { gateOf, type Thresholds, thresholdsOf } from "../scanners/thresholds.ts";
import { factsOf } from "../tasks/run-build.ts";
import { withProgress } from "../work.ts";
import type { Parts } from "./command.ts";
import { offerToReplace } from "./replace-ci.ts";

type Buildable = CiFileParams["files"][number];

/** The gravest first. */
const SEVERITIES: readonly CiSeverity[] = ["critical", "high", "medium", "low"];

const DOCKERFILES = "**/{Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}";
const NOT_LOOKED_INTO = "**/{node_modules,.git,vendor,.venv}/**";
const MAX_FILES = 100;

/** @param given `{ provider }` of a keybinding */
export async function generateCi(parts: Parts, given?: unknown): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  const remote = await remoteHere(folder.uri);
  const asked: CiProjectParams = { folder: folder.name, ...(remote !== undefined && { remote }) };
  const facts = await parts.client.sendRequest<CiProjectFacts>("dockwright/ciProject", asked);
  const service = serviceIn(facts, given) ?? (await chooseService(folder, facts));
  if (!service) return;
  const files = await chooseDockerfiles(folder);
  if (!files) return;
  const builds = await Promise.all(files.map((file) => buildable(parts, folder, file)));
  const repository = await window.showInputBox({
    title: "Where the images are published",
    prompt: "Registry and repository, without tag; where there are several images each adds its name",
    value: service.repository,
    validateInput: (text) =>
      imageName(text) ? undefined : "Registry and repository in lower case, such as ghcr.io/owner/name",
    ignoreFocusOut: true,
  });
  if (repository === undefined) return;
  const thresholds = thresholdsOf(workspace.getConfiguration("dockwright", folder.uri).get("scan.thresholds"));
  const severity = await chooseSeverity(thresholds);
  if (!severity) return;
  await offer(parts, folder, service, {
    provider: service.provider,
    repository,
    folder: folder.name,
    files: builds,
    defaultBranch: (await branchHere(folder.uri)) ?? "main",
    severity,
    fixableOnly: thresholds.fixableOnly === true,
    version: String(extensions.getExtension("dockwright.dockwright")?.packageJSON.version ?? "latest"),
  });
}

const serviceIn = ({ services }: CiProjectFacts, given: unknown): CiService | undefined => {
  const named = typeof given === "object" && given !== null && "provider" in given ? given.provider : undefined;
  return services.find(({ provider }) => provider === named);
};

async function chooseFolder(): Promise<WorkspaceFolder | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1) return window.showWorkspaceFolderPick();
  if (folders.length === 0)
    void window.showInformationMessage("Open the project's folder first, then run this command again");
  return folders[0];
}

/** The service of the remote, or of the files that are there, stands first. */
async function chooseService(
  folder: WorkspaceFolder,
  { likely, services }: CiProjectFacts,
): Promise<CiService | undefined> {
  const gitlab = services.find(({ provider }) => provider === "gitlab");
  const first = gitlab && (await exists(Uri.joinPath(folder.uri, gitlab.path))) ? "gitlab" : likely;
  const items = services
    .toSorted((a, b) => Number(b.provider === first) - Number(a.provider === first))
    .map((service) => ({ label: service.label, description: service.path, service }));
  return (await window.showQuickPick(items, { title: "CI files for", ignoreFocusOut: true }))?.service;
}

async function chooseDockerfiles(folder: WorkspaceFolder): Promise<readonly string[] | undefined> {
  const found = await workspace.findFiles(pattern(folder, DOCKERFILES), NOT_LOOKED_INTO, MAX_FILES);
  const paths = found
    .map((uri) => uri.path.slice(folder.uri.path.length + 1))
    .filter((path) => !/\.dockerignore$/i.test(path))
    .toSorted((a, b) => a.split("/").length - b.split("/").length || a.localeCompare(b));
  if (paths.length === 0) {
    void window.showInformationMessage(`There is no Dockerfile in ${folder.name} to make CI files for`);
    return undefined;
  }
  if (paths.length === 1) return paths;
  const items = paths.map((label) => ({ label, picked: true }));
  const title = "Which images are published?";
  const chosen = await window.showQuickPick(items, { title, canPickMany: true, ignoreFocusOut: true });
  return chosen && chosen.length > 0 ? chosen.map(({ label }) => label) : undefined;
}

const pattern = (folder: WorkspaceFolder, glob: string) => ({
  baseUri: folder.uri,
  base: folder.uri.fsPath,
  pattern: glob,
});

/** What compose files of the project say about how it is built; a context outside of the project is left out. */
async function buildable({ client }: Parts, folder: WorkspaceFolder, dockerfile: string): Promise<Buildable> {
  const uri = Uri.joinPath(folder.uri, dockerfile);
  await workspace.openTextDocument(uri);
  const facts = await factsOf(client, uri);
  const services = (facts?.services ?? []).flatMap(({ service, target, context }) => {
    const from = context === undefined ? undefined : relative(folder.uri.fsPath, context).replaceAll("\\", "/");
    if (from !== undefined && (from === ".." || from.startsWith("../") || isAbsolute(from))) return [];
    return [{ service, ...(target !== undefined && { target }), ...(from !== undefined && { context: from || "." }) }];
  });
  return { dockerfile, services };
}

/** What the setting allows none of stands first. */
async function chooseSeverity(thresholds: Thresholds): Promise<CiSeverity | undefined> {
  const gate = gateOf(thresholds);
  const set = gate && (SEVERITIES.find((severity) => severity === gate) ?? SEVERITIES.at(-1));
  const items = SEVERITIES.toSorted((a, b) => Number(b === set) - Number(a === set)).map((severity) => ({
    label: severity,
    description: [
      severity === "critical" ? "these alone stop the publication" : `${severity} and graver ones stop the publication`,
      ...(thresholds.fixableOnly ? ["where there is a fix"] : []),
      ...(severity === set ? ["as dockwright.scan.thresholds says"] : []),
    ].join(", "),
    severity,
  }));
  return (
    await window.showQuickPick(items, { title: "Which vulnerabilities stop the publication?", ignoreFocusOut: true })
  )?.severity;
}

/** Nothing is written before the person accepts what is shown. */
async function offer(
  parts: Parts,
  folder: WorkspaceFolder,
  service: CiService,
  project: Omit<CiFileParams, "commits">,
): Promise<void> {
  const commits = service.actions.length > 0 ? await chooseCommits(parts, service) : {};
  if (!commits) return;
  const target = Uri.joinPath(folder.uri, service.path);
  const asked: CiFileParams = { ...project, commits };
  const { text } = await parts.client.sendRequest<CiFile>("dockwright/ciFile", asked);
  if (text === undefined) throw new Error("The language server could not write the file; its log says why");
  if (!(await exists(target))) return offerNew(target, text, service);
  const there = await workspace.openTextDocument(target);
  if (there.getText() !== text) return offerToReplace(target, text, service.path);
  await window.showTextDocument(there);
  void window.showInformationMessage(`${service.path} is already as it would be generated`);
}

type Commits = CiFileParams["commits"];

/** Of the actions; undefined when the person left. Where nothing may be asked, placeholders stand for them. */
async function chooseCommits(parts: Parts, service: CiService): Promise<Commits | undefined> {
  if (lookupsIn(workspace.getConfiguration("dockwright")) === "off") return {};
  const items = [
    { label: "Leave placeholders", description: "to be resolved before it runs", asks: false },
    { label: "Ask github.com now", description: "with git, for the commit of each action's release", asks: true },
  ] as const;
  const chosen = await window.showQuickPick(items, { title: "Actions are pinned by commit", ignoreFocusOut: true });
  if (!chosen) return undefined;
  return chosen.asks
    ? withProgress(parts, "Asking github.com for the actions' commits", (work) => resolved(service, work))
    : {};
}

/** A document that is no file yet: saving it, as any other, is what writes it. */
async function offerNew(target: Uri, text: string, { path }: CiService): Promise<void> {
  const document = await workspace.openTextDocument(target.with({ scheme: "untitled" }));
  // One may be open since the command ran the last time.
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, document.validateRange(new Range(0, 0, document.lineCount, 0)), text);
  await workspace.applyEdit(edit);
  const editor = await window.showTextDocument(document, { preview: false });
  editor.selection = new Selection(0, 0, 0, 0);
  editor.revealRange(editor.selection);
  const message = `${path} is not written yet. Look it over and save it, or discard it.`;
  const choice = await window.showInformationMessage(message, "Write File", "Discard");
  if (choice === undefined || document.isClosed) return;
  if (choice === "Write File") return void (await document.save());
  await window.showTextDocument(document);
  await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

async function resolved(
  { actions }: CiService,
  { run, say }: Parameters<Parameters<typeof withProgress>[2]>[0],
): Promise<Commits> {
  const commits: Record<string, string> = {};
  for (const action of actions) {
    say(`${action.repository} ${action.release}`);
    const outcome = await run(askCommit(action));
    if (outcome.missing) throw new Error("git is not on PATH, and the actions' commits are asked for with it");
    const commit = commitIn(outcome, action);
    if (commit !== undefined) commits[action.repository] = commit;
  }
  const left = actions
    .filter(({ repository }) => commits[repository] === undefined)
    .map(({ repository }) => repository);
  if (left.length > 0)
    void window.showWarningMessage(`These are still to be resolved, the log says why: ${left.join(", ")}`);
  return commits;
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}
