/** A CI file that is there beside what would be generated, as a difference; accepting it replaces the file, as an edit that can be undone. */
import { commands, Range, TabInputTextDiff, Uri, window, workspace, WorkspaceEdit } from "vscode";
import { previewOf } from "../preview.ts";

interface Offer {
  readonly target: Uri;
  readonly text: string;
  readonly preview: Uri;
}

let offer: Offer | undefined;

const set = (now: Offer | undefined): void => {
  offer = now;
  void commands.executeCommand("setContext", "dockwright.hasCiOffer", now !== undefined);
};

/** Resolves when the person has answered; the answer also waits as a command, in the title of the difference. */
export async function offerToReplace(target: Uri, text: string, path: string): Promise<void> {
  const name = target.path.split("/").at(-1) ?? "";
  const preview = await previewOf(name, text);
  set({ target, text, preview });
  await commands.executeCommand("vscode.diff", target, preview, `${name}: now ↔ generated`, { preview: false });
  const message = `${path} is there and stays as it is. Look over the difference, then replace it or not.`;
  const choice = await window.showInformationMessage(message, "Replace File", "Discard");
  if (choice === "Replace File") await replaceCi();
  if (choice === "Discard") await withdraw();
}

export async function replaceCi(): Promise<void> {
  if (!offer) return;
  const { target, text } = offer;
  const document = await workspace.openTextDocument(target);
  const edit = new WorkspaceEdit();
  edit.replace(target, document.validateRange(new Range(0, 0, document.lineCount, 0)), text);
  if (!(await workspace.applyEdit(edit))) throw new Error(`${workspace.asRelativePath(target)} could not be changed`);
  await withdraw();
  const changed = await workspace.openTextDocument(target);
  await changed.save();
  await window.showTextDocument(changed, { preview: false });
}

async function withdraw(): Promise<void> {
  const shown = offer?.preview.toString();
  set(undefined);
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  await window.tabGroups.close(
    tabs.filter(({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === shown),
  );
}
