/** Entries, layers and images as a reader gives them, for what is told from them. */
import type { Entry, Image, Layer } from "../../server/src/core/image/image.ts";

export const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  path,
  type: "file",
  size: 0,
  mtime: 1_700_000_000,
  mode: 0o644,
  uid: 0,
  gid: 0,
  link: undefined,
  device: undefined,
  sha256: `content of ${path}`,
  attributes: undefined,
  ...more,
});
/** A file of so many bytes; the content is told by its text, or by its path. */
export const file = (path: string, size: number, content = `content of ${path}`): Entry =>
  entry(path, { size, sha256: content });
export const folder = (path: string): Entry => entry(path, { type: "directory", sha256: undefined });
export const symlink = (path: string, link: string): Entry => entry(path, { type: "symlink", link, sha256: undefined });
export const hardlink = (path: string, link: string): Entry =>
  entry(path, { type: "hardlink", link, sha256: undefined });

export const layer = (entries: readonly Entry[], digest = "", diffId = digest): Layer => ({
  entries,
  digest,
  diffId,
  compression: "gzip",
  storedSize: 1,
  tarSize: 1,
});

export const image = (layers: readonly Layer[], steps: readonly string[] = [], config: unknown = {}): Image => ({
  digest: JSON.stringify([layers.map(({ digest }) => digest), config]),
  configDigest: undefined,
  platform: "linux/amd64",
  names: [],
  layers,
  history: steps.map((createdBy) => ({ createdBy, created: undefined, comment: undefined, empty: false })),
  config,
});
