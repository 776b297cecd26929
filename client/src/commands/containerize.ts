/** *Containerize This Project*: asks what is doubtful, shows every file against what is there, writes what the person keeps, in one edit. */
import {
  CancellationTokenSource,
  commands,
  extensions,
  FileType,
  Range,
  type QuickPickItem,
  QuickPickItemKind,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type WorkspaceFolder,
} from "vscode";
import type {
  ContainerDecision,
  Containerized,
  ContainerizeParams,
  ContainerPlan,
} from "../../../server/src/lsp/messages.ts";
import { previewOf } from "../preview.ts";
import { withProgress } from "../work.ts";
import type { Parts } from "./command.ts";

type File = ContainerPlan["files"][number];

const TITLE = "Containerize This Project";

/** @param given a folder's Uri, of the explorer's menu */
export async function containerize(parts: Parts, given?: unknown): Promise<void> {
  const place = await placeOf(given);
  if (!place) return;
  const { project } = place;
  let { folder } = place;
  const choices: Record<string, string> = {};
  const asked = new Set<string>();
  for (;;) {
    const answer = await request(parts, project, folder, choices);
    if (!answer) return;
    const { plan, refusal = "nothing is known of this folder", folders = [] } = answer;
    if (!plan) {
      const other = await chooseFolder(refusal, folders);
      if (other === undefined) return;
      folder = other;
      continue;
    }
    const open = plan.decisions.find(
      ({ id, doubtful, alternatives }) => doubtful && alternatives.length > 0 && !asked.has(id),
    );
    if (open) {
      const chosen = await decide(open, plan);
      if (chosen === undefined) return;
      asked.add(open.id);
      if (chosen !== "") choices[open.id] = chosen;
      continue;
    }
    const next = await review(plan);
    if (next === undefined) return;
    if (next === "files") return write(project, plan);
    const changed = await decide(next, plan);
    if (changed !== undefined && changed !== "") choices[next.id] = changed;
  }
}

/** The workspace's folder, and the application's in it where a person pointed at one. */
async function placeOf(
  given: unknown,
): Promise<{ readonly project: WorkspaceFolder; readonly folder: string | undefined } | undefined> {
  if (given instanceof Uri) {
    const project = workspace.getWorkspaceFolder(given);
    if (project) {
      const way = given.path.slice(project.uri.path.replace(/\/$/, "").length + 1);
      return { project, folder: way === "" ? undefined : way };
    }
  }
  const folders = workspace.workspaceFolders ?? [];
  const project = folders.length > 1 ? await window.showWorkspaceFolderPick() : folders[0];
  if (folders.length === 0)
    void window.showInformationMessage("Open the project's folder first, then run this command again");
  return project && { project, folder: undefined };
}

async function request(
  parts: Parts,
  project: WorkspaceFolder,
  folder: string | undefined,
  choices: Readonly<Record<string, string>>,
): Promise<Containerized | undefined> {
  const params: ContainerizeParams = {
    uri: parts.client.code2ProtocolConverter.asUri(project.uri),
    choices,
    version: String(extensions.getExtension("dockwright.dockwright")?.packageJSON.version ?? "latest"),
    ...(folder !== undefined && { folder }),
  };
  return withProgress(parts, "Reading the project", async ({ signal }) => {
    const stop = new CancellationTokenSource();
    signal.addEventListener("abort", () => stop.cancel());
    return parts.client.sendRequest<Containerized>("dockwright/containerize", params, stop.token);
  });
}

/** Undefined where there is no other folder, or none was chosen. */
async function chooseFolder(
  refusal: string,
  folders: NonNullable<Containerized["folders"]>,
): Promise<string | undefined> {
  if (folders.length === 0) {
    void window.showWarningMessage(`Nothing was written: ${refusal}.`);
    return undefined;
  }
  const items = folders.map(({ folder, manifest }) => ({
    label: folder === "" ? "." : folder,
    description: manifest,
    folder,
  }));
  const placeHolder = `${capital(refusal)}. Another folder?`;
  return (await window.showQuickPick(items, { title: TITLE, placeHolder, ignoreFocusOut: true }))?.folder;
}

/** The id that was chosen, empty for what is decided already; undefined when the person left. */
async function decide(
  { what, why, alternatives }: ContainerDecision,
  { ecosystem }: ContainerPlan,
): Promise<string | undefined> {
  const items = [
    { label: what, description: "as decided", id: "" },
    ...alternatives.map(({ id, label }) => ({ label, id })),
  ];
  return (
    await window.showQuickPick(items, {
      title: `${TITLE}: ${ecosystem}`,
      placeHolder: `${capital(why)}. What is right here?`,
      ignoreFocusOut: true,
    })
  )?.id;
}

/** Every decision, to be changed, before the files are shown. */
async function review({ decisions, ecosystem }: ContainerPlan): Promise<ContainerDecision | "files" | undefined> {
  const row = (decision: ContainerDecision): QuickPickItem & { readonly decision?: ContainerDecision } => ({
    label: `${decision.doubtful ? "$(question)" : decision.alternatives.length > 0 ? "$(edit)" : "$(info)"} ${decision.what}`,
    detail: `Because ${decision.why}`,
    ...(decision.alternatives.length > 0 && { decision }),
  });
  const first: QuickPickItem & { readonly decision?: ContainerDecision } = {
    label: "$(diff-multiple) Show the files",
    detail: "Nothing is written before you say which",
  };
  for (;;) {
    const items = [first, { label: "Decided", kind: QuickPickItemKind.Separator }, ...decisions.map(row)];
    const chosen = await window.showQuickPick(items, {
      title: `${TITLE}: ${ecosystem}`,
      placeHolder: "Show the files, or change a decision",
      matchOnDetail: true,
      ignoreFocusOut: true,
    });
    if (!chosen) return undefined;
    if (chosen === first) return "files";
    if ("decision" in chosen && chosen.decision) return chosen.decision;
  }
}

async function write(project: WorkspaceFolder, plan: ContainerPlan): Promise<void> {
  const changed = plan.files.filter(({ before, text }) => before !== text);
  if (changed.length === 0) {
    void window.showInformationMessage("Every file is already as it would be written");
    return;
  }
  const close = await show(project, changed);
  try {
    const items = changed.map((file) => ({
      label: file.path,
      description: file.before === undefined ? "new" : "replaces what is there",
      // What a person wrote is replaced only where that is asked for.
      picked: file.before === undefined,
      file,
    }));
    const chosen = await window.showQuickPick(items, {
      title: "Which of these files are written?",
      placeHolder: "They are shown behind this list",
      canPickMany: true,
      ignoreFocusOut: true,
    });
    if (!chosen || chosen.length === 0) return;
    await apply(
      project,
      chosen.map(({ file }) => file),
    );
  } finally {
    await close();
  }
  const [first] = changed;
  if (first) await openIfThere(Uri.joinPath(project.uri, first.path));
}

/** All of them in one editor, each against what is there. Gives what closes it. */
async function show(project: WorkspaceFolder, files: readonly File[]): Promise<() => Promise<void>> {
  const title = `${TITLE}: now ↔ generated`;
  const rows = await Promise.all(
    files.map(async ({ path, before, text }) => {
      const target = Uri.joinPath(project.uri, path);
      const now = before === undefined ? await previewOf(`nothing/${path}`, "") : target;
      return [target, now, await previewOf(`generated/${path}`, text)];
    }),
  );
  await commands.executeCommand("vscode.changes", title, rows);
  return async () => {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs).filter(({ label }) => label.includes(title));
    await window.tabGroups.close(tabs);
  };
}

/** One edit, which *Undo* takes back. */
async function apply(project: WorkspaceFolder, files: readonly File[]): Promise<void> {
  const edit = new WorkspaceEdit();
  const replaced: Uri[] = [];
  for (const { path, before, text } of files) {
    const target = Uri.joinPath(project.uri, path);
    if (before === undefined) {
      if (await exists(target))
        throw new Error(`${path} has come about meanwhile, and nothing was written; run the command again`);
      edit.createFile(target, { contents: Buffer.from(text) });
      continue;
    }
    const document = await workspace.openTextDocument(target);
    if (!same(document.getText(), before))
      throw new Error(`${path} was changed meanwhile, and nothing was written; run the command again`);
    edit.replace(target, document.validateRange(new Range(0, 0, document.lineCount, 0)), text);
    replaced.push(target);
  }
  if (!(await workspace.applyEdit(edit))) throw new Error("The files could not be written");
  for (const target of replaced) await (await workspace.openTextDocument(target)).save();
}

/** Documents have one kind of line ending. */
const same = (a: string, b: string): boolean => a.replaceAll("\r\n", "\n") === b.replaceAll("\r\n", "\n");

async function exists(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}

async function openIfThere(uri: Uri): Promise<void> {
  if (await exists(uri)) await window.showTextDocument(uri);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
