/** Layers and images as lines for the cache folder; of a layer a list for each property, for names repeated for each file would be most of it. */
import type { Entry, EntryType, Image, Layer, Step } from "../../core/image/image.ts";

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

/** Entries in a line: neither all of them at once, nor so few that the names weigh. */
const BLOCK = 512;

/** Lines without their ends: what it is, then its entries in blocks. */
export function* packLayer(layer: Layer): Generator<string, void> {
  const { entries, digest, diffId, compression, storedSize, tarSize, texts } = layer;
  const about: About = { digest, diffId, compression, storedSize, tarSize, texts: [...(texts ?? [])] };
  yield JSON.stringify({ ...about, count: entries.length });
  for (let start = 0; start < entries.length; start += BLOCK) {
    const block = entries.slice(start, start + BLOCK);
    yield JSON.stringify(NAMES.map((name): Column => block.map((entry) => entry[name] ?? null)));
  }
}

/** Undefined for anything else than `packLayer` writes. */
export function unpackLayer(lines: Iterable<string>): Layer | undefined {
  try {
    let about: Readonly<Record<string, unknown>> | undefined;
    const entries: Entry[] = [];
    for (const line of lines)
      if (about) readBlock(JSON.parse(line), entries);
      else about = fieldsOf(JSON.parse(line));
    if (!about || entries.length !== about["count"]) return undefined;
    const { digest, diffId, compression, storedSize, tarSize, texts } = about;
    return {
      ...{ entries, digest: text(digest), diffId: text(diffId), compression: compressionNamed(compression) },
      ...{ storedSize: number(storedSize), tarSize: number(tarSize), texts: textsOf(texts) },
    };
  } catch {
    return undefined;
  }
}

function readBlock(columns: unknown, into: Entry[]): void {
  const listed: readonly unknown[] = Array.isArray(columns) ? columns : [];
  const lists: readonly (readonly unknown[])[] = listed.map((list) => (Array.isArray(list) ? list : []));
  const count = lists[0]?.length ?? 0;
  if (lists.length !== NAMES.length || lists.some((list) => list.length !== count)) throw new TypeError("no block");
  const of = (name: keyof Entry): readonly unknown[] => lists[NAMES.indexOf(name)] ?? [];
  const [sizes, mtimes, modes, uids, gids] = [of("size"), of("mtime"), of("mode"), of("uid"), of("gid")];
  const [paths, types, links] = [of("path"), of("type"), of("link")];
  const [devices, hashes, attributes] = [of("device"), of("sha256"), of("attributes")];
  for (let row = 0; row < count; row++)
    into.push({
      path: COLUMNS.path(paths[row]),
      type: COLUMNS.type(types[row]),
      size: COLUMNS.size(sizes[row]),
      mtime: COLUMNS.mtime(mtimes[row]),
      mode: COLUMNS.mode(modes[row]),
      uid: COLUMNS.uid(uids[row]),
      gid: COLUMNS.gid(gids[row]),
      link: COLUMNS.link(links[row]),
      device: COLUMNS.device(devices[row]),
      sha256: COLUMNS.sha256(hashes[row]),
      attributes: COLUMNS.attributes(attributes[row]),
    });
}

/** An image, its layers by their digests. */
type Listed = Omit<Image, "layers"> & { readonly layers: readonly string[] };

export function packImage(image: Listed): readonly string[] {
  const { digest, configDigest, platform, names, layers, history, config } = image;
  const packed: { readonly [K in keyof Listed]-?: unknown } = {
    ...{ digest, configDigest, platform, names, layers, history, config },
  };
  return [JSON.stringify(packed)];
}

/** Undefined for anything else than `packImage` writes. */
export function unpackImage([line = ""]: Iterable<string>): Listed | undefined {
  try {
    const { digest, configDigest, platform, names, layers, history, config } = fieldsOf(JSON.parse(line));
    return {
      ...{ digest: optional(digest), configDigest: optional(configDigest), platform: optional(platform) },
      ...{
        names: listOf(names).map(text),
        layers: listOf(layers).map(text),
        history: listOf(history).map(step),
        config,
      },
    };
  } catch {
    return undefined;
  }
}

function step(value: unknown): Step {
  const { createdBy, created, comment, empty } = fieldsOf(value);
  if (typeof empty !== "boolean") throw new TypeError("no step");
  return { createdBy: text(createdBy), created: optional(created), comment: optional(comment), empty };
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("no list");
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
  return new Map(listOf(value).map((pair) => (Array.isArray(pair) ? [text(pair[0]), text(pair[1])] : ["", ""])));
}

function compressionNamed(value: unknown): Layer["compression"] {
  if (value === "none" || value === "gzip" || value === "zstd") return value;
  throw new TypeError("no compression");
}
