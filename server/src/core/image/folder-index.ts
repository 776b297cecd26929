/**
 * The files of one layer, or of a whole image, as a table of rows that is quick to go through and small: folders before what is in
 * them, each folder with the sums of what is below it.
 */
import { type Entry, folderOf, nameOf } from "./image.ts";
import type { Change } from "./rows.ts";

export interface FolderIndex {
  /** Rows; the first is the root. */
  readonly count: number;
  readonly nameOf: (row: number) => string;
  readonly pathOf: (row: number) => string;
  /** Undefined for a folder that has no entry of its own. */
  readonly entryOf: (row: number) => Entry | undefined;
  readonly isFolder: (row: number) => boolean;
  readonly bytesOf: (row: number) => number;
  readonly filesOf: (row: number) => number;
  readonly wastedOf: (row: number) => number;
  readonly changeOf: (row: number) => Change | undefined;
  /** It is not there, and is shown for what it wastes or because it is gone: it has no part in the sums. */
  readonly isGone: (row: number) => boolean;
  /** It is shown for its waste alone. */
  readonly isWasteOnly: (row: number) => boolean;
  readonly layerOf: (row: number) => number;
  /** What is directly in a folder, in no order. */
  readonly childrenOf: (row: number) => number[];
  /** The row of a path; undefined when there is none. */
  readonly find: (path: string) => number | undefined;
}

export interface RowFacts {
  readonly entry: Entry | undefined;
  readonly isFolder: boolean;
  /** Of its own content; what is below a folder is added. */
  readonly bytes: number;
  /** 1 for a file; for what is gone, all that went with it. */
  readonly files: number;
  readonly layer: number;
  readonly change?: Change | undefined;
  readonly isGone?: boolean;
  readonly isWasteOnly?: boolean;
}

export interface IndexBuilder {
  /** Into a folder that has nothing of that name; the root is row 0. */
  readonly put: (folder: number, path: string, name: string, facts: RowFacts) => number;
  /** By path: folders on the way come to be. Of a folder that is there already these are its facts. */
  readonly add: (path: string, facts: RowFacts) => number;
  readonly waste: (row: number, bytes: number) => void;
  readonly finish: () => FolderIndex;
}

const CHANGES: readonly (Change | undefined)[] = [undefined, "added", "modified", "removed"];
const MODIFIED = CHANGES.indexOf("modified");
const NONE = -1;
const FOLDER = 1;
const GONE = 2;
const WASTE_ONLY = 4;
/** A folder that nobody added, on the way to what is in it. */
const IMPLIED = 8;

/** `layer` is that of folders nobody has an entry of. */
export function buildIndex(layer: number): IndexBuilder {
  let capacity = 1024;
  let count = 0;
  let bytes = new Float64Array(capacity);
  let wasted = new Float64Array(capacity);
  let numbers = new Int32Array(capacity * COLUMNS);
  let flags = new Uint8Array(capacity);
  let changes = new Uint8Array(capacity);
  const entries: (Entry | undefined)[] = [];
  /** Of folders without an entry. */
  const names = new Map<number, string>();
  /** Rows by path. */
  const folders = new Map<string, number>([["", 0]]);

  const grow = (): void => {
    capacity *= 2;
    [bytes, wasted] = [copied(bytes, new Float64Array(capacity)), copied(wasted, new Float64Array(capacity))];
    numbers = copied(numbers, new Int32Array(capacity * COLUMNS));
    [flags, changes] = [copied(flags, new Uint8Array(capacity)), copied(changes, new Uint8Array(capacity))];
  };
  const number = (row: number, column: number): number => numbers[row * COLUMNS + column] ?? NONE;
  const put = (row: number, column: number, value: number): void => {
    numbers[row * COLUMNS + column] = value;
  };
  const is = (row: number, flag: number): boolean => ((flags[row] ?? 0) & flag) !== 0;
  const nameOfRow = (row: number): string => {
    const entry = entries[row];
    return entry ? nameOf(entry.path) : (names.get(row) ?? "");
  };

  const fill = (row: number, facts: RowFacts): void => {
    entries[row] = facts.entry;
    bytes[row] = facts.bytes;
    put(row, FILES, facts.files);
    put(row, LAYER, facts.layer);
    flags[row] =
      (facts.isFolder ? FOLDER : 0) |
      (facts.isGone === true ? GONE : 0) |
      (facts.isWasteOnly === true ? WASTE_ONLY : 0);
    changes[row] = Math.max(0, CHANGES.indexOf(facts.change));
  };

  const append = (parent: number, name: string, facts: RowFacts): number => {
    if (count === capacity) grow();
    const row = count++;
    fill(row, facts);
    if (!facts.entry) names.set(row, name);
    put(row, PARENT, parent);
    put(row, FIRST, NONE);
    put(row, NEXT, parent === NONE ? NONE : number(parent, FIRST));
    if (parent !== NONE) put(parent, FIRST, row);
    return row;
  };

  append(NONE, "", { entry: undefined, isFolder: true, bytes: 0, files: 0, layer });

  const pathOf = (row: number): string => {
    const parts: string[] = [];
    for (let at = row; at > 0; at = number(at, PARENT)) parts.push(nameOfRow(at));
    return parts.toReversed().join("/");
  };

  /** Paths come folder by folder, so the one before is mostly asked for again. */
  let last: { readonly path: string; readonly row: number } = { path: "", row: 0 };
  const folderOfPath = (path: string): number => {
    const cut = Math.max(0, path.lastIndexOf("/"));
    if (cut !== last.path.length || !path.startsWith(last.path)) {
      const folder = path.slice(0, cut);
      last = { path: folder, row: folderRow(folder) };
    }
    return last.row;
  };

  const folderRow = (path: string): number => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const parent = folderRow(folderOf(path));
    const row = append(parent, nameOf(path), { entry: undefined, isFolder: true, bytes: 0, files: 0, layer });
    flags[row] = (flags[row] ?? 0) | IMPLIED;
    folders.set(path, row);
    return row;
  };

  const childrenOf = (row: number): number[] => {
    const children: number[] = [];
    for (let at = number(row, FIRST); at !== NONE; at = number(at, NEXT)) children.push(at);
    return children;
  };

  const find = (path: string): number | undefined => {
    const folder = folders.get(path);
    if (folder !== undefined) return folder;
    const name = nameOf(path);
    for (let at = number(folders.get(folderOf(path)) ?? NONE, FIRST); at !== NONE; at = number(at, NEXT))
      if (nameOfRow(at) === name) return at;
    return undefined;
  };

  return {
    add(path, facts) {
      const before = facts.isFolder ? folders.get(path) : undefined;
      if (before !== undefined) {
        fill(before, facts);
        return before;
      }
      const row = append(folderOfPath(path), nameOf(path), facts);
      if (facts.isFolder) folders.set(path, row);
      return row;
    },
    put(folder, path, name, facts) {
      const row = append(folder, name, facts);
      if (facts.isFolder) folders.set(path, row);
      return row;
    },
    waste(row, more) {
      wasted[row] = (wasted[row] ?? 0) + more;
    },
    finish() {
      // Folders come before what is in them, so one way back sums all of them up.
      const shown = new Uint8Array(count);
      for (let row = count - 1; row > 0; row--) {
        const parent = number(row, PARENT);
        if (is(row, IMPLIED) && shown[row] === 0) flags[row] = (flags[row] ?? 0) | GONE | WASTE_ONLY;
        if (!is(row, WASTE_ONLY)) shown[parent] = 1;
        wasted[parent] = (wasted[parent] ?? 0) + (wasted[row] ?? 0);
        if (changes[row] !== 0 && changes[parent] === 0) changes[parent] = MODIFIED;
        if (is(row, GONE) && !is(parent, GONE)) continue;
        bytes[parent] = (bytes[parent] ?? 0) + (bytes[row] ?? 0);
        put(parent, FILES, number(parent, FILES) + number(row, FILES));
      }
      return {
        count,
        nameOf: nameOfRow,
        pathOf,
        entryOf: (row) => entries[row],
        isFolder: (row) => is(row, FOLDER),
        bytesOf: (row) => bytes[row] ?? 0,
        filesOf: (row) => number(row, FILES),
        wastedOf: (row) => wasted[row] ?? 0,
        changeOf: (row) => CHANGES[changes[row] ?? 0],
        isGone: (row) => is(row, GONE),
        isWasteOnly: (row) => is(row, WASTE_ONLY),
        layerOf: (row) => number(row, LAYER),
        childrenOf,
        find,
      };
    },
  };
}

const COLUMNS = 5;
const PARENT = 0;
const FIRST = 1;
const NEXT = 2;
const FILES = 3;
const LAYER = 4;

function copied<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
