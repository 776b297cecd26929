/** What `dockwright image` tells of an image, whatever the format. */
import type { Excess } from "../../core/image/budget.ts";
import type { DiveVerdict } from "../../core/image/dive.ts";
import type { HistoryRow } from "../../core/image/history-rows.ts";
import type { Evidence } from "../../effects/registry/evidence.ts";
import type { PlatformSize } from "../../effects/registry/overview.ts";
import type { DuplicateRow, ImageChanges, LayerRow, Suggestion, Top, WastedRow } from "../../core/image/rows.ts";

export interface Account {
  /** As it was asked for. */
  readonly image: string;
  readonly digest?: string | undefined;
  readonly platform?: string | undefined;
  /** What the bytes of its layers are: of regular files, compressed as a registry stores them, or as an engine counts them. */
  readonly sizeMeaning: "content" | "compressed" | "snapshot";
  readonly bytes: number;
  readonly compressedBytes?: number | undefined;
  /** Undefined where its files were not looked at. */
  readonly wastedBytes?: number | undefined;
  readonly files?: number | undefined;
  /** The Dockerfile its layers' lines are of, as it was named. */
  readonly dockerfile?: string | undefined;
  readonly layers: readonly LayerRow[];
  /** From the first step to the last, those that made no layer too. */
  readonly history: readonly HistoryRow[];
  readonly suggestions: readonly Suggestion[];
  readonly wasted: Top<WastedRow>;
  readonly duplicates: Top<DuplicateRow>;
  /** Undefined where nobody asked. */
  readonly overBudget?: readonly Excess[] | undefined;
  /** What is over the rules of a `.dive-ci`, by dive's numbers. */
  readonly dive?: readonly DiveVerdict[] | undefined;
  /** Undefined where it is not of a registry. */
  readonly registry?: RegistryAccount | undefined;
  /** Against another image. */
  readonly against?: { readonly image: string; readonly changes: ImageChanges } | undefined;
}

/** What its registry has besides. */
export interface RegistryAccount {
  /** What a tag leads to, and a pin has: of the index where there is one. */
  readonly digest: string;
  readonly created?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly platforms: readonly PlatformSize[];
  /** That it is there, not that it holds. Undefined where the registry did not say. */
  readonly evidence?: Evidence | undefined;
}

/** What the bytes are, for people. */
export const MEANING: Readonly<Record<Account["sizeMeaning"], string>> = {
  content: "bytes of the files each layer stores",
  compressed: "bytes as the registry stores them, compressed",
  snapshot: "bytes as the engine counts them",
};

/** Where a layer comes from: `base`, `line 5`, or its number. */
export function originOf({ layer, ofBase, line }: Pick<LayerRow, "layer" | "ofBase" | "line">): string {
  if (line !== undefined) return `line ${line + 1}`;
  return ofBase ? "base" : `layer ${layer + 1}`;
}

/** `storedBy` and `hiddenBy` as people find them. */
export function placeOf(layers: readonly LayerRow[], layer: number): string {
  const row = layers[layer];
  return row ? originOf(row) : `layer ${layer + 1}`;
}

export const HOW: Readonly<Record<WastedRow["how"], string>> = {
  removed: "removed",
  replaced: "replaced",
  metadata: "stored again for its mode, owner or time",
};
