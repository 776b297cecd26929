/** Content that is visible at several paths without being linked: told by its hash, where the reader made one. */
import type { Entry, Layer } from "./image.ts";
import { isMark } from "./whiteouts.ts";

export interface Duplicate {
  /** Of one of them. */
  readonly bytes: number;
  /** Of all but one. */
  readonly wastedBytes: number;
  readonly paths: readonly { readonly path: string; readonly layer: number }[];
}

/** `hidden` are the entries whose content nothing shows in the end. Largest saving first. */
export function duplicatesOf(layers: readonly Layer[], hidden: ReadonlySet<Entry>): readonly Duplicate[] {
  /** The first entry of each content, and of those that come again all of them. */
  const first = new Map<string, Entry>();
  const several = new Map<string, Set<Entry>>();
  eachContent(layers, hidden, (entry, sha256) => {
    const known = first.get(sha256);
    if (!known) first.set(sha256, entry);
    // Of sparse files the hash is that of what is stored.
    else if (known.size === entry.size) {
      const group = several.get(sha256);
      if (group) group.add(entry);
      else several.set(sha256, new Set([known, entry]));
    }
  });
  if (several.size === 0) return [];
  const layerOf = new Map<Entry, number>();
  for (const [layer, { entries }] of layers.entries())
    for (const entry of entries)
      if (entry.sha256 !== undefined && several.get(entry.sha256)?.has(entry)) layerOf.set(entry, layer);
  return [...several.values()].map((group) => duplicate(group, layerOf)).sort((a, b) => b.wastedBytes - a.wastedBytes);
}

function eachContent(
  layers: readonly Layer[],
  hidden: ReadonlySet<Entry>,
  visit: (entry: Entry, sha256: string) => void,
): void {
  for (const { entries } of layers)
    for (const entry of entries) {
      const { type, size, sha256 } = entry;
      if (type === "file" && size > 0 && sha256 !== undefined && !hidden.has(entry) && !isMark(entry.path))
        visit(entry, sha256);
    }
}

function duplicate(entries: ReadonlySet<Entry>, layerOf: ReadonlyMap<Entry, number>): Duplicate {
  const paths = [...entries].map((entry) => ({ path: entry.path, layer: layerOf.get(entry) ?? 0 }));
  const [{ size: bytes } = { size: 0 }] = entries;
  return { bytes, wastedBytes: bytes * (paths.length - 1), paths };
}
