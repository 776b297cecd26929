/**
 * The table of contents that some compressed layers carry at their end, so that their files are known without the rest: eStargz
 * (stargz-snapshotter, docs/estargz.md) and zstd:chunked (containers/storage). The manifest names its digest, so it is as good as the layer.
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { cleanPath, type Entry, type EntryType, type Layer } from "../../core/image/image.ts";
import { RegistryError } from "../registry/errors.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "../registry/json.ts";
import type { Descriptor } from "../registry/remote-image.ts";
import { ImageError } from "./error.ts";
import type { Budget } from "./limits.ts";
import { untarring } from "./tar.ts";

/** From `start` up to and without `end`; undefined where ranges are not to be had. */
export type Range = (range: readonly [start: number, end: number]) => Promise<Buffer | undefined>;

/** Tables of large layers have some megabytes. */
const MAX_PACKED = 64 * 1024 ** 2;
const MAX_UNPACKED = 256 * 1024 ** 2;

/** Undefined where the layer has no such table, or none that can be read without the layer. @throws RegistryError, ImageError */
export async function layerByContents(
  layer: Descriptor,
  diffId: string,
  range: Range,
  budget: Budget,
): Promise<Layer | undefined> {
  const table = (await stargzTable(layer, range)) ?? (await chunkedTable(layer, range));
  if (!table) return undefined;
  const listed = member(parseObject(table.json.toString("utf8")), "entries");
  if (!Array.isArray(listed)) return undefined;
  const entries: Entry[] = [];
  for (const each of listed) {
    const entry = entryOf(asObject(each));
    if (!entry) continue; // a further chunk of a file, or nothing that is known here
    budget.entry(entry.path.length + (entry.link?.length ?? 0));
    entries.push(entry);
  }
  // Who keeps an archive as it was puts the table behind its end, where nobody sees it; a converter makes it a file, as it does its mark.
  if (table.own && entries.some(({ path }) => LANDMARK.test(path))) entries.push(table.own);
  const said = Number(layer.annotations.get("io.containers.estargz.uncompressed-size") ?? Number.NaN);
  return {
    ...{ entries, digest: layer.digest, diffId, compression: table.compression, storedSize: layer.size },
    tarSize: Number.isSafeInteger(said) && said >= 0 ? said : leastTarSize(entries),
  };
}

interface Table {
  readonly json: Buffer;
  readonly compression: "gzip" | "zstd";
  /** The entry of the table itself, which it does not list. */
  readonly own: Entry | undefined;
}

const STARGZ_DIGEST = "containerd.io/snapshot/stargz/toc.digest";
const STARGZ_NAME = "stargz.index.json";
const LANDMARK = /^\.(?:no\.)?prefetch\.landmark$/;
const FOOTER = 51;
/** Most tables are within the last bytes, so that one request does. */
const TAIL = 256 * 1024;
const gunzip = promisify(zlib.gunzip);

async function stargzTable({ size, digest, annotations }: Descriptor, range: Range): Promise<Table | undefined> {
  const expected = annotations.get(STARGZ_DIGEST);
  if (expected === undefined || size <= FOOTER) return undefined;
  const tailStart = Math.max(0, size - TAIL);
  const tail = await range([tailStart, size]);
  const start = tail && tableStart(tail.subarray(-FOOTER));
  if (!tail || start === undefined || start >= size - FOOTER || size - start > MAX_PACKED) return undefined;
  const packed =
    start >= tailStart ? tail.subarray(start - tailStart, tail.length - FOOTER) : await range([start, size - FOOTER]);
  const json = packed && (await stargzJson(packed));
  if (!json) return undefined;
  checkDigest(json, expected, digest);
  const own: Entry = {
    ...{ path: STARGZ_NAME, type: "file", size: json.length, mtime: 0, mode: 0, uid: 0, gid: 0 },
    ...{ link: undefined, device: undefined, attributes: undefined, sha256: expected.replace("sha256:", "") },
  };
  return { json, compression: "gzip", own };
}

const FOOTER_HEAD = Buffer.from("1f8b0804", "hex");
const FOOTER_FIELD = Buffer.from("1a0053471600", "hex");
const FIELD_AT = 10;

/** The footer is an empty gzip member whose extra field says where the table begins: `SG`, its length, sixteen digits, `STARGZ`. */
function tableStart(footer: Buffer): number | undefined {
  const field = footer.subarray(FIELD_AT, FIELD_AT + FOOTER_FIELD.length);
  if (!footer.subarray(0, FOOTER_HEAD.length).equals(FOOTER_HEAD) || !field.equals(FOOTER_FIELD)) return undefined;
  const digits = /^([0-9a-f]{16})STARGZ/.exec(footer.toString("latin1", FIELD_AT + FOOTER_FIELD.length))?.[1];
  const start = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
  return Number.isSafeInteger(start) ? start : undefined;
}

/** It is packed as the last file of the layer's tar archive. */
async function stargzJson(packed: Buffer): Promise<Buffer | undefined> {
  const archive = await gunzip(packed, { maxOutputLength: MAX_UNPACKED }).catch(() => undefined);
  if (!archive) return undefined;
  const pieces: Buffer[] = [];
  let found = false;
  const tar = untarring((header) => {
    if (found || header.path !== STARGZ_NAME) return undefined;
    found = true;
    return { write: (chunk) => void pieces.push(Buffer.from(chunk)), end() {}, destroy() {} };
  });
  await tar.write(archive);
  await tar.end();
  return found ? Buffer.concat(pieces) : undefined;
}

/** The second is older. */
const CHUNKED = ["io.github.containers.zstd-chunked.", "io.containers.zstd-chunked."];

async function chunkedTable({ size, digest, annotations }: Descriptor, range: Range): Promise<Table | undefined> {
  const prefix = CHUNKED.find((each) => annotations.has(`${each}manifest-checksum`));
  const expected = annotations.get(`${prefix}manifest-checksum`);
  const position = annotations.get(`${prefix}manifest-position`) ?? "";
  const [start, length, unpacked, kind] = position.split(":").map(Number);
  if (expected === undefined || start === undefined || length === undefined || unpacked === undefined || kind !== 1)
    return undefined;
  const fits = [start, length, unpacked].every((each) => Number.isSafeInteger(each) && each >= 0);
  if (!fits || start + length > size || length > MAX_PACKED || unpacked > MAX_UNPACKED) return undefined;
  // Added in Node 22.15.
  if (!("zstdDecompress" in zlib)) return undefined;
  const packed = await range([start, start + length]);
  if (!packed) return undefined;
  checkDigest(packed, expected, digest);
  const unpack = promisify(zlib.zstdDecompress);
  const json = await unpack(packed, { maxOutputLength: unpacked }).catch(() => undefined);
  return json && { json, compression: "zstd", own: undefined };
}

function checkDigest(bytes: Buffer, expected: string, layer: string): void {
  const got = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (got === expected) return;
  throw new RegistryError(
    "digest",
    `the table of contents of the layer ${layer} has the digest ${got}, not ${expected}; do not use it, report it`,
  );
}

const TYPES: Readonly<Record<string, EntryType>> = {
  ...{ reg: "file", dir: "directory", symlink: "symlink", hardlink: "hardlink", fifo: "fifo" },
  ...{ char: "character-device", block: "block-device" },
};
const MAX_PATH = 4_096;
const EMPTY = createHash("sha256").digest("hex");

function entryOf(of: JsonObject | undefined): Entry | undefined {
  const name = asText(member(of, "name"));
  const type = TYPES[asText(member(of, "type")) ?? ""];
  if (name === undefined || type === undefined) return undefined;
  const link = asText(member(of, "linkName"));
  if (name.length > MAX_PATH || (link?.length ?? 0) > MAX_PATH)
    throw new ImageError("corrupt", `a table of contents has a path of more than ${MAX_PATH} characters`);
  const size = type === "file" ? count(member(of, "size")) : 0;
  return {
    ...{ path: cleanPath(name), type, size, mode: count(member(of, "mode")) & 0o7777 },
    ...{ uid: count(member(of, "uid")), gid: count(member(of, "gid")) },
    mtime: (Date.parse(asText(member(of, "modtime")) ?? "") || 0) / 1000,
    link: type === "hardlink" ? cleanPath(link ?? "") : type === "symlink" ? (link ?? "") : undefined,
    device: type.endsWith("-device") ? `${count(member(of, "devMajor"))}:${count(member(of, "devMinor"))}` : undefined,
    sha256: type === "file" ? (size === 0 ? EMPTY : sha256Of(asText(member(of, "digest")))) : undefined,
    attributes: attributesOf(asObject(member(of, "xattrs"))),
  };
}

const count = (value: unknown): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;

const sha256Of = (digest: string | undefined): string | undefined => /^sha256:([0-9a-f]{64})$/.exec(digest ?? "")?.[1];

function attributesOf(of: JsonObject | undefined): string | undefined {
  const named = Object.entries(of ?? {}).flatMap(([name, value]) =>
    typeof value === "string" ? [`${name}=${Buffer.from(value, "base64").toString("utf8")}`] : [],
  );
  return named.length === 0 ? undefined : named.sort().join("\n");
}

const BLOCK = 512;

/** A header and the content of each, and the two blocks at the end. */
const leastTarSize = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { size }) => sum + BLOCK + Math.ceil(size / BLOCK) * BLOCK, 2 * BLOCK);
