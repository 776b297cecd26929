/** What an image is here: layers of entries as its tar archives hold them, its configuration, and the history of how it was made. */

export type EntryType =
  | "file"
  | "directory"
  | "symlink"
  | "hardlink"
  | "character-device"
  | "block-device"
  | "fifo"
  | "other";

/** One header of a layer's tar archive. */
export interface Entry {
  /** Clean: no leading slash, no `.` or `..`; empty for the root. Whiteouts have their `.wh.` name. */
  readonly path: string;
  readonly type: EntryType;
  /** Bytes of content, 0 for all but files. A sparse file has the length it shows, as in `docker history`, though its archive stores less. */
  readonly size: number;
  /** Seconds since 1970, with a fraction where the archive has one. */
  readonly mtime: number;
  /** The permission bits, setuid, setgid and sticky included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link as written, of a hard link the clean path it shares its content with. */
  readonly link: string | undefined;
  /** `major:minor` of a device. */
  readonly device: string | undefined;
  /** Of a file's content, in hexadecimal; undefined where it was not asked for. Of a sparse file: of what is stored and where it belongs. */
  readonly sha256: string | undefined;
  /** Extended attributes, sorted: `security.capability=…`, one a line. */
  readonly attributes: string | undefined;
}

export interface Layer {
  readonly entries: readonly Entry[];
  /** Digest of the bytes as stored. */
  readonly digest: string;
  /** Digest of the uncompressed archive, which the configuration calls diff_id. */
  readonly diffId: string;
  readonly compression: "none" | "gzip" | "zstd";
  /** Bytes as stored. */
  readonly storedSize: number;
  /** Bytes of the uncompressed archive. */
  readonly tarSize: number;
  /** By path, the small files that say what is installed (texts.ts); missing where the reader kept none. */
  readonly texts?: ReadonlyMap<string, string>;
}

/** An entry of the configuration's history. */
export interface Step {
  readonly createdBy: string;
  readonly created: string | undefined;
  readonly comment: string | undefined;
  /** It made no layer. */
  readonly empty: boolean;
}

export interface Image {
  /** Of the manifest; a docker-archive has none. */
  readonly digest: string | undefined;
  readonly configDigest: string | undefined;
  /** `linux/amd64`; undefined where the configuration does not say. */
  readonly platform: string | undefined;
  /** The names it has in its archive. */
  readonly names: readonly string[];
  /** From the lowest to the topmost. */
  readonly layers: readonly Layer[];
  /** From the first to the last. */
  readonly history: readonly Step[];
  /** The configuration as it is. */
  readonly config: unknown;
}

/** A path of a tar header without what could lead out of the image: `./a//b/../c` is `a/c`, `../../etc` is `etc`. */
export function cleanPath(name: string): string {
  if (!/(?:^|\/)(?:\.{0,2})(?:\/|$)/.test(name)) return name;
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
