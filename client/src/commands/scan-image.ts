/** Scans an image: the one given, or one that is chosen: what the open Dockerfile is built on, what this machine has, a name. */
import { type QuickPickItem, QuickPickItemKind, Uri, window } from "vscode";
import type { BaseImage, BaseImagesParams } from "../../../server/src/lsp/messages.ts";
import { engineHere, whereHere } from "../engine.ts";
import { listImages, readImages } from "../images.ts";
import { runProgram } from "../process.ts";
import type { DockerfilePlace } from "../scanners/report.ts";
import { whyNoImage } from "../scanners/scanner.ts";
import { scanAll, tellOutcomes } from "../views/findings/scanning.ts";
import type { Parts } from "./command.ts";

/** @param stage the stage of the Dockerfile the image was built from */
export async function scanImage(parts: Parts, image?: unknown, uri?: unknown, stage?: unknown): Promise<void> {
  const chosen = typeof image === "string" ? { image, dockerfile: placeOf(uri, stage) } : await choose(parts);
  if (!chosen) return;
  const refused = whyNoImage(chosen.image);
  if (refused !== undefined) {
    void window.showErrorMessage(refused);
    return;
  }
  const { dockerfile } = chosen;
  const job = { target: { kind: "image", image: chosen.image }, ...(dockerfile && { dockerfile }) } as const;
  const outcomes = await scanAll(parts, `Scanning ${chosen.image}`, [job]);
  if (outcomes) await tellOutcomes(outcomes);
}

const placeOf = (uri: unknown, stage: unknown): DockerfilePlace | undefined =>
  typeof uri === "string" ? { uri, ...(typeof stage === "string" && { target: stage }) } : undefined;

interface Chosen {
  readonly image: string;
  readonly dockerfile?: DockerfilePlace | undefined;
}

async function choose(parts: Parts): Promise<Chosen | undefined> {
  const document = window.activeTextEditor?.document;
  const uri = document?.languageId === "dockerfile" ? document.uri.toString() : undefined;
  const [bases, local] = await Promise.all([uri === undefined ? [] : basesOf(parts, uri), localImages()]);
  const heading = (label: string): QuickPickItem => ({ label, kind: QuickPickItemKind.Separator });
  const base = bases.map(({ image, line }) => ({ label: image, description: `line ${line + 1}`, line }));
  const items: readonly (QuickPickItem & { readonly line?: number })[] = [
    ...(base.length > 0 ? [heading("Base images of this file"), ...base] : []),
    ...(local.length > 0 ? [heading("On this machine"), ...local.map((label) => ({ label }))] : []),
  ];
  const picker = window.createQuickPick<QuickPickItem & { readonly line?: number }>();
  picker.title = "Image to scan";
  picker.placeholder = "Choose an image, or write a name such as registry.example/app:1.0";
  picker.items = items;
  const answer = Promise.withResolvers<Chosen | undefined>();
  picker.onDidAccept(() => {
    const [item] = picker.selectedItems;
    const image = item?.label ?? picker.value.trim();
    if (image === "") return;
    answer.resolve({ image, dockerfile: linkOf(uri, item?.line) });
    picker.hide();
  });
  picker.onDidHide(() => {
    answer.resolve(undefined);
    picker.dispose();
  });
  picker.show();
  return answer.promise;
}

/** A base image belongs to its FROM; of what else is scanned the open file is taken for what it was built from, where its layers fit. */
const linkOf = (uri: string | undefined, line: number | undefined): DockerfilePlace | undefined =>
  uri === undefined ? undefined : { uri, ...(line !== undefined && { baseLine: line + 1 }) };

async function basesOf({ client }: Parts, uri: string): Promise<readonly BaseImage[]> {
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
