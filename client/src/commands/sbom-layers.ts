/** Names for the layers of an SBOM's image: from a scan of it in this window, where there was one. */
import { Uri, workspace } from "vscode";
import type { BuildFacts, BuildFactsParams } from "../../../server/src/lsp/messages.ts";
import { type BuiltFrom, layerNames, type LayerNames, noNames } from "../sbom/layers.ts";
import type { Sbom } from "../sbom/model.ts";
import { chainOf } from "../scanners/layer-lines.ts";
import type { Parts } from "./command.ts";

/** The Dockerfile an image may have been built from: its lines are named where its layers fit. */
export interface MaybeFrom {
  readonly uri: string;
  readonly target?: string;
}

export async function layersOf(parts: Parts, { components }: Sbom, from?: MaybeFrom): Promise<LayerNames> {
  const wanted = new Set(components.flatMap(({ layer }) => layer ?? []));
  const report = parts.findings.reports().find(({ image }) => image?.diffIds.some((diffId) => wanted.has(diffId)));
  if (!report?.image) return noNames;
  const dockerfile = report.dockerfile?.baseLine === undefined ? (report.dockerfile ?? from) : from;
  return layerNames(report.image, dockerfile && (await builtFrom(parts, dockerfile)));
}

async function builtFrom({ client }: Parts, { uri, target }: MaybeFrom): Promise<BuiltFrom | undefined> {
  // The server knows the files that are open.
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const params: BuildFactsParams = { uri: client.code2ProtocolConverter.asUri(document.uri) };
  const facts = await client.sendRequest<BuildFacts | null>("dockwright/buildFacts", params);
  const chain = facts && chainOf(facts, target);
  const base = facts?.stages.find(({ line }) => line + 1 === chain?.baseLine)?.base;
  return chain && base !== undefined ? { uri, chain, base } : undefined;
}
