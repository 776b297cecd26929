/** What is known of an image without its files: small enough to be kept, and to be told from one thread to another. */
import type { Costs, Recognised, WastedFile } from "./costs.ts";
import { folderOf, type Image, type Step } from "./image.ts";
import type { DuplicateRow, Top, WastedRow } from "./rows.ts";

export interface ImageFacts {
  readonly digest: string | undefined;
  readonly configDigest: string | undefined;
  readonly platform: string | undefined;
  readonly names: readonly string[];
  /** Its files are known. */
  readonly deep: boolean;
  /** What `bytes` of its layers are. */
  readonly sizeMeaning: "content" | "compressed" | "snapshot";
  /** The same for people: `disk usage of containerd's snapshots, in whole blocks`. */
  readonly sizeNote: string;
  /** From the lowest. */
  readonly layers: readonly LayerFacts[];
  readonly history: readonly Step[];
  /** The base image as `org.opencontainers.image.base.*` name it. */
  readonly base: { readonly name: string | undefined; readonly digest: string | undefined };
  /** Of an image whose files are known. */
  readonly files?: FileFacts;
}

export interface LayerFacts {
  readonly digest: string | undefined;
  readonly diffId: string | undefined;
  readonly bytes: number;
  readonly compressedBytes: number | undefined;
  /** Of a layer whose files are known. */
  readonly cost?: {
    readonly files: number;
    readonly added: number;
    readonly modified: number;
    readonly removed: number;
    readonly wastedBytes: number;
    readonly hidesBytes: number;
  };
}

export interface FileFacts {
  readonly count: number;
  readonly wasted: Top<WastedRow>;
  readonly duplicates: Top<DuplicateRow>;
  readonly recognised: readonly Recognised[];
  readonly waste: readonly WasteGroup[];
}

/** Bytes that one layer stores and another hides, for one reason; without what is among the recognised. */
export interface WasteGroup {
  readonly storedBy: number;
  readonly hiddenBy: number;
  readonly how: WastedFile["how"];
  readonly bytes: number;
  readonly files: number;
  /** The folder all of them are in, or the file when it is one. */
  readonly path: string;
}

/** As an outline is known: of an engine's history, or of a registry's manifest. */
interface Outlined
  extends Pick<ImageFacts, "digest" | "configDigest" | "platform" | "names" | "sizeMeaning" | "sizeNote" | "history"> {
  readonly layers: readonly {
    readonly digest: string | undefined;
    readonly diffId: string | undefined;
    readonly compressedBytes: number | undefined;
    readonly contentBytes: number | undefined;
  }[];
}

/** Rows of the lists of wasted and duplicate files that a person is shown. */
const TOP = 200;
/** Paths of one duplicate. */
const TOP_PATHS = 20;
const MOST_GROUPS = 500;

export const factsOfOutline = (outline: Outlined): ImageFacts => ({
  digest: outline.digest,
  configDigest: outline.configDigest,
  platform: outline.platform,
  names: outline.names,
  deep: false,
  sizeMeaning: outline.sizeMeaning,
  sizeNote: outline.sizeNote,
  history: outline.history,
  base: { name: undefined, digest: undefined },
  layers: outline.layers.map(({ digest, diffId, compressedBytes, contentBytes }) => ({
    digest,
    diffId,
    bytes: (outline.sizeMeaning === "compressed" ? compressedBytes : contentBytes) ?? 0,
    compressedBytes,
  })),
});

export function factsOfImage(image: Image, costs: Costs): ImageFacts {
  const { digest, configDigest, platform, names, layers, history, config } = image;
  const labels = fieldsOf(fieldsOf(fieldsOf(config)?.["config"])?.["Labels"]);
  const label = (name: string): string | undefined => {
    const value = labels?.[`org.opencontainers.image.base.${name}`];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    digest,
    configDigest,
    platform,
    names,
    deep: true,
    sizeMeaning: "content",
    sizeNote: "bytes of the files",
    history,
    base: { name: label("name"), digest: label("digest") },
    layers: layers.map((layer, at) => {
      const cost = costs.layers[at];
      return {
        digest: layer.digest,
        diffId: layer.diffId,
        bytes: cost?.contentBytes ?? 0,
        compressedBytes: layer.compression === "none" ? undefined : layer.storedSize,
        ...(cost && {
          cost: {
            files: cost.files,
            added: cost.added,
            modified: cost.modified,
            removed: cost.removed,
            wastedBytes: cost.wastedBytes,
            hidesBytes: cost.hidesBytes,
          },
        }),
      };
    }),
    files: {
      count: costs.layers.reduce((sum, { files }) => sum + files, 0),
      wasted: {
        rows: costs.wasted.slice(0, TOP).map(({ path, bytes, storedBy, hiddenBy, how }) => ({
          path,
          bytes,
          storedBy,
          hiddenBy,
          how,
        })),
        count: costs.wasted.length,
        bytes: costs.wastedBytes,
      },
      duplicates: {
        rows: costs.duplicates.slice(0, TOP).map(({ bytes, wastedBytes, paths }) => ({
          bytes,
          wastedBytes,
          paths: paths.slice(0, TOP_PATHS),
          count: paths.length,
        })),
        count: costs.duplicates.length,
        bytes: costs.duplicates.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0),
      },
      recognised: costs.recognised.slice(0, MOST_GROUPS),
      waste: wasteGroups(costs),
    },
  };
}

/** Largest first. */
export function wasteGroups({ wasted, recognised }: Pick<Costs, "wasted" | "recognised">): readonly WasteGroup[] {
  const known = new Map<number, readonly string[]>();
  for (const { layer, path, visible } of recognised)
    if (!visible) known.set(layer, [...(known.get(layer) ?? []), path]);
  const groups = new Map<string, WasteGroup>();
  for (const { path, bytes, storedBy, hiddenBy, how } of wasted) {
    if (known.get(storedBy)?.some((folder) => isWithin(path, folder)) === true) continue;
    const key = `${storedBy} ${hiddenBy} ${how}`;
    const group = groups.get(key);
    groups.set(key, {
      storedBy,
      hiddenBy,
      how,
      bytes: (group?.bytes ?? 0) + bytes,
      files: (group?.files ?? 0) + 1,
      path: group ? commonFolder(group.path, path) : path,
    });
  }
  return [...groups.values()].toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_GROUPS);
}

const isWithin = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);

function commonFolder(folder: string, path: string): string {
  let common = folder;
  while (!isWithin(path, common)) common = folderOf(common);
  return common;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
