/** Pages of the files of a layer or an image: one folder, or what a search finds below it, sorted. Quick with a million files. */
import type { FolderIndex } from "./folder-index.ts";
import type { Change, FileRow, FileSort, FolderPage, FolderQuestion } from "./rows.ts";
import type { EntryType } from "./image.ts";

/** Rows that a search keeps. */
export const MOST_FOUND = 10_000;
/** Rows that one page has. */
export const MOST_ROWS = 500;
/** Lists that are kept sorted, so that the next page of one is only cut out. */
const KEPT = 8;

/** A folder that is not there has no rows. */
export function createBrowser(index: FolderIndex): (question: Omit<FolderQuestion, "layer">) => FolderPage {
  const lists = new Map<string, List>();
  return ({ path, sort, onlyWasted, search = "", from, count }) => {
    const key = JSON.stringify([path, sort, onlyWasted, search]);
    const list = lists.get(key) ?? listOf(index, path, { sort, onlyWasted, search: search.trim() });
    lists.delete(key);
    lists.set(key, list);
    const [oldest] = lists.keys();
    if (lists.size > KEPT && oldest !== undefined) lists.delete(oldest);
    const start = Math.max(0, from);
    const end = start + Math.min(Math.max(0, count), MOST_ROWS);
    return {
      total: list.rows.length,
      rows: list.rows.slice(start, end).map((row) => rowOf(index, row)),
      ...(list.capped && { capped: true }),
    };
  };
}

interface List {
  readonly rows: readonly number[];
  readonly capped: boolean;
}

interface Wish {
  readonly sort: FileSort;
  readonly onlyWasted: boolean;
  readonly search: string;
}

function listOf(index: FolderIndex, path: string, { sort, onlyWasted, search }: Wish): List {
  const folder = index.find(path);
  if (folder === undefined) return { rows: [], capped: false };
  const isWanted = (row: number): boolean => (onlyWasted ? index.wastedOf(row) > 0 : !index.isWasteOnly(row));
  const found = search === "" ? index.childrenOf(folder).filter(isWanted) : searched(index, folder, search, isWanted);
  const capped = search !== "" && found.length > MOST_FOUND;
  return { rows: sorted(index, capped ? found.slice(0, MOST_FOUND) : found, sort, onlyWasted), capped };
}

/** With a slash in it the whole path below the folder is looked at, without one the name. */
function searched(
  index: FolderIndex,
  folder: number,
  search: string,
  isWanted: (row: number) => boolean,
): readonly number[] {
  const text = search.toLowerCase();
  const ofPath = text.includes("/");
  const found: number[] = [];
  const waiting: (readonly [number, string])[] = [[folder, ""]];
  for (let next = waiting.pop(); next && found.length <= MOST_FOUND; next = waiting.pop()) {
    const [at, path] = next;
    for (const row of index.childrenOf(at)) {
      const name = index.nameOf(row).toLowerCase();
      const below = ofPath ? `${path}/${name}` : "";
      if ((ofPath ? below : name).includes(text) && isWanted(row)) found.push(row);
      if (index.isFolder(row)) waiting.push([row, below]);
    }
  }
  return found;
}

const ORDER: Readonly<Record<Change | "none", number>> = { added: 0, modified: 1, removed: 2, none: 3 };

function sorted(index: FolderIndex, rows: readonly number[], sort: FileSort, onlyWasted: boolean): readonly number[] {
  const size = onlyWasted ? index.wastedOf : index.bytesOf;
  const names = new Map(rows.map((row) => [row, index.nameOf(row)]));
  const byName = (a: number, b: number): number => {
    const [x = "", y = ""] = [names.get(a), names.get(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
  const bySize = (a: number, b: number): number => size(b) - size(a) || byName(a, b);
  const change = (row: number): number => ORDER[index.changeOf(row) ?? "none"];
  const orders: Readonly<Record<FileSort, (a: number, b: number) => number>> = {
    size: bySize,
    name: (a, b) => Number(index.isFolder(b)) - Number(index.isFolder(a)) || byName(a, b),
    change: (a, b) => change(a) - change(b) || bySize(a, b),
  };
  return rows.toSorted(orders[sort]);
}

function rowOf(index: FolderIndex, row: number): FileRow {
  const entry = index.entryOf(row);
  const isFolder = index.isFolder(row);
  const kind: EntryType = isFolder ? "directory" : (entry?.type ?? "file");
  const wasted = index.wastedOf(row);
  const change = index.isGone(row) ? "removed" : index.changeOf(row);
  return {
    name: index.nameOf(row),
    path: index.pathOf(row),
    kind,
    bytes: index.bytesOf(row),
    files: index.filesOf(row),
    layer: index.layerOf(row),
    mode: modeText(kind, entry?.mode ?? (isFolder ? 0o755 : 0o644)),
    owner: `${entry?.uid ?? 0}:${entry?.gid ?? 0}`,
    ...(change && { change }),
    ...(wasted > 0 && { wastedBytes: wasted }),
    ...(entry?.link !== undefined && { link: entry.link }),
  };
}

const KINDS: Readonly<Record<EntryType, string>> = {
  file: "-",
  hardlink: "-",
  directory: "d",
  symlink: "l",
  "character-device": "c",
  "block-device": "b",
  fifo: "p",
  other: "?",
};

/** As `ls -l` writes it: `drwxr-xr-x`, `-rwsr-xr-x`. */
export function modeText(kind: EntryType, mode: number): string {
  const letters = "rwxrwxrwx".split("").map((letter, at) => ((mode >> (8 - at)) & 1 ? letter : "-"));
  const special: readonly (readonly [number, number, string])[] = [
    [0o4000, 2, "s"],
    [0o2000, 5, "s"],
    [0o1000, 8, "t"],
  ];
  for (const [bit, at, letter] of special)
    if (mode & bit) letters[at] = letters[at] === "x" ? letter : letter.toUpperCase();
  return KINDS[kind] + letters.join("");
}
