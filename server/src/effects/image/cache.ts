/**
 * Layers that were read before, by digest: in memory, and in the person's cache folder as one file each. A layer never changes, so
 * nothing here gets old; what is unreadable, damaged or of another version counts as not there.
 */
import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRaw, inflateRawSync } from "node:zlib";
import type { Image, Layer } from "../../core/image/image.ts";
import { cacheFolder } from "../cache-folder.ts";
import { packLayer, unpackLayer } from "./cache-format.ts";
import type { KnownLayers } from "./parts.ts";

export interface LayerCache {
  /** Of the bytes as stored. */
  readonly byDigest: (digest: string) => Layer | undefined;
  /** Of the uncompressed archive, however the layer was stored when it was read. */
  readonly byDiffId: (diffId: string) => Layer | undefined;
  readonly add: (layer: Layer) => void;
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

/** Below the person's cache folder. A change of the form goes into a folder of its own. */
export const layerCacheFolder = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), "layers", "v1");

const MAX_ENTRIES = 400_000;
const MAX_BYTES = 512 * 1024 ** 2;
/** A hostile file in the cache folder unpacks to no more. */
const MAX_UNPACKED = 1024 ** 3;
/** What a process that ended in the middle has left. */
const ABANDONED_MS = 3_600_000;
const NAME = /^([0-9a-f]{64})-([0-9a-f]{64}|[0-9a-f]{128})\.layer$/;
const deflated = promisify(deflateRaw);

export function createLayerCache({
  folder,
  entries: mostEntries = MAX_ENTRIES,
  bytes: mostBytes = MAX_BYTES,
}: LayerCacheOptions): LayerCache {
  /** By digest, the one used last at the end. */
  const kept = new Map<string, Layer>();
  let keptEntries = 0;
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

  /** Reading is short, and readers decide between two pieces of a stream whether a layer is known: not the place to wait. */
  const fromFolder = (fits: (diffId: string, digest: string) => boolean): Layer | undefined => {
    if (folder === undefined) return undefined;
    for (const name of namesIn(folder)) {
      const [, diffId = "", digest = ""] = NAME.exec(name) ?? [];
      if (diffId === "" || !fits(diffId, digest)) continue;
      const layer = readFile(join(folder, name));
      if (layer && hexOf(layer.diffId) === diffId && hexOf(layer.digest) === digest) return keep(layer);
    }
    return undefined;
  };

  return {
    byDigest(digest) {
      const known = kept.get(digest);
      return known ? keep(known) : fromFolder((_diffId, hex) => hex === hexOf(digest));
    },
    byDiffId(diffId) {
      const known = [...kept.values()].find((layer) => layer.diffId === diffId);
      return known ? keep(known) : fromFolder((hex) => hex === hexOf(diffId));
    },
    add(layer) {
      const isNew = !kept.has(layer.digest);
      keep(layer);
      if (isNew && folder !== undefined) writing = writing.then(() => write(folder, layer, mostBytes)).catch(() => {});
    },
    settled: () => writing,
  };
}

const hexOf = (digest: string): string => digest.slice(digest.indexOf(":") + 1);
const fileOf = ({ diffId, digest }: Layer): string => `${hexOf(diffId)}-${hexOf(digest)}.layer`;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The first line is the digest of the rest. */
function readFile(path: string): Layer | undefined {
  try {
    const bytes = readFileSync(path);
    const end = bytes.indexOf(0x0a);
    const body = bytes.subarray(end + 1);
    if (bytes.toString("latin1", 0, end) !== createHash("sha256").update(body).digest("hex"))
      throw new Error("damaged");
    const layer = unpackLayer(inflateRawSync(body, { maxOutputLength: MAX_UNPACKED }).toString("utf8"));
    if (!layer) throw new Error("of another form");
    utimesSync(path, new Date(), new Date()); // the least used go first
    return layer;
  } catch {
    rmSync(path, { force: true });
    return undefined;
  }
}

async function write(folder: string, layer: Layer, mostBytes: number): Promise<void> {
  const path = join(folder, fileOf(layer));
  if (await stat(path).catch(() => undefined)) return;
  const body = await deflated(packLayer(layer), { level: 1 });
  if (body.length > mostBytes) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `${randomUUID()}.partial`);
  try {
    await writeFile(partial, [`${createHash("sha256").update(body).digest("hex")}\n`, body], { mode: 0o600 });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await prune(folder, mostBytes);
}

async function prune(folder: string, mostBytes: number): Promise<void> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const { size = 0, mtimeMs = 0 } = (await stat(path).catch(() => undefined)) ?? {};
      return { path, size, usedAt: mtimeMs, isPartial: name.endsWith(".partial") };
    }),
  );
  for (const { path } of found.filter(({ isPartial, usedAt }) => isPartial && Date.now() - usedAt > ABANDONED_MS))
    await rm(path, { force: true });
  let total = 0;
  for (const { path, size } of found.filter(({ isPartial }) => !isPartial).sort((a, b) => b.usedAt - a.usedAt)) {
    total += size;
    if (total > mostBytes) await rm(path, { force: true });
  }
}

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
