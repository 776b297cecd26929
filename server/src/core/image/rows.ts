/** What of an image is shown: its layers, its files by folder, what is wasted, what could go, and what differs from another one. Bytes are bytes of content. */
import type { EntryType } from "./image.ts";

export interface LayerRow {
  /** From 0, the lowest. */
  readonly layer: number;
  /** The instruction as the history has it, on one line: `RUN apt-get update`. Empty where the history does not say. */
  readonly text: string;
  /** Upper case; empty for what is no instruction. */
  readonly keyword: string;
  /** What this is a number of says the image's `sizeMeaning`. */
  readonly bytes: number;
  /** As a registry stores it. */
  readonly compressedBytes?: number;
  /** This layer and those below. */
  readonly cumulative: number;
  /** Of the whole image, from 0 to 1. */
  readonly share: number;
  /** Stored here and not visible in the end. */
  readonly wastedBytes?: number;
  /** Of lower layers, hidden by this one. */
  readonly hidesBytes?: number;
  readonly files?: number;
  /** Paths against the layers below. */
  readonly added?: number;
  readonly modified?: number;
  readonly removed?: number;
  /** Of the base image: no instruction of the Dockerfile made it. */
  readonly ofBase: boolean;
  /** Of the Dockerfile, counted from 0. */
  readonly line?: number;
  readonly endLine?: number;
  /** What is known to be in it that could go: `apt package lists`, largest first. */
  readonly recognised?: readonly string[];
  readonly digest?: string;
  readonly diffId?: string;
}

/** What could be done about bytes. */
export interface Suggestion {
  /** `apt package lists: 41 MB in layer 5`. */
  readonly title: string;
  /** What helps, in a sentence. */
  readonly advice: string;
  readonly bytes: number;
  readonly layer: number;
  /** Of the Dockerfile, counted from 0. */
  readonly line?: number;
  /** One of our rules, which reports this on that line. */
  readonly rule?: string;
  /** The title of that rule's fix there, where it has one. */
  readonly fixTitle?: string;
}

export interface WastedRow {
  readonly path: string;
  readonly bytes: number;
  readonly storedBy: number;
  readonly hiddenBy: number;
  /** `metadata`: the same content was stored again for a mode, an owner or a time. */
  readonly how: "removed" | "replaced" | "metadata";
}

export interface DuplicateRow {
  /** Of one copy. */
  readonly bytes: number;
  /** Of all but one. */
  readonly wastedBytes: number;
  /** The first of them. */
  readonly paths: readonly { readonly path: string; readonly layer: number }[];
  /** All of them. */
  readonly count: number;
}

/** The first rows of a list, and how much all of it is. */
export interface Top<T> {
  readonly rows: readonly T[];
  readonly count: number;
  readonly bytes: number;
}

export type Change = "added" | "modified" | "removed";

export interface FileRow {
  readonly name: string;
  /** Without leading slash. */
  readonly path: string;
  readonly kind: EntryType;
  /** Of a folder: of all that is below it. */
  readonly bytes: number;
  /** Below a folder; 1 for a file. */
  readonly files: number;
  /** Against the layers below, or against the other image. Of a folder: what happened to the folder itself, or `modified` when something below it changed. */
  readonly change?: Change;
  readonly wastedBytes?: number;
  /** The layer that holds it; of what is removed, the one that removed it. */
  readonly layer: number;
  /** What a link points at. */
  readonly link?: string;
  /** `-rw-r--r--`. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
}

export type FileSort = "size" | "name" | "change";

export interface FolderQuestion {
  /** Null for what the whole image shows in the end. */
  readonly layer: number | null;
  /** Empty for the root. */
  readonly path: string;
  readonly sort: FileSort;
  /** Only what holds bytes that are stored and not visible. */
  readonly onlyWasted: boolean;
  /** Rows of all folders below the path whose path has this in it, whatever its case. */
  readonly search?: string | undefined;
  readonly from: number;
  readonly count: number;
}

export interface FolderPage {
  /** All rows, of which these are a page. */
  readonly total: number;
  readonly rows: readonly FileRow[];
  /** More was found than is kept: `total` is the cap. */
  readonly capped?: boolean;
}

/** Layers of two images that belong together, in build order; one side only where the other has none. */
export interface LayerPair {
  readonly a?: number;
  readonly b?: number;
  readonly text: string;
  readonly bytesA: number;
  readonly bytesB: number;
  /** The same layer, byte for byte. */
  readonly same: boolean;
}

export interface ChangedFile {
  readonly path: string;
  readonly bytesA: number;
  readonly bytesB: number;
  /** Of the second image; of the first where it is gone. */
  readonly layer: number;
}

export interface ImageChanges {
  readonly layers: readonly LayerPair[];
  /** Files; undefined as long as one of the two is an outline. */
  readonly added?: Top<ChangedFile>;
  readonly removed?: Top<ChangedFile>;
  readonly grown?: Top<ChangedFile>;
  readonly shrunk?: Top<ChangedFile>;
  /** How much larger the second is; negative when it is smaller. */
  readonly bytes: number;
}
