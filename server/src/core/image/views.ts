/** What can be looked at of an image: the files one layer brought, with what it changed; all files there are in the end; both against another image. */
import type { WastedFile } from "./costs.ts";
import { buildIndex, type FolderIndex, type IndexBuilder, type RowFacts } from "./folder-index.ts";
import { type Entry, folderOf } from "./image.ts";
import { sameFile } from "./metadata.ts";
import type { Change } from "./rows.ts";
import { type Node, treeOf } from "./tree.ts";
import { isMark } from "./whiteouts.ts";

/** The entries of each layer, from the lowest. */
type Layers = readonly (readonly Entry[])[];
/** All of an image's wasted files. */
type Wasted = readonly WastedFile[];

/** What the image shows in the end, and below it what is stored and not shown. */
export function wholeView(layers: Layers, wasted: Wasted): FolderIndex {
  const index = buildIndex(0);
  const lost = Map.groupBy(wasted, ({ path }) => path);
  const folders = new Set(wasted.map(({ path }) => folderOf(path)));
  addTree(index, treeOf(layers), folders, (path, row) => {
    for (const { bytes } of lost.get(path) ?? []) index.waste(row, bytes);
    lost.delete(path);
  });
  const left = Map.groupBy([...lost.values()].flat(), ({ storedBy }) => storedBy);
  for (const [storer, files] of left) {
    const entries = entriesAt(layers[storer] ?? [], new Set(files.map(({ path }) => path)));
    for (const { path, bytes, hiddenBy } of files) {
      const facts = { ...factsOf(entries.get(path), hiddenBy, bytes), isFolder: false, files: 1 };
      index.waste(index.add(path, { ...facts, isGone: true, isWasteOnly: true }), bytes);
    }
  }
  return index.finish();
}

/**
 * `folders`: `added` is told of what is in these. Content with several names counts at the one that stores it, or at the first where
 * that one is not shown.
 */
function addTree(
  index: IndexBuilder,
  root: Node,
  folders: ReadonlySet<string>,
  added: (path: string, row: number) => void,
): void {
  const links: (readonly [row: number, path: string, name: string, node: Node])[] = [];
  const contents = new Set<Entry>();
  const shown = new Set<Entry>();
  const waiting: (readonly [path: string, row: number, node: Node])[] = [["", 0, root]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [folder, parent, { children }] = next;
    const isWatched = folders.has(folder);
    for (const [name, node] of children ?? []) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const { entry, layer, content } = node;
      if (entry?.type === "hardlink") {
        links.push([parent, path, name, node]);
        if (content) contents.add(content);
        continue;
      }
      const row = index.put(parent, path, name, factsOf(entry, layer, content?.size ?? 0));
      if (node.children) waiting.push([path, row, node]);
      if (isWatched) added(path, row);
    }
  }
  if (contents.size > 0) eachEntry(root, (entry) => void (contents.has(entry) && shown.add(entry)));
  for (const [parent, path, name, { entry, layer, content }] of links) {
    const counts = content !== undefined && !shown.has(content);
    if (content) shown.add(content);
    const row = index.put(parent, path, name, factsOf(entry, layer, counts ? content.size : 0));
    added(path, row);
  }
}

function eachEntry(root: Node, visit: (entry: Entry) => void): void {
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.entry) visit(node.entry);
    for (const child of node.children?.values() ?? []) waiting.push(child);
  }
}

function entriesAt(entries: readonly Entry[], paths: ReadonlySet<string>): ReadonlyMap<string, Entry> {
  return new Map(entries.filter(({ path }) => paths.has(path)).map((entry) => [entry.path, entry]));
}

function factsOf(entry: Entry | undefined, layer: number, bytes: number, change?: Change): RowFacts {
  const isFolder = entry === undefined || entry.type === "directory";
  return { entry, isFolder, bytes, files: isFolder ? 0 : 1, layer, change };
}

/** What a layer does to what the layers below show. */
export interface LayerMarks {
  /** Files, links and the like that stand in the place of another one. */
  readonly modified: ReadonlySet<Entry>;
  readonly folders: ReadonlyMap<Entry, Change>;
  /** What it hides, folder by folder down to the files. */
  readonly gone: readonly (readonly [string, Node])[];
}

/** Of every layer, in one go. */
export function marksOf(layers: Layers): readonly LayerMarks[] {
  const known = new Map<string, Entry>();
  const marks = layers.map((entries) => ({
    modified: new Set<Entry>(),
    folders: folderChanges(entries, known),
    gone: [] as (readonly [string, Node])[],
  }));
  let at = marks[0];
  treeOf(layers, {
    layer(index) {
      at = marks[index];
    },
    gone: (path, node) => void at?.gone.push([path, node]),
    put(_, { entry, layer }, before) {
      // Twice in one archive is no change.
      if (entry && before && before.layer !== layer) at?.modified.add(entry);
    },
    left() {},
  });
  return marks;
}

/** A folder that is stored only because something in it changed is not changed itself. */
function folderChanges(entries: readonly Entry[], known: Map<string, Entry>): ReadonlyMap<Entry, Change> {
  const changes = new Map<Entry, Change>();
  for (const entry of entries) {
    if (entry.type !== "directory" || entry.path === "") continue;
    const before = known.get(entry.path);
    if (!before) changes.set(entry, "added");
    else if (!sameFile(before, entry)) changes.set(entry, "modified");
    known.set(entry.path, entry);
  }
  return changes;
}

/** What a layer stores, what it adds and changes against the layers below, and what it hides of them. */
export function layerView(layers: Layers, layer: number, marks: readonly LayerMarks[], wasted: Wasted): FolderIndex {
  const { modified, folders, gone: hidden } = marks[layer] ?? { modified: new Set(), folders: new Map(), gone: [] };
  const lost = Map.groupBy(
    wasted.filter(({ storedBy }) => storedBy === layer),
    ({ path }) => path,
  );
  const index = buildIndex(layer);
  const own = lastOf(layers[layer] ?? []);
  const replaced = new Set(hidden.map(([path]) => path));
  for (const entry of own.values()) {
    const isModified = modified.has(entry) || replaced.has(entry.path);
    const change = entry.type === "directory" ? folders.get(entry) : isModified ? "modified" : "added";
    const row = index.add(entry.path, factsOf(entry, layer, entry.size, change));
    for (const { bytes } of lost.get(entry.path) ?? []) index.waste(row, bytes);
  }
  for (const [path, { entry }] of hidden) {
    if (own.has(path)) continue;
    index.add(path, { ...factsOf(entry, layer, entry?.size ?? 0, "removed"), isGone: true });
  }
  return index.finish();
}

/** Of several entries with one path the last one counts; whiteouts are no files. */
function lastOf(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const last = new Map<string, Entry>();
  for (const entry of entries) if (!isMark(entry.path)) last.set(entry.path, entry);
  return last;
}

/** What an image shows in the end, marked against what another one shows; what only that one has is marked as removed. */
export function wholeAgainst(now: FolderIndex, then: FolderIndex): FolderIndex {
  const index = buildIndex(0);
  pairRows(then, now, (old, row) => {
    const [of, at] = row === undefined ? [then, old ?? 0] : [now, row];
    const path = of.pathOf(at);
    const isFolder = of.isFolder(at);
    index.add(path, {
      entry: of.entryOf(at),
      isFolder,
      bytes: isFolder ? 0 : of.bytesOf(at),
      files: isFolder ? 0 : 1,
      layer: of.layerOf(at),
      change: path === "" ? undefined : changeBetween(then, old, now, row),
      isGone: row === undefined,
    });
  });
  return index.finish();
}

function changeBetween(
  then: FolderIndex,
  old: number | undefined,
  now: FolderIndex,
  row: number | undefined,
): Change | undefined {
  if (old === undefined) return "added";
  if (row === undefined) return "removed";
  const [before, after] = [then.entryOf(old), now.entryOf(row)];
  return !before || !after || sameFile(before, after) ? undefined : "modified";
}

/** Rows of two images by path, folders before what is in them; waste is left out. */
export function pairRows(
  first: FolderIndex,
  second: FolderIndex,
  visit: (a: number | undefined, b: number | undefined) => void,
): void {
  const waiting: (readonly [number | undefined, number | undefined])[] = [[0, 0]];
  const shown = (index: FolderIndex, row: number | undefined): readonly number[] =>
    row === undefined ? [] : index.childrenOf(row).filter((child) => !index.isWasteOnly(child));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [a, b] = next;
    visit(a, b);
    const others = new Map(shown(second, b).map((row) => [second.nameOf(row), row]));
    for (const row of shown(first, a)) {
      const name = first.nameOf(row);
      waiting.push([row, others.get(name)]);
      others.delete(name);
    }
    for (const row of others.values()) waiting.push([undefined, row]);
  }
}

/** What a layer stores, marked against the layer of another image it belongs to. */
export function layerAgainst(layers: Layers, layer: number, before: readonly Entry[]): FolderIndex {
  const old = new Map(lastOf(before));
  const index = buildIndex(layer);
  for (const entry of lastOf(layers[layer] ?? []).values()) {
    const was = old.get(entry.path);
    old.delete(entry.path);
    const change = was ? (sameFile(was, entry) ? undefined : "modified") : "added";
    index.add(entry.path, factsOf(entry, layer, entry.size, change));
  }
  for (const entry of old.values())
    index.add(entry.path, { ...factsOf(entry, layer, entry.size, "removed"), isGone: true });
  return index.finish();
}
