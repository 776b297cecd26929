/** What an image costs: bytes of each layer, bytes that are stored and not visible in the end, what is stored twice, what could go. */
import { type Duplicate, duplicatesOf } from "./duplicates.ts";
import type { Entry, Image, Layer } from "./image.ts";
import { type Recognised, recognisedIn } from "./recognised.ts";
import { type WastedFile, wasteOf } from "./waste.ts";
import { isMark } from "./whiteouts.ts";

export type { Duplicate } from "./duplicates.ts";
export type { Recognised } from "./recognised.ts";
export type { WastedFile } from "./waste.ts";

export interface Costs {
  /** From the lowest to the topmost. */
  readonly layers: readonly LayerCost[];
  /** Regular-file bytes that all layers store. */
  readonly storedBytes: number;
  /** Regular-file bytes visible in the end. */
  readonly visibleBytes: number;
  /** What is stored and not visible: the difference of the two. */
  readonly wastedBytes: number;
  /** Largest first; all of them. */
  readonly wasted: readonly WastedFile[];
  /** Content that is visible at several paths, not linked: largest saving first. */
  readonly duplicates: readonly Duplicate[];
  /** Package caches, indices, .git, documentation, compilers, … visible or wasted: largest first. */
  readonly recognised: readonly Recognised[];
}

export interface LayerCost {
  /** Index of the layer. */
  readonly layer: number;
  /** Of the regular files it stores: what `docker history` of a graph driver calls size. */
  readonly contentBytes: number;
  /** Of the uncompressed archive. */
  readonly tarBytes: number;
  /** As stored, compressed where it is. */
  readonly storedBytes: number;
  /** Regular files it stores. */
  readonly files: number;
  /** Paths against the layers below: all but folders; whiteouts count what they hide. */
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  /** Stored here, not visible in the end. */
  readonly wastedBytes: number;
  /** Bytes that are not visible in the end because of this layer, wherever they are stored. */
  readonly hidesBytes: number;
}

/** @throws what the signal says once that is aborted. */
export function costsOf(image: Image, signal?: Pick<AbortSignal, "throwIfAborted">): Costs {
  const all = apart(image.layers);
  const { wasted, hidden, changes } = wasteOf(all, signal);
  signal?.throwIfAborted();
  const layers = all.map(
    (layer, at): LayerCost => ({
      layer: at,
      ...storedIn(layer.entries),
      tarBytes: layer.tarSize,
      storedBytes: layer.storedSize,
      ...(changes[at] ?? { added: 0, modified: 0, removed: 0 }),
      wastedBytes: bytesOf(wasted.filter(({ storedBy }) => storedBy === at)),
      hidesBytes: bytesOf(wasted.filter(({ hiddenBy }) => hiddenBy === at)),
    }),
  );
  const storedBytes = layers.reduce((sum, { contentBytes }) => sum + contentBytes, 0);
  const wastedBytes = bytesOf(wasted);
  const duplicates = duplicatesOf(all, hidden);
  signal?.throwIfAborted();
  const recognised = recognisedIn(all, hidden);
  return {
    layers,
    storedBytes,
    visibleBytes: storedBytes - wastedBytes,
    wastedBytes,
    wasted,
    duplicates,
    recognised,
  };
}

/** An image may have one layer twice, read once: what is hidden of one of them may be visible of the other. */
function apart(layers: readonly Layer[]): readonly Layer[] {
  const seen = new Set<readonly Entry[]>();
  return layers.map((layer) => {
    const again = seen.has(layer.entries);
    seen.add(layer.entries);
    return again ? { ...layer, entries: layer.entries.map((entry) => ({ ...entry })) } : layer;
  });
}

function storedIn(entries: readonly Entry[]): Pick<LayerCost, "contentBytes" | "files"> {
  let [contentBytes, files] = [0, 0];
  for (const { type, size, path } of entries) {
    if (type !== "file" || isMark(path)) continue;
    contentBytes += size;
    files++;
  }
  return { contentBytes, files };
}

const bytesOf = (wasted: readonly WastedFile[]): number => wasted.reduce((sum, { bytes }) => sum + bytes, 0);
