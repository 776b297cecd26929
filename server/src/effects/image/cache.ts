/**
 * Layers that were read before, by digest: in memory, and in the person's cache folder as one file each; and of images which layers they
 * have. None of these ever changes, so nothing here gets old; what is unreadable, damaged or of another form counts as not there.
 */
import { join } from "node:path";
import type { Image, Layer } from "../../core/image/image.ts";
import { cacheFolder } from "../cache-folder.ts";
import { cacheFiles } from "./cache-files.ts";
import { packImage, packLayer, unpackImage, unpackLayer } from "./cache-format.ts";
import type { KnownLayers } from "./parts.ts";

export interface LayerCache {
  /** Of the bytes as stored. */
  readonly byDigest: (digest: string) => Layer | undefined;
  /** Of the uncompressed archive, however the layer was stored when it was read. */
  readonly byDiffId: (diffId: string) => Layer | undefined;
  readonly add: (layer: Layer) => void;
  /** An image with all of its layers, by a key that no other image has: 64 hexadecimal digits. */
  readonly image: (key: string) => Image | undefined;
  readonly addImage: (key: string, image: Image) => void;
  /** Once what was added is in the folder. It may fail silently: a cache that cannot be written is none. */
  readonly settled: () => Promise<void>;
}

export interface LayerCacheOptions {
  /** Undefined keeps nothing beyond this process. */
  readonly folder: string | undefined;
  /** Most entries of layers kept in memory. */
  readonly entries?: number;
  /** Most bytes of the folder. */
  readonly bytes?: number;
}

/** An image without its layers, whose digests it has. */
interface ImageRecord extends Omit<Image, "layers"> {
  readonly layers: readonly string[];
}

/** Below the person's cache folder. A change of the form goes into a folder of its own. */
export const layerCacheFolder = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), "layers", "v1");

const MAX_ENTRIES = 400_000;
const MAX_RECORDS = 100;
const MAX_BYTES = 512 * 1024 ** 2;
const NAME = /^([0-9a-f]{64})-([0-9a-f]{64}|[0-9a-f]{128})\.layer$/;

export function createLayerCache({
  folder,
  entries: mostEntries = MAX_ENTRIES,
  bytes: mostBytes = MAX_BYTES,
}: LayerCacheOptions): LayerCache {
  const files = folder === undefined ? undefined : cacheFiles(folder, mostBytes);
  /** By digest, the one used last at the end. */
  const kept = new Map<string, Layer>();
  let keptEntries = 0;
  const records = new Map<string, ImageRecord>();
  let writing: Promise<void> = Promise.resolve();

  const keep = (layer: Layer): Layer => {
    if (kept.delete(layer.digest)) keptEntries -= layer.entries.length;
    kept.set(layer.digest, layer);
    keptEntries += layer.entries.length;
    for (const [digest, { entries }] of kept) {
      if (keptEntries <= mostEntries) break;
      kept.delete(digest);
      keptEntries -= entries.length;
    }
    return layer;
  };
  const keepRecord = (key: string, record: ImageRecord): ImageRecord => {
    records.delete(key);
    records.set(key, record);
    const [oldest] = records.keys();
    if (records.size > MAX_RECORDS && oldest !== undefined) records.delete(oldest);
    return record;
  };
  const write = (name: string, lines: Iterable<string>): void => {
    writing = writing.then(() => files?.write(name, lines)).catch(() => {});
  };

  /** Reading is short, and readers decide between two pieces of a stream whether a layer is known: not the place to wait. */
  const fromFolder = (fits: (diffId: string, digest: string) => boolean): Layer | undefined => {
    for (const name of files?.names() ?? []) {
      const [, diffId = "", digest = ""] = NAME.exec(name) ?? [];
      if (diffId === "" || !fits(diffId, digest)) continue;
      const layer = files?.read(name, unpackLayer);
      if (layer && hexOf(layer.diffId) === diffId && hexOf(layer.digest) === digest) return keep(layer);
    }
    return undefined;
  };
  const byDigest = (digest: string): Layer | undefined => {
    const known = kept.get(digest);
    return known ? keep(known) : fromFolder((_diffId, hex) => hex === hexOf(digest));
  };

  return {
    byDigest,
    byDiffId(diffId) {
      const known = [...kept.values()].find((layer) => layer.diffId === diffId);
      return known ? keep(known) : fromFolder((hex) => hex === hexOf(diffId));
    },
    add(layer) {
      const isNew = !kept.has(layer.digest);
      keep(layer);
      if (isNew) write(layerFile(layer), packLayer(layer));
    },
    image(key) {
      const record = records.get(key) ?? files?.read(imageFile(key), unpackImage);
      if (!record) return undefined;
      const layers = keepRecord(key, record).layers.flatMap((digest) => byDigest(digest) ?? []);
      return layers.length === record.layers.length ? { ...record, layers } : undefined;
    },
    addImage(key, image) {
      const record = { ...image, layers: image.layers.map(({ digest }) => digest) };
      if (!records.has(key)) write(imageFile(key), packImage(record));
      keepRecord(key, record);
    },
    settled: () => writing,
  };
}

const hexOf = (digest: string): string => digest.slice(digest.indexOf(":") + 1);
const layerFile = ({ diffId, digest }: Layer): string => `${hexOf(diffId)}-${hexOf(digest)}.layer`;
const imageFile = (key: string): string => `${key}.image`;

/** The cache as readers of archives ask it: what they read is added, and what they were spared is counted. */
export function knownLayers(cache: LayerCache | undefined): {
  readonly known: KnownLayers;
  readonly spared: Set<string>;
} {
  const spared = new Set<string>();
  const known: KnownLayers = new Map();
  const own = { get: known.get.bind(known), set: known.set.bind(known) };
  known.get = (digest) => {
    const here = own.get(digest);
    if (here || !cache) return here;
    const before = cache.byDigest(digest) ?? asArchive(cache.byDiffId(digest));
    if (!before) return undefined;
    spared.add(digest);
    own.set(digest, before);
    return before;
  };
  known.set = (digest, layer) => {
    cache?.add(layer);
    return own.set(digest, layer);
  };
  return { known, spared };
}

/** The same layer stored as it is, which is how a graph driver saves what a registry has compressed. */
const asArchive = (layer: Layer | undefined): Layer | undefined =>
  layer && { ...layer, digest: layer.diffId, compression: "none", storedSize: layer.tarSize };

/** `spared` as `knownLayers` counted it. */
export const withOrigins = (image: Image, spared: ReadonlySet<string>) => ({
  ...image,
  origins: image.layers.map(({ digest }) => (spared.has(digest) ? ("cache" as const) : ("read" as const))),
});
