/** Names for the layers of an SBOM's image: from a scan of it in this window, else from the image's history where it is. */
import { type Disposable, Uri, workspace } from "vscode";
import type { BuildFacts, BuildFactsParams, CloseImageParams, ImageSource } from "../../../server/src/lsp/messages.ts";
import { type BuiltFrom, layerNames, type LayerNames, noNames } from "../sbom/layers.ts";
import type { Sbom } from "../sbom/model.ts";
import { chainOf } from "../scanners/layer-lines.ts";
import type { ImageFacts } from "../scanners/report.ts";
import { engineHere } from "../engine.ts";
import { openImage } from "../views/layers/open.ts";
import { engineSource } from "../views/layers/engine-source.ts";
import type { Parts } from "./command.ts";

/** Of which image an SBOM was made here. */
export interface Origin {
  readonly image: string;
  /** Address of the Dockerfile that may be the image's: its lines are named where its layers fit. */
  readonly dockerfile?: string | undefined;
}

/** A saved Dockerfile has its lines elsewhere: trees that lead to them are told. */
export const followDockerfiles = (parts: Parts): Disposable =>
  workspace.onDidSaveTextDocument(async ({ uri }) => {
    for (const open of parts.sboms.opened()) {
      const places = [...(open.layers ?? noNames).values()].flatMap(({ place }) => place?.uri ?? []);
      if (!places.includes(uri.toString())) continue;
      const origin = open.image === undefined ? undefined : { image: open.image, dockerfile: uri.toString() };
      parts.sboms.nameLayers(open, await layersOf(parts, open.sbom, origin));
    }
  });

type History = Pick<ImageFacts, "history" | "diffIds">;

export async function layersOf(parts: Parts, { components }: Sbom, origin?: Origin): Promise<LayerNames> {
  const wanted = new Set(components.flatMap(({ layer }) => layer ?? []));
  if (wanted.size === 0) return noNames;
  const report = parts.findings.reports().find(({ image }) => image?.diffIds.some((diffId) => wanted.has(diffId)));
  const history = report?.image ?? (origin && (await historyOf(parts, origin.image, wanted)));
  if (!history) return noNames;
  const scanned = report?.dockerfile?.baseLine === undefined ? report?.dockerfile : undefined;
  const dockerfile = scanned?.uri ?? origin?.dockerfile;
  return layerNames(
    history,
    dockerfile === undefined ? undefined : await builtFrom(parts, dockerfile, scanned?.target),
  );
}

/** The tree is shown meanwhile; its layers have digests until then. */
const PATIENCE_MS = 30_000;

async function historyOf(
  { client, log }: Parts,
  image: string,
  wanted: ReadonlySet<string>,
): Promise<History | undefined> {
  // By digest it is what the registry has; without an engine there is nothing to say here.
  const here = image.includes("@") || !(await engineHere()).engine ? undefined : await engineSource(image);
  const sources: readonly ImageSource[] = [...(here ? [here] : []), { kind: "registry", image }];
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (const source of sources) {
    const { image: opened, failure } = await openImage(client, { source }, { deep: false, signal, onProgress() {} });
    if (!opened) {
      log.info(`The layers of ${image} keep their digests: ${failure}`);
      continue;
    }
    void client.sendRequest("dockwright/closeImage", { id: opened.id } satisfies CloseImageParams);
    const diffIds = opened.layers.flatMap(({ diffId }) => diffId ?? []);
    if (diffIds.length === opened.layers.length && diffIds.some((diffId) => wanted.has(diffId)))
      return { diffIds, history: opened.layers.map(({ text }) => ({ createdBy: text, empty: false })) };
  }
  return undefined;
}

async function builtFrom({ client }: Parts, address: string, target?: string): Promise<BuiltFrom | undefined> {
  // The server knows the files that are open.
  const { uri } = await workspace.openTextDocument(Uri.parse(address));
  const params: BuildFactsParams = { uri: client.code2ProtocolConverter.asUri(uri) };
  const facts = await client.sendRequest<BuildFacts | null>("dockwright/buildFacts", params);
  const chain = facts && chainOf(facts, target);
  const base = facts?.stages.find(({ line }) => line + 1 === chain?.baseLine)?.base;
  return chain && base !== undefined ? { uri: uri.toString(), chain, base } : undefined;
}
