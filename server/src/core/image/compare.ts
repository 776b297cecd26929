/** What differs between two images: files and how, by the layer that holds them, and the configuration. */
import type { Entry, Image, Layer } from "./image.ts";
import { readStep } from "./history.ts";
import { treeOf, walk } from "./tree.ts";

/** What of a file can differ. */
export type Aspect = "type" | "content" | "mtime" | "mode" | "owner" | "link" | "device" | "attributes";

export interface AspectDifference {
  readonly what: Aspect;
  readonly a: string;
  readonly b: string;
}

export interface FileDifference {
  /** Without leading slash; empty for the root. */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  /** For `changed`: at least one. */
  readonly aspects: readonly AspectDifference[];
  /** Index of the layer that holds it: of the second image, or of the first where it is gone. */
  readonly layer: number;
}

export interface ConfigDifference {
  /** `created`, `config.Env`, `history[3].created`. */
  readonly key: string;
  readonly a: string;
  readonly b: string;
}

export interface LayerDifference {
  readonly layer: number;
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** Why the bytes differ where the files do not. */
  readonly only: "compression" | "order" | "headers" | undefined;
}

export interface Comparison {
  /** The same manifest, or where an archive has none, the same configuration. */
  readonly identical: boolean;
  /** `layers`: made by the same steps, so layer by layer. `files`: what each image shows in the end. */
  readonly by: "layers" | "files";
  readonly layers: readonly LayerDifference[];
  readonly files: readonly FileDifference[];
  readonly config: readonly ConfigDifference[];
}

export function compareImages(a: Image, b: Image): Comparison {
  const alike = a.layers.length === b.layers.length && sameSteps(a, b);
  return {
    identical: identical(a, b),
    by: alike ? "layers" : "files",
    layers: layerDifferences(a.layers, b.layers, alike),
    files: alike ? inLayers(a.layers, b.layers) : inTrees(a.layers, b.layers),
    config: configDifferences(a.config, b.config),
  };
}

function identical(a: Image, b: Image): boolean {
  if (a.digest !== undefined && b.digest !== undefined) return a.digest === b.digest;
  const layers = (image: Image): string => image.layers.map(({ diffId }) => diffId).join();
  return a.configDigest !== undefined && a.configDigest === b.configDigest && layers(a) === layers(b);
}

/** The same instructions; what a build argument or a checksum puts into their text may differ. */
const sameSteps = (a: Image, b: Image): boolean =>
  a.history.length === b.history.length &&
  a.history.every((step, at) => {
    const other = b.history[at];
    return step.empty === other?.empty && readStep(step).keyword === readStep(other).keyword;
  });

function inLayers(a: readonly Layer[], b: readonly Layer[]): readonly FileDifference[] {
  return b.flatMap((layer, index) => {
    const before = a[index];
    return before && before.diffId !== layer.diffId ? entryDifferences(before.entries, layer.entries, index) : [];
  });
}

/** Of two layers. Of several entries with one path the last one counts. */
export function entryDifferences(a: readonly Entry[], b: readonly Entry[], layer: number): readonly FileDifference[] {
  const before = byPath(a);
  const after = byPath(b);
  const found: FileDifference[] = [];
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (!old) found.push({ path, change: "added", aspects: [], layer });
    else addChange(found, path, aspectsOf(old, entry), layer);
  }
  for (const path of before.keys()) if (!after.has(path)) found.push({ path, change: "removed", aspects: [], layer });
  return found.sort(byPathName);
}

const byPath = (entries: readonly Entry[]): ReadonlyMap<string, Entry> =>
  new Map(entries.map((entry) => [entry.path, entry]));

const byPathName = (a: FileDifference, b: FileDifference): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function addChange(to: FileDifference[], path: string, aspects: readonly AspectDifference[], layer: number): void {
  if (aspects.length > 0) to.push({ path, change: "changed", aspects, layer });
}

/** What the images show in the end, whatever their layers. */
function inTrees(a: readonly Layer[], b: readonly Layer[]): readonly FileDifference[] {
  const before = shown(a);
  const after = shown(b);
  const found: FileDifference[] = [];
  for (const [path, { entry, content, layer }] of after) {
    const old = before.get(path);
    if (!old) found.push({ path, change: "added", aspects: [], layer });
    else addChange(found, path, aspectsOf(old.entry, entry, old.content, content), layer);
  }
  for (const [path, { layer }] of before)
    if (!after.has(path)) found.push({ path, change: "removed", aspects: [], layer });
  return found.sort(byPathName);
}

interface Shown {
  readonly entry: Entry;
  readonly content: Entry | undefined;
  readonly layer: number;
}

function shown(layers: readonly Layer[]): ReadonlyMap<string, Shown> {
  const files = new Map<string, Shown>();
  walk(treeOf(layers.map(({ entries }) => entries)), (path, { entry, content, layer }) => {
    if (entry) files.set(path, { entry, content, layer });
  });
  return files;
}

/** What differs between two entries of one path. Which of two names of one file is the link does not matter where the content is known. */
export function aspectsOf(
  a: Entry,
  b: Entry,
  contentA: Entry | undefined = own(a),
  contentB: Entry | undefined = own(b),
): readonly AspectDifference[] {
  const linked = contentA !== undefined && contentB !== undefined;
  if (!linked && a.type !== b.type) return [{ what: "type", a: a.type, b: b.type }];
  const [ofA, ofB] = linked ? [described(a, contentA), described(b, contentB)] : [described(a, a), described(b, b)];
  return ASPECTS.flatMap((what) => (ofA[what] === ofB[what] ? [] : [{ what, a: ofA[what], b: ofB[what] }]));
}

const own = (entry: Entry): Entry | undefined => (entry.type === "file" ? entry : undefined);

const ASPECTS: readonly Exclude<Aspect, "type">[] = [
  "content",
  "link",
  "device",
  "mode",
  "owner",
  "mtime",
  "attributes",
];

const described = (entry: Entry, content: Entry): Readonly<Record<Exclude<Aspect, "type">, string>> => ({
  content: content.type === "file" ? `${content.size} bytes, sha256 ${content.sha256 ?? "unknown"}` : "",
  link: entry.type === "symlink" || (entry.type === "hardlink" && content === entry) ? (entry.link ?? "") : "",
  device: entry.device ?? "",
  mode: entry.type === "symlink" ? "" : entry.mode.toString(8).padStart(4, "0"),
  owner: `${entry.uid}:${entry.gid}`,
  mtime: String(entry.mtime),
  attributes: entry.attributes ?? "",
});

function layerDifferences(a: readonly Layer[], b: readonly Layer[], alike: boolean): readonly LayerDifference[] {
  const found: LayerDifference[] = [];
  for (let layer = 0; layer < Math.max(a.length, b.length); layer++) {
    const [of, to] = [a[layer], b[layer]];
    if (of?.digest === to?.digest) continue;
    found.push({ layer, a: of?.digest, b: to?.digest, only: alike && of && to ? onlyDifference(of, to) : undefined });
  }
  return found;
}

function onlyDifference(a: Layer, b: Layer): LayerDifference["only"] {
  if (a.diffId === b.diffId) return "compression";
  if (entryDifferences(a.entries, b.entries, 0).length > 0) return undefined;
  const order = ({ entries }: Layer): string => entries.map(({ path }) => path).join("\0");
  return order(a) === order(b) ? "headers" : "order";
}

/** As much of a value as a person reads. */
const MAX_VALUE = 300;
/** Follows from the layers, which are said themselves. */
const DERIVED = /^rootfs\b/;

function configDifferences(a: unknown, b: unknown): readonly ConfigDifference[] {
  const found: ConfigDifference[] = [];
  const visit = (key: string, of: unknown, to: unknown, depth: number): void => {
    if (DERIVED.test(key) || found.length >= 200) return;
    const [x, y] = [JSON.stringify(of) ?? "", JSON.stringify(to) ?? ""];
    if (x === y) return;
    const [left, right] = [fieldsOf(of), fieldsOf(to)];
    if (depth > 0 && left && right && Array.isArray(of) === Array.isArray(to)) {
      for (const name of new Set([...Object.keys(left), ...Object.keys(right)]))
        visit(nested(key, name, Array.isArray(of)), left[name], right[name], depth - 1);
    } else found.push({ key, a: x.slice(0, MAX_VALUE), b: y.slice(0, MAX_VALUE) });
  };
  visit("", a, b, 3);
  return found;
}

function nested(key: string, name: string, inList: boolean): string {
  if (inList) return `${key}[${name}]`;
  return key === "" ? name : `${key}.${name}`;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null ? { ...value } : undefined;
