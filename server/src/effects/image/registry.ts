/** An image of a registry: its outline from manifest and configuration, its layers streamed from there, without any engine. */
import type { Layer, Step } from "../../core/image/image.ts";
import { createRegistry, type OpenedRemote, type RegistryOptions } from "../registry/registry.ts";
import type { Descriptor } from "../registry/remote-image.ts";
import { stepOf } from "./assemble.ts";
import { knownLayers, type LayerCache } from "./cache.ts";
import { layerByContents } from "./contents.ts";
import { ImageError } from "./error.ts";
import { type Budget, createBudget, LIMITS } from "./limits.ts";
import { type KnownLayers, readingPart } from "./parts.ts";
import { pour } from "./sink.ts";
import type { LayerOrigin, Outline, OutlineOptions, SourceImage, SourceOptions } from "./source-types.ts";

export interface RegistrySource {
  readonly image: string;
  readonly platform?: string;
}

/** Layers that are fetched at a time. */
const AT_ONCE = 3;
/** Nobody's login, nothing but what the reference says. */
const PLAIN: RegistryOptions = { trusted: false };

/** @throws RegistryError, or the signal's reason */
export async function registryOutline(source: RegistrySource, options: OutlineOptions): Promise<Outline> {
  const { image } = await opened(source, options, options.signal ?? new AbortController().signal);
  const diffIds = diffIdsOf(image.config);
  return {
    ...{ digest: image.digest, configDigest: image.configDigest, platform: image.platform, names: [source.image] },
    layers: image.layers.map(({ digest, size }, at) => ({
      ...{ digest, diffId: diffIds[at], compressedBytes: size, contentBytes: undefined },
    })),
    history: historyOf(image.config),
    sizeMeaning: "compressed",
    sizeNote: "bytes as the registry stores them, compressed",
  };
}

/** @throws RegistryError, ImageError, or the signal's reason; by then nothing is being fetched any more */
export async function registryImage(source: RegistrySource, options: SourceOptions): Promise<SourceImage> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, ...(options.signal ? [options.signal] : [])]);
  const remote = await opened(source, options, signal);
  const { image } = remote;
  const diffIds = diffIdsOf(image.config);
  if (diffIds.length !== image.layers.length) {
    const both = `its manifest names ${image.layers.length} layers and its configuration ${diffIds.length}`;
    throw new ImageError("corrupt", `${source.image}: ${both}`);
  }
  const wanted = new Set(options.layers ?? image.layers.keys());
  const total = image.layers.reduce((sum, { size }, at) => (wanted.has(at) ? sum + size : sum), 0);
  let done = 0;
  const onBytes = (count: number): void => options.onProgress?.((done += count), total);
  const reading: Reading = {
    ...{ remote, signal, onBytes, cache: options.cache, known: knownLayers(options.cache).known },
    budget: createBudget({ ...LIMITS, ...options.limits }),
    tablesOfContents: options.tablesOfContents ?? true,
  };

  const found: Found[] = image.layers.map((layer, at) => ({ layer: unread(layer, diffIds[at] ?? ""), origin: "none" }));
  // A layer may be in an image twice.
  const places = Map.groupBy(wanted, (at) => image.layers[at]?.digest);
  const waiting = [...places.values()].toReversed();
  const work = async (): Promise<void> => {
    for (let same = waiting.pop(); same; same = waiting.pop()) {
      const [first = -1] = same;
      const layer = image.layers[first];
      if (!layer || isElsewhere(layer)) continue;
      const read = await readLayer(layer, diffIds[first] ?? "", reading);
      for (const at of same) {
        checkDiffId(read.layer, diffIds[at]);
        found[at] = read;
      }
    }
  };
  const workers = Array.from({ length: AT_ONCE }, () =>
    work().catch((error: unknown) => {
      stopping.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  options.signal?.throwIfAborted();
  if (stopping.signal.aborted) throw named(stopping.signal.reason, source.image);
  return {
    ...{ digest: image.digest, configDigest: image.configDigest, platform: image.platform, names: [source.image] },
    ...{ layers: found.map(({ layer }) => layer), origins: found.map(({ origin }) => origin) },
    ...{ history: historyOf(image.config), config: image.config },
  };
}

const named = (error: unknown, image: string): unknown => (error instanceof ImageError ? error.at(image) : error);

function opened({ image, platform }: RegistrySource, options: OutlineOptions, signal: AbortSignal) {
  return createRegistry(options.registry ?? PLAIN).open(image, platform, signal);
}

interface Found {
  readonly layer: Layer;
  readonly origin: LayerOrigin;
}

interface Reading {
  readonly remote: OpenedRemote;
  readonly signal: AbortSignal;
  readonly onBytes: (count: number) => void;
  readonly cache: LayerCache | undefined;
  readonly known: KnownLayers;
  readonly budget: Budget;
  readonly tablesOfContents: boolean;
}

async function readLayer(layer: Descriptor, diffId: string, reading: Reading): Promise<Found> {
  const { remote, signal, onBytes, cache, known, budget } = reading;
  if (layer.mediaType.includes("encrypted")) throw new ImageError("unsupported", "its layers are encrypted");
  const before = cached(layer, diffId, cache);
  if (before) {
    onBytes(layer.size);
    return { layer: before, origin: "cache" };
  }
  if (reading.tablesOfContents) {
    const listed = await layerByContents(layer, diffId, (range) => remote.range(layer, range, signal), budget);
    if (listed) {
      onBytes(layer.size);
      return { layer: listed, origin: "contents" };
    }
  }
  const { sink, part } = readingPart(`blobs/${layer.digest.replace(":", "/")}`, budget, known, layer.size);
  await pour(remote.bytes(layer, signal), sink, signal, onBytes);
  const read = part();
  if (read.kind === "unread") throw read.error;
  if (read.kind !== "layer") throw new ImageError("no-image", `${layer.digest} is no layer of a container image`);
  return { layer: read.layer, origin: "read" };
}

function checkDiffId({ digest, diffId }: Layer, expected: string | undefined): void {
  if (diffId === expected) return;
  const both = `${diffId} and ${expected}`;
  throw new ImageError("corrupt", `${digest} is not the layer its configuration names: ${both}`);
}

/** The same files may have been read from where they were stored otherwise: an engine refuses an image that lies about them. */
function cached(layer: Descriptor, diffId: string, cache: LayerCache | undefined): Layer | undefined {
  const same = cache?.byDigest(layer.digest);
  if (same) return same.diffId === diffId ? same : undefined;
  const other = cache?.byDiffId(diffId);
  return other && { ...other, digest: layer.digest, compression: compressionBy(layer), storedSize: layer.size };
}

const compressionBy = ({ mediaType }: Descriptor): Layer["compression"] => {
  if (mediaType.endsWith("zstd")) return "zstd";
  return mediaType.endsWith("gzip") ? "gzip" : "none";
};

/** Windows' base layers may stay where they are from; the registry has only their names. */
const isElsewhere = ({ mediaType }: Descriptor): boolean => /foreign|nondistributable/.test(mediaType);

const unread = (layer: Descriptor, diffId: string): Layer => ({
  ...{ entries: [], digest: layer.digest, diffId, compression: compressionBy(layer) },
  ...{ storedSize: layer.size, tarSize: 0 },
});

function diffIdsOf(config: Readonly<Record<string, unknown>>): readonly string[] {
  const rootfs = config["rootfs"];
  const listed = typeof rootfs === "object" && rootfs !== null && "diff_ids" in rootfs ? rootfs.diff_ids : undefined;
  return Array.isArray(listed) ? listed.filter((each) => typeof each === "string") : [];
}

function historyOf(config: Readonly<Record<string, unknown>>): readonly Step[] {
  const history = config["history"];
  return Array.isArray(history) ? history.map(stepOf) : [];
}
