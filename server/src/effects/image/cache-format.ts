/** A layer as text for the cache folder: a list for each property, for names repeated for each file would be most of it. */
import type { Entry, EntryType, Layer } from "../../core/image/image.ts";

type Column = readonly (string | number | null)[];

/** What of an entry is written. A property more or less is another form, and belongs into another folder. */
const COLUMNS = {
  ...{ path: text, type, size: number, mtime: number, mode: number, uid: number, gid: number },
  ...{ link: optional, device: optional, sha256: optional, attributes: optional },
} satisfies { readonly [K in keyof Entry]-?: (value: unknown) => Entry[K] };
const NAMES = Object.keys(COLUMNS).filter((name) => isName(name));

function isName(name: string): name is keyof Entry {
  return name in COLUMNS;
}

/** What is written of a layer, its entries aside. */
type About = { readonly [K in keyof Omit<Layer, "entries">]-?: unknown };

export function packLayer({ entries, digest, diffId, compression, storedSize, tarSize, texts }: Layer): string {
  const columns = NAMES.map((name): Column => entries.map((entry) => entry[name] ?? null));
  const about: About = { digest, diffId, compression, storedSize, tarSize, texts: [...(texts ?? [])] };
  return JSON.stringify({ ...about, columns });
}

/** Undefined for anything else than `packLayer` writes. */
export function unpackLayer(packed: string): Layer | undefined {
  try {
    const value: unknown = JSON.parse(packed);
    const { columns, digest, diffId, compression, storedSize, tarSize, texts } = fieldsOf(value);
    if (!Array.isArray(columns) || columns.length !== NAMES.length) return undefined;
    const lists: readonly (readonly unknown[])[] = columns.map((column: unknown) =>
      Array.isArray(column) ? column : [],
    );
    const count = lists[0]?.length ?? 0;
    if (lists.some((list) => list.length !== count)) return undefined;
    const of = (name: keyof Entry): readonly unknown[] => lists[NAMES.indexOf(name)] ?? [];
    const [sizes, mtimes, modes, uids, gids] = [of("size"), of("mtime"), of("mode"), of("uid"), of("gid")];
    const [types, links, devices, hashes, attributes] = [
      ...[of("type"), of("link"), of("device")],
      ...[of("sha256"), of("attributes")],
    ];
    const entries = of("path").map(
      (path, row): Entry => ({
        path: COLUMNS.path(path),
        type: COLUMNS.type(types?.[row]),
        size: COLUMNS.size(sizes?.[row]),
        mtime: COLUMNS.mtime(mtimes?.[row]),
        mode: COLUMNS.mode(modes?.[row]),
        uid: COLUMNS.uid(uids?.[row]),
        gid: COLUMNS.gid(gids?.[row]),
        link: COLUMNS.link(links?.[row]),
        device: COLUMNS.device(devices?.[row]),
        sha256: COLUMNS.sha256(hashes?.[row]),
        attributes: COLUMNS.attributes(attributes?.[row]),
      }),
    );
    return {
      ...{ entries, digest: text(digest), diffId: text(diffId), compression: compressionNamed(compression) },
      ...{ storedSize: number(storedSize), tarSize: number(tarSize), texts: textsOf(texts) },
    };
  } catch {
    return undefined;
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const TYPES: ReadonlySet<string> = new Set<EntryType>([
  ...(["file", "directory", "symlink", "hardlink", "character-device", "block-device", "fifo", "other"] as const),
]);
const isType = (value: unknown): value is EntryType => typeof value === "string" && TYPES.has(value);

function type(value: unknown): EntryType {
  if (isType(value)) return value;
  throw new TypeError("no type of an entry");
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError("no text");
}

function number(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TypeError("no number");
}

function optional(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(value);
}

function textsOf(value: unknown): ReadonlyMap<string, string> {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return new Map(value.map((pair: unknown) => (Array.isArray(pair) ? [text(pair[0]), text(pair[1])] : ["", ""])));
}

function compressionNamed(value: unknown): Layer["compression"] {
  if (value === "none" || value === "gzip" || value === "zstd") return value;
  throw new TypeError("no compression");
}
