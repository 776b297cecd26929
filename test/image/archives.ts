/** Writes tar archives and images byte by byte, also such as no tool would write. */
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";

export interface File {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` PAX, `L` GNU long name … */
  readonly flag?: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  /** What the header says, when that is to be something else than the content's length. */
  readonly size?: number;
  /** As bytes, when no number can say it. */
  readonly sizeField?: Uint8Array;
  /** PAX records, written as a header before this one. */
  readonly pax?: Readonly<Record<string, string>>;
}

const BLOCK = 512;
export const END = Buffer.alloc(2 * BLOCK);

/** One header with its content, padded to whole blocks. */
export function tarEntry(file: File): Buffer {
  const content = Buffer.from(file.content ?? "");
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void =>
    void header.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
  header.write(file.name.slice(0, 100), 0, 100, "utf8");
  octal(file.mode ?? 0o644, 100, 8);
  octal(file.uid ?? 0, 108, 8);
  octal(file.gid ?? 0, 116, 8);
  octal(file.size ?? content.length, 124, 12);
  if (file.sizeField) header.set(file.sizeField, 124);
  octal(file.mtime ?? 1_700_000_000, 136, 12);
  header.write(file.flag ?? "0", 156, "latin1");
  header.write((file.link ?? "").slice(0, 100), 157, 100, "utf8");
  header.write("ustar\x0000", 257, "latin1");
  header.write("        ", 148, "latin1");
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  const before = file.pax ? [tarEntry({ name: "pax", flag: "x", content: paxRecords(file.pax) })] : [];
  return Buffer.concat([...before, header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

function paxRecords(records: Readonly<Record<string, string>>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const body = ` ${key}=${value}\n`;
      let length = Buffer.byteLength(body);
      while (String(length).length + Buffer.byteLength(body) !== length)
        length = String(length).length + Buffer.byteLength(body);
      return `${length}${body}`;
    })
    .join("");
}

export const tar = (files: readonly File[]): Buffer => Buffer.concat([...files.map(tarEntry), END]);

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

export interface Step {
  readonly created_by: string;
  readonly created?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

export interface Made {
  readonly layers: readonly Uint8Array[];
  readonly compression?: "none" | "gzip" | "zstd";
  /** What is stored in place of the compressed layers. */
  readonly stored?: readonly Uint8Array[];
  readonly history?: readonly Step[];
  readonly config?: object;
  readonly architecture?: string;
}

const COMPRESS = { none: (bytes: Uint8Array) => bytes, gzip: gzipSync, zstd: zstdCompressSync };

function blobsOf(image: Made): { readonly blobs: Map<string, Uint8Array>; readonly manifest: object } {
  const blobs = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array, mediaType: string): object => {
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const compression = image.compression ?? "gzip";
  const suffix = compression === "none" ? "" : `+${compression}`;
  const layers = image.layers.map((layer, at) =>
    add(image.stored?.[at] ?? COMPRESS[compression](layer), `application/vnd.oci.image.layer.v1.tar${suffix}`),
  );
  const config = {
    os: "linux",
    architecture: image.architecture ?? "amd64",
    config: {},
    ...image.config,
    rootfs: { type: "layers", diff_ids: image.layers.map((layer) => `sha256:${sha256(layer)}`) },
    history: image.history ?? [],
  };
  const described = add(Buffer.from(JSON.stringify(config)), "application/vnd.oci.image.config.v1+json");
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: described,
    layers,
  };
  return { blobs, manifest: add(Buffer.from(JSON.stringify(manifest)), manifest.mediaType) };
}

/** The files of an OCI layout, by name. */
export function ociFiles(...images: readonly Made[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const manifests = images.map((image) => {
    const { blobs, manifest } = blobsOf(image);
    for (const [digest, bytes] of blobs) files.set(`blobs/sha256/${digest}`, bytes);
    return { ...manifest, platform: { os: "linux", architecture: image.architecture ?? "amd64" } };
  });
  files.set("oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  files.set("index.json", Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })));
  return files;
}

export const tarOf = (files: ReadonlyMap<string, Uint8Array>): Buffer =>
  tar([...files].map(([name, content]) => ({ name, content })));

export const ociArchive = (...images: readonly Made[]): Buffer => tarOf(ociFiles(...images));

/** As Docker wrote them before version 25: a folder for each layer, uncompressed; a repeated layer is a link to the first. */
export function dockerArchive(image: Made, tags: readonly string[] = ["some/image:1"]): Buffer {
  const config = Buffer.from(
    JSON.stringify({
      os: "linux",
      architecture: "amd64",
      ...image.config,
      rootfs: { type: "layers", diff_ids: image.layers.map((layer) => `sha256:${sha256(layer)}`) },
      history: image.history ?? [],
    }),
  );
  const first = new Map<string, string>();
  const files: File[] = [];
  const names = image.layers.map((layer, at) => {
    const name = `${sha256(`layer ${at}`)}/layer.tar`;
    const before = first.get(sha256(layer));
    if (before === undefined) files.push({ name, content: layer });
    else files.push({ name, flag: "2", link: `../${before}` });
    if (before === undefined) first.set(sha256(layer), name);
    return name;
  });
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: tags, Layers: names }];
  return tar([
    ...files,
    { name: `${sha256(config)}.json`, content: config },
    { name: "manifest.json", content: JSON.stringify(manifest) },
  ]);
}
