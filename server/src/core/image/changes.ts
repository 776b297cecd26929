/** What became of one image in another: layers that belong together, files that came, went, grew and shrank. */
import { align } from "./align.ts";
import type { FolderIndex } from "./folder-index.ts";
import type { ChangedFile, ImageChanges, LayerPair, LayerRow, Top } from "./rows.ts";
import { pairRows } from "./views.ts";

/** Files of each list. */
const TOP = 500;

export type FileChanges = Required<Omit<ImageChanges, "layers" | "bytes">>;

/** Files by how much they changed, the largest first. Those of the same size are not among them. */
export function fileChanges(a: FolderIndex, b: FolderIndex): FileChanges {
  const lists = { added: topList(), removed: topList(), grown: topList(), shrunk: topList() };
  pairRows(a, b, (rowA, rowB) => {
    const [before, after] = [fileAt(a, rowA), fileAt(b, rowB)];
    const [bytesA, bytesB] = [before ?? 0, after ?? 0];
    const of = rowB !== undefined && after !== undefined ? ([b, rowB] as const) : ([a, rowA ?? 0] as const);
    const file = (): ChangedFile => ({ path: of[0].pathOf(of[1]), bytesA, bytesB, layer: of[0].layerOf(of[1]) });
    if (after !== undefined && before === undefined) lists.added.add(bytesB, file);
    else if (after === undefined && before !== undefined) lists.removed.add(bytesA, file);
    else if (bytesB > bytesA) lists.grown.add(bytesB - bytesA, file);
    else if (bytesB < bytesA) lists.shrunk.add(bytesA - bytesB, file);
  });
  return {
    added: lists.added.top(),
    removed: lists.removed.top(),
    grown: lists.grown.top(),
    shrunk: lists.shrunk.top(),
  };
}

/** Bytes of what is no folder. */
const fileAt = (index: FolderIndex, row: number | undefined): number | undefined =>
  row === undefined || index.isFolder(row) ? undefined : index.bytesOf(row);

interface TopList {
  readonly add: (bytes: number, file: () => ChangedFile) => void;
  readonly top: () => Top<ChangedFile>;
}

/** Keeps the largest, and sorts only now and then. */
function topList(): TopList {
  let kept: (readonly [number, ChangedFile])[] = [];
  let [count, sum, least] = [0, 0, -1];
  const cut = (): void => {
    kept = kept.toSorted(([a, x], [b, y]) => b - a || (x.path < y.path ? -1 : 1)).slice(0, TOP);
    least = kept.length < TOP ? -1 : (kept.at(-1)?.[0] ?? -1);
  };
  return {
    add(bytes, file) {
      count++;
      sum += bytes;
      if (bytes <= least) return;
      kept.push([bytes, file()]);
      if (kept.length >= 4 * TOP) cut();
    },
    top() {
      cut();
      return { rows: kept.map(([, file]) => file), count, bytes: sum };
    },
  };
}

/** `bytesOf`: what a layer weighs, in a meaning both images have. */
export function layerPairs(
  a: readonly LayerRow[],
  b: readonly LayerRow[],
  bytesOf: (row: LayerRow) => number = ({ bytes }) => bytes,
): readonly LayerPair[] {
  const [wordsA, wordsB] = [a, b].map((rows) => rows.map(({ text }) => new Set(text.split(/\s+/))));
  const likeness = (i: number, j: number): number => {
    const [x, y] = [a[i], b[j]];
    if (!x || !y) return 0;
    if (x.diffId !== undefined && x.diffId === y.diffId) return 4;
    if (x.keyword === "" || x.keyword !== y.keyword) return 0;
    return x.text === y.text ? 3 : 2 * alike(wordsA?.[i], wordsB?.[j]);
  };
  const partners = align(a.length, b.length, likeness);
  const pairs: LayerPair[] = [];
  let next = 0;
  const pair = (x: LayerRow | undefined, y: LayerRow | undefined): void =>
    void pairs.push({
      ...(x && { a: x.layer }),
      ...(y && { b: y.layer }),
      text: (y ?? x)?.text ?? "",
      bytesA: x ? bytesOf(x) : 0,
      bytesB: y ? bytesOf(y) : 0,
      same: x?.diffId !== undefined && x.diffId === y?.diffId,
    });
  for (const [i, row] of a.entries()) {
    const partner = partners[i];
    for (; partner !== undefined && next < partner; next++) pair(undefined, b[next]);
    pair(row, partner === undefined ? undefined : b[partner]);
    if (partner !== undefined) next = partner + 1;
  }
  for (; next < b.length; next++) pair(undefined, b[next]);
  return pairs;
}

/** The share of words that both have; 0 where that is the keyword alone. */
function alike(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): number {
  if (!a || !b) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common < 2 ? 0 : (2 * common) / (a.size + b.size);
}
