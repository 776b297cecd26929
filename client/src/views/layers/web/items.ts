/** What the list shows of an image: its layers with their files, what is wasted and doubled, what a comparison found. Pure. */
import type {
  DuplicateRow,
  FileRow,
  ImageChanges,
  LayerRow,
  Top,
  WastedRow,
} from "../../../../../server/src/lsp/messages.ts";
import type { Content, PageQuestion, View } from "../messages.ts";
import { type Page, pagesOf } from "./pages.ts";
import { type Branch, branch, changed, open, type Spot } from "./tree.ts";
import { count, difference, growth, percent, plain, size } from "./words.ts";

export type Item =
  | {
      readonly kind: "group";
      readonly key: string;
      readonly title: string;
      readonly note: string;
      readonly size?: string;
      readonly share?: number;
      readonly opens: boolean;
    }
  | {
      readonly kind: "layer";
      readonly key: string;
      readonly row: PlacedLayer;
      readonly delta?: Delta | undefined;
      readonly opens: boolean;
    }
  | {
      readonly kind: "file";
      readonly key: string;
      readonly row: FileRow;
      readonly share: number;
      readonly isFlat: boolean;
      readonly opens: boolean;
    }
  | {
      readonly kind: "line";
      readonly title: string;
      readonly note: string;
      readonly size: string;
      readonly mark?: Mark;
      readonly opens: false;
    }
  | { readonly kind: "note"; readonly text: string; readonly opens: false }
  | { readonly kind: "waiting"; readonly opens: false };

/** A layer, and whether its instruction is another than the one it was built by. */
export type PlacedLayer = LayerRow & { readonly stale?: boolean };

/** What became of a layer since the image it is compared with. */
export type Delta =
  | { readonly is: "new" }
  | { readonly is: "same" }
  | { readonly is: "changed"; readonly bytes: number };
export type Mark = "added" | "modified" | "removed";
export type Row = Spot<Item>;

export interface Source {
  readonly content: Content;
  readonly view: View;
  /** As it is now: lines move. */
  readonly layer: (layer: number) => PlacedLayer | undefined;
  readonly ask: (question: PageQuestion, isWanted: () => boolean) => Promise<Page<FileRow>>;
  readonly onChange: () => void;
}

/** What of the keys is open; those that come later, with their page, open then. */
type Opened = ReadonlySet<string>;

/** A row that is there from the beginning. */
interface Known {
  readonly item: Item;
  readonly below?: (row: Row) => Branch<Item>;
}

const nothing: Item = { kind: "note", text: "Nothing here", opens: false };
const waiting: Item = { kind: "waiting", opens: false };

/** @param opened the keys of what is open, which the list keeps up to date */
export function itemsOf(source: Source, opened: Opened): Branch<Item> {
  const { image, comparison } = source.content;
  if (!image) return branch<Item>({ count: 0, item: () => nothing });
  const { onlyWasted } = source.view;
  const deltas = deltasOf(source.content);
  const shown = (row: LayerRow): boolean => !onlyWasted || !image.deep || (row.wastedBytes ?? 0) > 0;
  const layerTop = (row: LayerRow): Known => ({
    item: { kind: "layer", key: `layer:${row.layer}`, row, delta: deltas.get(row.layer), opens: image.deep },
    below: (place) => folder(source, opened, place, { layer: row.layer, path: "", of: row.bytes }),
  });
  const base = image.layers.filter((row) => row.ofBase && shown(row));
  const own = image.layers.filter((row) => !row.ofBase && shown(row));
  const baseBytes = image.layers.reduce((sum, row) => (row.ofBase ? sum + row.bytes : sum), 0);

  const tops: readonly Known[] = [
    ...(image.deep && !onlyWasted
      ? [
          {
            item: group(
              "files",
              "All files",
              count(image.totals.files ?? 0, "file"),
              image.totals.bytes - (image.totals.wastedBytes ?? 0),
            ),
            below: (place: Row) => folder(source, opened, place, { layer: null, path: "", of: image.totals.bytes }),
          },
        ]
      : []),
    // Everything is its own where no Dockerfile is known.
    ...(base.length > 0 && own.length > 0
      ? [
          {
            item: {
              ...group(
                "base",
                plain(image.base?.image ?? "Base image"),
                `${count(base.length, "layer")} of the base image`,
                baseBytes,
              ),
              share: image.totals.bytes > 0 ? baseBytes / image.totals.bytes : 0,
            },
            below: (place: Row) => listed(source, base.map(layerTop), opened, place),
          },
        ]
      : base.map(layerTop)),
    ...own.map(layerTop),
    ...(image.wasted.count > 0 ? [flat("wasted", "Wasted files", image.wasted, (row) => wastedLine(row))] : []),
    ...(image.duplicates.count > 0 && !onlyWasted
      ? [flat("duplicates", "Same content twice", image.duplicates, (row) => duplicateLine(row))]
      : []),
    ...(comparison && !onlyWasted ? changeGroups(comparison) : []),
  ];
  return listed(source, tops, opened, undefined);
}

const group = (key: string, title: string, note: string, bytes?: number): Extract<Item, { kind: "group" }> => ({
  ...{ kind: "group", key, title, note, opens: true },
  ...(bytes !== undefined && { size: size(bytes) }),
});

/** Rows that are all known. */
function listed(source: Source, tops: readonly Known[], opened: Opened, place: Row | undefined): Branch<Item> {
  const of: Branch<Item> = branch<Item>(
    {
      count: Math.max(tops.length, 1),
      height: 2,
      item: (index) => now(source, tops[index]?.item ?? nothing),
      below: (index) => (tops[index]?.item.opens === true ? tops[index].below?.({ branch: of, index }) : undefined),
    },
    place,
  );
  for (const [index, { item }] of tops.entries())
    if (item.opens && "key" in item && opened.has(item.key)) open({ branch: of, index });
  return of;
}

const now = ({ layer }: Source, item: Item): Item =>
  item.kind === "layer" ? { ...item, row: layer(item.row.layer) ?? item.row } : item;

const flat = <T>(key: string, title: string, top: Top<T>, line: (row: T) => Item): Known => ({
  item: group(key, title, count(top.count, "file"), top.bytes),
  below: (place) => lines(top, line, place),
});

function lines<T>({ rows, count: all }: Top<T>, line: (row: T) => Item, place: Row): Branch<Item> {
  const more = all - rows.length;
  return branch<Item>(
    {
      count: rows.length + (more > 0 ? 1 : 0),
      item: (index) => {
        const row = rows[index];
        return row === undefined
          ? { kind: "note", text: `${count(more, "smaller one")} more`, opens: false }
          : line(row);
      },
    },
    place,
  );
}

type Changed = NonNullable<ImageChanges["added"]>["rows"][number];

const HOW = { removed: "removed in", replaced: "replaced in", metadata: "stored again, for mode, owner or time, in" };

const wastedLine = ({ path, bytes, storedBy, hiddenBy, how }: WastedRow): Item => ({
  ...{ kind: "line", title: plain(path), size: size(bytes), opens: false },
  note: `layer ${storedBy + 1}, ${HOW[how]} ${hiddenBy + 1}`,
});

function duplicateLine({ wastedBytes, paths, count: many }: DuplicateRow): Item {
  const [first, ...others] = paths.map(({ path }) => plain(path));
  const rest = many - paths.length;
  return {
    ...{ kind: "line", title: first ?? "", size: size(wastedBytes), opens: false },
    note: `and ${[...others, ...(rest > 0 ? [`${rest} more`] : [])].join(", ")}`,
  };
}

function changeGroups({ title, changes }: NonNullable<Content["comparison"]>): readonly Known[] {
  const gone = changes.layers.filter(({ a, b }) => a !== undefined && b === undefined);
  const KINDS = [
    ["added", "Files that came", "added"],
    ["removed", "Files that went", "removed"],
    ["grown", "Files that grew", "modified"],
    ["shrunk", "Files that shrank", "modified"],
  ] as const;
  return [
    ...(gone.length > 0
      ? [
          {
            item: group(
              "gone",
              "Layers that went",
              `of ${plain(title)}`,
              gone.reduce((sum, { bytesA }) => sum + bytesA, 0),
            ),
            below: (place: Row) =>
              lines(
                { rows: gone, count: gone.length, bytes: 0 },
                ({ text, bytesA }) =>
                  ({
                    ...{ kind: "line", title: plain(text), note: "", opens: false, mark: "removed" },
                    size: difference(-bytesA),
                  }) as const,
                place,
              ),
          },
        ]
      : []),
    ...KINDS.flatMap(([key, name, mark]) => {
      const top = changes[key];
      if (!top || top.count === 0) return [];
      return [
        flat<Changed>(
          key,
          name,
          top,
          ({ path, bytesA, bytesB, layer }) =>
            ({
              ...{ kind: "line", mark, opens: false },
              title: plain(path),
              note: `layer ${layer + 1}`,
              size: difference(bytesB - bytesA),
            }) as const,
        ),
      ];
    }),
  ];
}

/** By layer of the image that is shown. */
function deltasOf({ image, comparison }: Content): ReadonlyMap<number, Delta> {
  if (comparison)
    return new Map(
      comparison.changes.layers.flatMap(({ a, b, bytesA, bytesB, same }) =>
        b === undefined
          ? []
          : [[b, a === undefined ? { is: "new" } : same ? { is: "same" } : { is: "changed", bytes: bytesB - bytesA }]],
      ),
    );
  return new Map(image?.history?.layers.map(({ layer, bytes }) => [layer, { is: "changed", bytes }]));
}

interface Where {
  readonly layer: number | null;
  readonly path: string;
  /** Bytes of what it is in, against which its rows are measured. */
  readonly of: number;
}

export const fileKey = (layer: number | null, path: string): string => `file:${layer ?? "all"}:${path}`;

function folder(source: Source, opened: Opened, place: Row, { layer, path, of: whole }: Where): Branch<Item> {
  const { sort, onlyWasted, search } = source.view;
  const isFlat = search !== "" && path === "";
  const pages = pagesOf<FileRow>({
    ask: (from, many, isWanted) =>
      source.ask({ layer, path, sort, onlyWasted, from, count: many, ...(isFlat && { search }) }, isWanted),
    onPage(from, rows) {
      const total = pages.total() ?? 0;
      self.count = Math.max(1, total + (pages.capped() ? 1 : 0));
      changed(self);
      for (const [at, row] of rows.entries())
        if (row.kind === "directory" && opened.has(fileKey(layer, row.path))) open({ branch: self, index: from + at });
      source.onChange();
    },
  });
  const self: Branch<Item> = branch<Item>(
    {
      count: 1,
      item(index) {
        const row = pages.row(index);
        if (row)
          return {
            kind: "file",
            key: fileKey(layer, row.path),
            row,
            share: whole > 0 ? row.bytes / whole : 0,
            isFlat,
            opens: row.kind === "directory" && !isFlat,
          };
        const failure = pages.failure();
        const total = pages.total();
        if (failure !== undefined) return { kind: "note", text: failure, opens: false };
        if (total === undefined || index < total) return waiting;
        if (total > 0) return { kind: "note", text: "There are more; search for more letters", opens: false };
        return isFlat ? { kind: "note", text: `No path has “${plain(search)}” in it`, opens: false } : nothing;
      },
      below: (index) => {
        const row = pages.row(index);
        if (row?.kind !== "directory" || isFlat) return undefined;
        return folder(source, opened, { branch: self, index }, { layer, path: row.path, of: whole });
      },
      want: pages.want,
    },
    place,
  );
  // Its number of rows is wanted before it is looked at.
  pages.want(0, 1);
  return self;
}

/** All of a row in words, for those who hear it. */
export function spoken(item: Item): string {
  switch (item.kind) {
    case "layer": {
      const { row, delta } = item;
      return [
        `Layer ${row.layer + 1}`,
        plain(row.text) || "no instruction known",
        ...(row.line === undefined ? [] : [`line ${row.line + 1}`]),
        ...(row.stale === true ? ["changed since it was built"] : []),
        size(row.bytes),
        `${percent(row.share)} of the image`,
        `${size(row.cumulative)} up to here`,
        ...(row.ofBase ? ["shared with the base image"] : []),
        ...(row.wastedBytes ? [`${size(row.wastedBytes)} wasted`] : []),
        ...(row.hidesBytes ? [`hides ${size(row.hidesBytes)} of layers below`] : []),
        ...(row.recognised ?? []),
        ...(delta ? [deltaText(delta)] : []),
      ].join(", ");
    }
    case "file": {
      const { row } = item;
      return [
        row.kind === "directory" ? `folder ${plain(row.name)}` : plain(item.isFlat ? row.path : row.name),
        ...(row.change ? [row.change] : []),
        size(row.bytes),
        ...(row.kind === "directory" ? [count(row.files, "file")] : []),
        ...(row.wastedBytes ? [`${size(row.wastedBytes)} wasted`] : []),
        ...(row.link === undefined ? [] : [`link to ${plain(row.link)}`]),
      ].join(", ");
    }
    case "group":
      return [item.title, item.note, ...(item.size === undefined ? [] : [item.size])].join(", ");
    case "line":
      return [item.title, ...(item.mark ? [item.mark] : []), item.size, item.note].join(", ");
    case "note":
      return item.text;
    case "waiting":
      return "Being read";
  }
}

export function deltaText(delta: Delta): string {
  if (delta.is !== "changed") return delta.is === "new" ? "new" : "unchanged";
  return delta.bytes === 0 ? "rebuilt" : growth(delta.bytes);
}

/** Where typing the first letters leads to. */
export const labelOf = (item: Item): string =>
  item.kind === "layer" ? item.row.text : item.kind === "file" ? item.row.name : "title" in item ? item.title : "";
