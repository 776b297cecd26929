/** Which image is meant: of the engine, in a registry, an archive or a layout on disk. */
import { type QuickPickItem, QuickPickItemKind, window } from "vscode";
import type { ImageSource } from "../../../server/src/lsp/messages.ts";
import { engineHere, whereHere } from "../engine.ts";
import { listImages, readImages } from "../images.ts";
import { whyNoImage } from "../scanners/scanner.ts";
import { engineSource } from "../views/layers/engine-source.ts";
import { ask } from "../work.ts";

interface Choice extends QuickPickItem {
  readonly choose?: () => Promise<ImageSource | undefined>;
}

const ELSEWHERE: readonly Choice[] = [
  { label: "$(cloud) Image in a registry…", choose: fromRegistry, alwaysShow: true },
  {
    label: "$(file-zip) Archive file…",
    description: "of docker save, podman save, or an OCI archive",
    choose: fromFile,
    alwaysShow: true,
  },
  { label: "$(folder) OCI layout folder…", choose: fromFolder, alwaysShow: true },
];

/** Undefined when nothing was chosen. */
export async function chooseLayers(title: string): Promise<ImageSource | undefined> {
  const pick = window.createQuickPick<Choice>();
  pick.title = title;
  pick.placeholder = "Choose an image, or write the name of one that the engine has";
  pick.ignoreFocusOut = true;
  pick.busy = true;
  let here: readonly Choice[] = [];
  const offer = (): void => {
    const typed = pick.value.trim();
    const isListed = typed === "" || here.some(({ label }) => label === typed);
    pick.items = [
      ...(isListed ? [] : [{ ...imageChoice(typed), description: "as the engine has it", alwaysShow: true }]),
      // First, so that none of them moves when the engine has answered.
      ...ELSEWHERE,
      ...(here.length > 0 ? [{ label: "On this machine", kind: QuickPickItemKind.Separator }, ...here] : []),
    ];
  };
  offer();
  const chosen = Promise.withResolvers<Choice | undefined>();
  pick.onDidChangeValue(offer);
  pick.onDidAccept(() => {
    const [choice] = pick.selectedItems;
    if (choice) chosen.resolve(choice);
  });
  pick.onDidHide(() => chosen.resolve(undefined));
  pick.show();
  imagesHere()
    .then((images) => {
      here = images.map(imageChoice);
      offer();
    })
    // The person types the name then.
    .catch(() => {})
    .finally(() => {
      pick.busy = false;
    });
  const choice = await chosen.promise;
  pick.dispose();
  return choice?.choose?.();
}

const imageChoice = (label: string): Choice => ({ label, choose: () => engineSource(label) });

async function imagesHere(): Promise<readonly string[]> {
  const { engine } = await engineHere();
  if (!engine) return [];
  const { stdout, code } = await ask(listImages(engine.name, whereHere()));
  return code === 0 ? readImages(stdout) : [];
}

async function fromRegistry(): Promise<ImageSource | undefined> {
  const image = await window.showInputBox({
    title: "Image in a registry",
    prompt: "Its manifest and configuration are read first; nothing else before you say so",
    placeHolder: "registry.example/team/app:1.0",
    ignoreFocusOut: true,
    validateInput: (value) => whyNoImage(value.trim()),
  });
  const name = image?.trim();
  return name ? { kind: "registry", image: name } : undefined;
}

const pathOf = async (options: {
  readonly title: string;
  readonly isFolder: boolean;
}): Promise<ImageSource | undefined> => {
  const { title, isFolder } = options;
  const [uri] =
    (await window.showOpenDialog({
      title,
      canSelectFiles: !isFolder,
      canSelectFolders: isFolder,
      openLabel: "Show Layers",
    })) ?? [];
  return uri && { kind: "path", path: uri.fsPath };
};

async function fromFile(): Promise<ImageSource | undefined> {
  return pathOf({ title: "Archive of an image", isFolder: false });
}

async function fromFolder(): Promise<ImageSource | undefined> {
  return pathOf({ title: "Folder of an OCI layout", isFolder: true });
}
