/** What an image's layers are called: the instruction that made each, and its line in the Dockerfile, as far as that is known. */
import { withoutBuilder, withoutShell } from "../scanners/history.ts";
import { type Chain, imageLines } from "../scanners/layer-lines.ts";
import type { ImageFacts } from "../scanners/report.ts";

export interface LayerName {
  /** On one line: `COPY node_modules /app/node_modules`; of the base image the FROM that names it. */
  readonly text: string;
  readonly place?: LayerLine;
}

export interface LayerLine {
  /** Address of the Dockerfile. */
  readonly uri: string;
  /** From 1. */
  readonly line: number;
  /** The base image brought it, and the line is that of its FROM. */
  readonly base: boolean;
}

/** By DiffID, the lowest layer first. */
export type LayerNames = ReadonlyMap<string, LayerName>;

export const noNames: LayerNames = new Map();

/** The Dockerfile the image was built from. */
export interface BuiltFrom {
  readonly uri: string;
  readonly chain: Chain;
  /** Behind the FROM at the chain's beginning. */
  readonly base: string;
}

/** Without those whose instruction is not known; none where the history does not tell which of its entries made layers. */
export function layerNames(image: Pick<ImageFacts, "history" | "diffIds">, from?: BuiltFrom): LayerNames {
  const filled = image.history.filter(({ empty }) => !empty);
  if (filled.length !== image.diffIds.length) return noNames;
  const places = from && imageLines(image, from.chain).layers;
  return new Map(
    image.diffIds.flatMap((diffId, at): readonly (readonly [string, LayerName])[] => {
      const place = places?.get(diffId);
      const text = place?.base ? `FROM ${from?.base}` : instructionOf(filled[at]?.createdBy ?? "");
      return text === "" ? [] : [[diffId, { text, ...(place && from && { place: { uri: from.uri, ...place } }) }]];
    }),
  );
}

const KEYWORD = /^(?:ADD|COPY|WORKDIR|RUN)\s+/;

/** The classic builder leaves `RUN` out. */
function instructionOf(createdBy: string): string {
  const bare = withoutBuilder(createdBy);
  const [keyword = ""] = KEYWORD.exec(bare) ?? [];
  const command = withoutShell(bare.slice(keyword.length));
  const isRun = keyword.trim() === "RUN" || command !== bare.slice(keyword.length);
  return (isRun ? `RUN ${command}` : bare).replaceAll(/\s+/g, " ").trim();
}
