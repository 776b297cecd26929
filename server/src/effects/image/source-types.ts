/** Where an image can be looked at, and what is said of it: the types that all sources share. */
import type { Image, Step } from "../../core/image/image.ts";
import type { RegistryOptions } from "../registry/registry.ts";
import type { LayerCache } from "./cache.ts";
import type { Limits } from "./limits.ts";

export type Engine = "docker" | "podman" | "nerdctl" | "buildah";

export type ImageSource =
  /** An OCI layout's folder, an OCI archive or a docker-archive. */
  | { readonly kind: "path"; readonly path: string }
  /** `context`: of docker; of podman the connection, of nerdctl the namespace. */
  | { readonly kind: "engine"; readonly engine: Engine; readonly image: string; readonly context?: string }
  /** `platform` as `linux/arm64`; by default linux of this machine's architecture, then the first there is. */
  | { readonly kind: "registry"; readonly image: string; readonly platform?: string };

export interface OutlineOptions {
  /** Stops the work and what it started; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whom a registry is asked as, and how. Nobody's login is used by default. */
  readonly registry?: RegistryOptions | undefined;
  /** Of a path: the image of that platform, as `linux/arm64`. */
  readonly platform?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly cache?: LayerCache | undefined;
  /** Bytes so far, and of how many where that is known. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

export interface SourceOptions extends OutlineOptions {
  /** Of a registry: the layers to read, from 0; all by default. The others come without entries. */
  readonly layers?: readonly number[] | undefined;
  /** Of a registry: layers that have a table of contents are not downloaded, their files are known from it. True by default. */
  readonly tablesOfContents?: boolean | undefined;
}

/** What a layer's `contentBytes` of an outline are. */
export type SizeMeaning =
  /** Bytes of regular files: what the history of a graph driver counts. */
  | "content"
  /** Bytes as stored in the registry; the content is not known. */
  | "compressed"
  /** What the engine counts of a layer where that is not its files: the outline's `sizeNote` says what. */
  | "snapshot";

export interface OutlineLayer {
  /** Of the bytes as stored. */
  readonly digest: string | undefined;
  readonly diffId: string | undefined;
  /** Bytes as stored in a registry or an archive. */
  readonly compressedBytes: number | undefined;
  /** Bytes unpacked, in the meaning of the outline's `sizeMeaning`. */
  readonly contentBytes: number | undefined;
}

/** An image without the files of its layers. */
export interface Outline {
  /** Of the manifest; of the index, where an engine calls an image of several platforms by that. */
  readonly digest: string | undefined;
  readonly configDigest: string | undefined;
  readonly platform: string | undefined;
  readonly names: readonly string[];
  readonly layers: readonly OutlineLayer[];
  /** From the first to the last. Those that made a layer are as many as there are layers, or the history does not tell. */
  readonly history: readonly Step[];
  readonly sizeMeaning: SizeMeaning;
  /** The same for people: `disk usage of containerd's snapshots, in whole blocks`. */
  readonly sizeNote: string;
}

/** Where a layer's entries come from. */
export type LayerOrigin =
  /** Its tar archive was gone through now. */
  | "read"
  /** Read before. */
  | "cache"
  /** Its table of contents, which the manifest's digest vouches for; the layer itself was not downloaded. */
  | "contents"
  /** It was not asked for, and has no entries. */
  | "none";

export interface SourceImage extends Image {
  /** One for each layer. The `tarSize` of one known by its table of contents may be less than it has. */
  readonly origins: readonly LayerOrigin[];
}
