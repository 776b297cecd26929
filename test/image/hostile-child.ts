/** Reads one archive made to do harm, as it is made, in a process of its own: prints what came of it and how much memory it took. */
import { readFileSync } from "node:fs";
import { createGzip, createZstdCompress } from "node:zlib";
import { Readable } from "node:stream";
import { costsOf } from "../../server/src/core/image/costs.ts";
import type { Image } from "../../server/src/core/image/image.ts";
import { readingArchive } from "../../server/src/effects/image/archive.ts";
import { assemble } from "../../server/src/effects/image/assemble.ts";
import { readingLayer } from "../../server/src/effects/image/layer.ts";
import { createBudget, type Limits, LIMITS } from "../../server/src/effects/image/limits.ts";
import { pour } from "../../server/src/effects/image/sink.ts";
import { END, tarEntry } from "./archives.ts";

export interface Outcome {
  readonly error?: string;
  /** Of what could be read. */
  readonly entries?: number;
  readonly storedBytes?: number;
  readonly wastedBytes?: number;
  readonly peakBytes: number;
  readonly seconds: number;
}

const GIB = 1024 ** 3;
const BLOCK = 512;
/** A blob of that name is a layer, whose digest is known at its end: by then the case is over. */
const BLOB = `blobs/sha256/${"0".repeat(64)}`;

/** The header of a blob of so many bytes. */
function blobHeader(size: number): Buffer {
  const field = Buffer.alloc(12);
  field[0] = 0x80;
  field.writeUIntBE(size, 6, 6);
  return tarEntry({ name: BLOB, sizeField: field }).subarray(0, BLOCK);
}

/** Headers without content, made by changing the name and the sum of one: quicker than making each. */
function* headers(count: number, prefix: string): Generator<Uint8Array> {
  const perPiece = 2_048;
  const one = tarEntry({ name: `${prefix}00000000` });
  const digitsAt = prefix.length;
  const base = one.subarray(0, BLOCK).reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const piece = Buffer.alloc(perPiece * BLOCK);
  for (let from = 0; from < count; from += perPiece) {
    const until = Math.min(perPiece, count - from);
    for (let at = 0; at < until; at++) {
      const start = at * BLOCK;
      one.copy(piece, start, 0, BLOCK);
      const digits = String(from + at).padStart(8, "0");
      piece.write(digits, start + digitsAt, "latin1");
      let sum = base;
      for (const digit of digits) sum += Number(digit);
      piece.write(`${sum.toString(8).padStart(6, "0")}\0 `, start + 148, "latin1");
    }
    yield piece.subarray(0, until * BLOCK);
  }
}

function* zeros(bytes: number): Generator<Uint8Array> {
  const piece = Buffer.alloc(1024 * 1024);
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
}

/** A layer with one file of zeros. */
function* fileOfZeros(bytes: number): Generator<Uint8Array> {
  const size = Buffer.alloc(12);
  size[0] = 0x80;
  size.writeUIntBE(bytes, 6, 6);
  yield tarEntry({ name: "zeros", sizeField: size }).subarray(0, BLOCK);
  yield* zeros(bytes);
  yield END;
}

/** An archive with one layer, as its pieces come. Its size is more than there will be: nobody reads that far. */
async function* archiveOf(layer: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield blobHeader(2 ** 40);
  yield* layer;
}

const packed = (pieces: Iterable<Uint8Array>, by: "gzip" | "zstd"): AsyncIterable<Uint8Array> =>
  Readable.from(pieces).pipe(by === "gzip" ? createGzip({ level: 1 }) : createZstdCompress());

const repeated = function* (make: (at: number) => Uint8Array, count: number): Generator<Uint8Array> {
  for (let at = 0; at < count; at++) yield make(at);
};

const longPath = (at: number): string => `${at}/${"d/".repeat(2_040)}f`;
const withPax = (at: number, pax: Readonly<Record<string, string>>): Uint8Array => tarEntry({ name: String(at), pax });

interface Case {
  readonly archive: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly limits?: Partial<Limits>;
}

const CASES: Readonly<Record<string, Case>> = {
  "ten million entries": { archive: () => archiveOf(headers(10_000_000, "usr/lib/")) },
  "ten million files around the layers": { archive: () => headers(10_000_000, "x/") },
  "names without end": { archive: () => archiveOf(repeated((at) => withPax(at, { path: longPath(at) }), 1_000_000)) },
  "attributes without end": {
    archive: () => archiveOf(repeated((at) => withPax(at, { "SCHILY.xattr.user.x": "y".repeat(900_000) }), 10_000)),
  },
  "a gzip bomb": {
    archive: () => archiveOf(packed(fileOfZeros(16 * GIB), "gzip")),
    limits: { unpackedBytes: GIB },
  },
  "a zstd bomb": {
    archive: () => archiveOf(packed(fileOfZeros(16 * GIB), "zstd")),
    limits: { unpackedBytes: GIB },
  },
  "a bomb in a bomb": {
    archive: () => packed(gzipped(fileOfZeros(16 * GIB)), "gzip"),
    limits: { unpackedBytes: GIB },
  },
  "a bomb around nothing": {
    archive: () => packed(zeros(16 * GIB), "gzip"),
    limits: { unpackedBytes: GIB },
  },
  "many documents": {
    archive: () => repeated((at) => tarEntry({ name: `${at}.json`, content: `[${"[],".repeat(2_000_000)}0]` }), 1_000),
  },
};

/** For a bomb in a bomb: the inner one is small, and is repeated as it is. */
function* gzipped(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield blobHeader(2 ** 40);
  yield* pieces;
}

/** Layers that can be read, and whose tree is the harm. */
const LAYERS: Readonly<Record<string, () => Iterable<Uint8Array>>> = {
  "as many entries as are read": () => headers(LIMITS.entries, "usr/lib/"),
  "folders nobody has an entry of": () => repeated((at) => withPax(at, { path: longPath(at) }), 40_000),
  "links through links": () => linksThroughLinks(),
};

function* linksThroughLinks(): Generator<Uint8Array> {
  for (let at = 0; at < 40; at++)
    yield tarEntry({ name: `l${at}`, flag: "2", link: `${"./".repeat(45)}l${(at + 1) % 40}` });
  for (let at = 0; at < 100_000; at++) yield tarEntry({ name: `l${at % 40}/file${at}`, content: "x" });
}

async function costsOfLayer(pieces: Iterable<Uint8Array>): Promise<Omit<Outcome, "peakBytes" | "seconds">> {
  const { sink, result } = readingLayer("none", createBudget(LIMITS));
  await pour(iterated(pieces), sink);
  const image: Image = {
    digest: undefined,
    configDigest: undefined,
    platform: undefined,
    names: [],
    layers: [{ ...result(), digest: "", diffId: "", storedSize: 0 }],
    history: [],
    config: {},
  };
  const { storedBytes, wastedBytes } = costsOf(image);
  return { entries: image.layers[0]?.entries.length ?? 0, storedBytes, wastedBytes };
}

async function outcome(name: string): Promise<Omit<Outcome, "peakBytes" | "seconds">> {
  const layer = LAYERS[name];
  if (layer) return costsOfLayer(layer());
  const found = CASES[name];
  if (!found) throw new Error(`no case ${name}`);
  try {
    const { sink, parts } = readingArchive(createBudget({ ...LIMITS, ...found.limits }), new Map());
    await pour(iterated(found.archive()), sink);
    await assemble(parts, undefined);
    return {};
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function* iterated(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Of the whole life of this process. */
function peak(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? Number.NaN) * 1024;
}

if (import.meta.main) {
  const began = performance.now();
  const found = await outcome(process.argv[2] ?? "");
  const all: Outcome = { ...found, peakBytes: peak(), seconds: (performance.now() - began) / 1000 };
  console.log(JSON.stringify(all));
  process.exit(0); // what was being made and not read any more
}
