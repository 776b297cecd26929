/** Which Dockerfile a command is about, and what was said when it was built the last time. */
import { type ExtensionContext, type TextDocument, Uri, window, workspace } from "vscode";
import { rememberable } from "../build/questions.ts";
import type { BuildDefinition } from "./definition.ts";

const REMEMBERED = "dockwright.build";

/** The file of a code lens, a menu or a key; without one the open file, else one chosen from the workspace. */
export async function dockerfileFor(given: unknown): Promise<Uri | undefined> {
  if (given instanceof Uri) return onDisk(given);
  if (typeof given === "string") return onDisk(Uri.parse(given, true));
  const open = window.activeTextEditor?.document;
  if (open?.languageId === "dockerfile") return onDisk(await saved(open));
  const files = await workspace.findFiles(
    "**/{Dockerfile,Dockerfile.*,*.Dockerfile,*.dockerfile,Containerfile,Containerfile.*}",
  );
  if (files.length === 0) {
    void window.showInformationMessage("There is no Dockerfile here: open one, then run this command again");
    return undefined;
  }
  const items = files
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri }))
    .toSorted((a, b) => (a.label < b.label ? -1 : 1));
  const chosen =
    items.length === 1 ? items[0] : await window.showQuickPick(items, { placeHolder: "Dockerfile to build" });
  return chosen?.uri;
}

/** A new file gets a name first. */
async function saved(document: TextDocument): Promise<Uri> {
  if (document.isUntitled) return (await workspace.saveAs(document.uri)) ?? document.uri;
  return document.uri;
}

function onDisk(uri: Uri): Uri | undefined {
  if (uri.scheme === "file") return uri;
  void window.showInformationMessage("Only files on disk can be built: save this one first");
  return undefined;
}

type Remembered = Readonly<Record<string, Omit<BuildDefinition, "target">>>;

export const rememberedFor = (
  { workspaceState }: ExtensionContext,
  uri: Uri,
): Omit<BuildDefinition, "target"> | undefined => workspaceState.get<Remembered>(REMEMBERED, {})[uri.toString()];

/** Not the stage: the next build may be of another. */
export async function remember(
  { workspaceState }: ExtensionContext,
  uri: Uri,
  definition: BuildDefinition,
): Promise<void> {
  const { target: _, ...rest } = rememberable(definition);
  await workspaceState.update(REMEMBERED, {
    ...workspaceState.get<Remembered>(REMEMBERED, {}),
    [uri.toString()]: rest,
  });
}
