/** Dockerfiles of the test workspace, and waiting for what the extension says about them. */
import * as vscode from "vscode";

const PATIENCE_MS = 20_000;
let count = 0;

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error("the tests need an open folder");
  return folder.uri;
}

/** The example every test may read; who changes it works on a copy of its text. */
export const nodeExample = (): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), "node", "Dockerfile");

export async function textOfFile(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf8");
}

/** A Dockerfile of its own folder, in the active editor. */
export async function openDockerfile(text: string): Promise<vscode.TextEditor> {
  count += 1;
  const uri = vscode.Uri.joinPath(workspaceFolder(), `case-${count}`, "Dockerfile");
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return vscode.window.showTextDocument(uri);
}

const OF_A_CASE = /^[a-z]+-\d+$/;

/** Takes the folders of single cases away: a workspace of a hundred Dockerfiles is another one than that of the examples. */
export async function removeCases(): Promise<void> {
  const entries = await vscode.workspace.fs.readDirectory(workspaceFolder());
  const folders = entries.filter(([name, type]) => type === vscode.FileType.Directory && OF_A_CASE.test(name));
  for (const [name] of folders)
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(workspaceFolder(), name), { recursive: true });
}

/** Resolves when `ready` gives something other than undefined or false. */
export async function eventually<T>(
  what: string,
  ready: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await ready();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const findingsNow = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "dockwright");

/** The findings as soon as they are as `wanted`; some, when it is not given. */
export async function findings(
  { uri }: vscode.TextDocument,
  wanted: (rules: readonly string[]) => boolean = (rules) => rules.length > 0,
): Promise<readonly vscode.Diagnostic[]> {
  try {
    return await eventually("findings", () => {
      const found = findingsNow(uri);
      return wanted(found.map(ruleOf)) && found;
    });
  } catch (error) {
    throw new Error(`${error}; there are: ${findingsNow(uri).map(ruleOf).join(", ") || "none"}`);
  }
}

export const ruleOf = ({ code }: vscode.Diagnostic): string =>
  String(typeof code === "object" ? code.value : (code ?? ""));

export async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  if (!(await editor.edit((edit) => edit.replace(whole, text)))) throw new Error("the edit was not accepted");
}

/** The range of the first occurrence. */
export function rangeOf(document: vscode.TextDocument, word: string): vscode.Range {
  const start = document.getText().indexOf(word);
  if (start < 0) throw new Error(`${word} is not in the document`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + word.length));
}

/** What the lightbulb has at `word`; `resolve` many of them with their edits. */
export const actionsAt = async (
  document: vscode.TextDocument,
  word: string,
  { resolve = 0 }: { readonly resolve?: number } = {},
): Promise<readonly vscode.CodeAction[]> =>
  vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    rangeOf(document, word),
    vscode.CodeActionKind.QuickFix.value,
    resolve,
  );
