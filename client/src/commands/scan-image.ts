/** Scans an image: the one given, or one that is chosen: what the open file names, what this machine has, a name that is typed. */
import { type QuickPickItem, QuickPickItemKind, Uri, window } from "vscode";
import type { BaseImage, BaseImagesParams } from "../../../server/src/lsp/messages.ts";
import { engineHere, whereHere } from "../engine.ts";
import { listImages, readImages } from "../images.ts";
import { runProgram } from "../process.ts";
import type { DockerfilePlace } from "../scanners/report.ts";
import { whyNoImage } from "../scanners/scanner.ts";
import { scanAll, tellOutcomes } from "../views/findings/scanning.ts";
import type { Parts } from "./command.ts";

/**
 * @param at the stage of the Dockerfile the image was built from; or the line of the file that names it, from 0
 * @param of the platform
 */
export async function scanImage(
  parts: Parts,
  image?: unknown,
  uri?: unknown,
  at?: unknown,
  of?: unknown,
): Promise<void> {
  const asked = typeof of === "string" ? of : undefined;
  const chosen =
    typeof image === "string" ? { image, dockerfile: placeOf(uri, at), platform: asked } : await choose(parts);
  if (!chosen) return;
  const refused = whyNoImage(chosen.image);
  if (refused !== undefined) {
    void window.showErrorMessage(refused);
    return;
  }
  const { dockerfile, image: name, platform } = chosen;
  const target = { kind: "image", image: name, ...(platform !== undefined && { platform }) } as const;
  const job = { target, ...(dockerfile && { dockerfile }) };
  const outcomes = await scanAll(parts, `Scanning ${chosen.image}`, [job]);
  if (outcomes) await tellOutcomes(outcomes);
}

const placeOf = (uri: unknown, at: unknown): DockerfilePlace | undefined =>
  typeof uri === "string"
    ? { uri, ...(typeof at === "string" && { target: at }), ...(typeof at === "number" && { baseLine: at + 1 }) }
    : undefined;

interface Chosen {
  readonly image: string;
  readonly dockerfile?: DockerfilePlace | undefined;
  readonly platform?: string | undefined;
}

type Item = QuickPickItem & { readonly line?: number; readonly platform?: string | undefined };

const FILES: ReadonlySet<string> = new Set(["dockerfile", "dockercompose"]);

async function choose(parts: Parts): Promise<Chosen | undefined> {
  const document = window.activeTextEditor?.document;
  const isDockerfile = document?.languageId === "dockerfile";
  const uri = document && FILES.has(document.languageId) ? document.uri.toString() : undefined;
  const [named, local] = await Promise.all([uri === undefined ? [] : imagesIn(parts, uri), localImages()]);
  const heading = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });
  const inFile = named.map(
    ({ image, line, platform }): Item => ({ label: image, description: `line ${line + 1}`, line, platform }),
  );
  const items: readonly Item[] = [
    ...(inFile.length > 0
      ? [heading(isDockerfile ? "Base images of this file" : "Images of this file"), ...inFile]
      : []),
    ...(local.length > 0 ? [heading("On this machine"), ...local.map((label) => ({ label }))] : []),
  ];
  const picker = window.createQuickPick<Item>();
  picker.title = "Image to scan";
  picker.placeholder = "Choose an image, or write a name such as registry.example/app:1.0";
  picker.items = items;
  // A name that only begins as one of the list has to be possible too.
  picker.onDidChangeValue((value) => {
    const typed = value.trim();
    const isListed = typed === "" || items.some(({ label }) => label === typed);
    picker.items = isListed ? items : [{ label: typed, description: "as typed", alwaysShow: true }, ...items];
  });
  const answer = Promise.withResolvers<Chosen | undefined>();
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    const image = item?.label ?? picker.value.trim();
    if (image === "") return;
    answer.resolve({ image, platform: item?.platform, dockerfile: linkOf(uri, item?.line, isDockerfile) });
    picker.hide();
  });
  picker.onDidHide(() => {
    answer.resolve(undefined);
    picker.dispose();
  });
  picker.show();
  return answer.promise;
}

/**
 * An image that the file names belongs to its line; of what else is scanned an open Dockerfile is taken for what it was built from, where
 * its layers fit.
 */
function linkOf(uri: string | undefined, line: number | undefined, isDockerfile: boolean): DockerfilePlace | undefined {
  if (uri === undefined || (line === undefined && !isDockerfile)) return undefined;
  return { uri, ...(line !== undefined && { baseLine: line + 1 }) };
}

async function imagesIn({ client }: Parts, uri: string): Promise<readonly BaseImage[]> {
  const params: BaseImagesParams = { uri: client.code2ProtocolConverter.asUri(Uri.parse(uri)) };
  return client.sendRequest<readonly BaseImage[]>("dockwright/baseImages", params);
}

const LIST_MS = 10_000;

async function localImages(): Promise<readonly string[]> {
  const { engine } = await engineHere();
  if (!engine) return [];
  const signal = new AbortController().signal;
  const { stdout, code } = await runProgram(listImages(engine.name, whereHere()), { signal, timeoutMs: LIST_MS });
  return code === 0 ? readImages(stdout) : [];
}
