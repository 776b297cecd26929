/** Which compression bytes are in, and their decompression. */
import { createGunzip, type Gunzip, type ZstdDecompress } from "node:zlib";
import * as zlib from "node:zlib";
import { ImageError } from "./error.ts";
import type { Sink } from "./sink.ts";

export type Compression = "none" | "gzip" | "zstd";

/** How many bytes `compressionOf` wants to see. */
export const MAGIC_BYTES = 4;

export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return "zstd";
  // A frame to be skipped, which zstd:chunked writes: 0x184D2A50 to 0x184D2A5F, little end first.
  if (((head[0] ?? 0) & 0xf0) === 0x50 && startsWith(head.subarray(1), [0x2a, 0x4d, 0x18])) return "zstd";
  return "none";
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, at) => bytes[at] === byte);

const CHUNK = 256 * 1024;

export function decompressing(compression: Compression, into: Sink): Sink {
  if (compression === "none") return into;
  // Added in Node 22.15.
  if (compression === "zstd" && !("createZstdDecompress" in zlib))
    throw new ImageError("unsupported", "layers compressed with zstd need Node 22.15 or newer");
  return unpacking(compression, into);
}

function unpacking(compression: "gzip" | "zstd", into: Sink): Sink {
  let failure: unknown;
  let wake: (() => void) | undefined;
  let destroyed = false;
  /** The piece of the result that is being taken. */
  let taking: Promise<void> | undefined;
  const fail = (error: unknown): void => {
    failure ??= described(compression, error);
    wake?.();
  };

  let ended = false;
  let stream = opened();
  /** Compressed bytes given to this stream. */
  let given = 0;

  function opened(): Gunzip | ZstdDecompress {
    ended = false;
    const created =
      compression === "gzip" ? createGunzip({ chunkSize: CHUNK }) : zlib.createZstdDecompress({ chunkSize: CHUNK });
    created.on("data", (chunk: Uint8Array) => {
      if (failure !== undefined) return;
      try {
        const later = into.write(chunk);
        if (!later) return;
        created.pause();
        taking = later.then(() => void created.resume());
        taking.catch(fail);
      } catch (error) {
        fail(error);
      }
    });
    created.on("error", fail);
    created.on("end", () => {
      ended = true;
    });
    return created;
  }

  /** Waits for a callback of the stream, or for a failure on the way. */
  const settled = async (start: (done: () => void) => void): Promise<void> => {
    if (failure === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      start(resolve);
      await promise;
      wake = undefined;
    }
    if (failure !== undefined && !destroyed) {
      destroyed = true;
      stream.destroy();
    }
    if (failure !== undefined) throw failure;
  };

  const finish = async (): Promise<void> => {
    await settled((done) => {
      if (ended) done();
      else stream.once("end", done);
      stream.end();
    });
    await taking;
  };

  return {
    async write(chunk) {
      for (let rest = chunk; rest.length > 0; ) {
        const piece = rest;
        given += piece.length;
        await settled((done) => stream.write(piece, done));
        const left = given - stream.bytesWritten;
        if (left <= 0) return;
        if (left >= given) throw described(compression, new Error("nothing could be read"));
        // Node stops behind the first frame of zstd, and what is left has to go through another stream.
        await finish();
        stream = opened();
        given = 0;
        rest = piece.subarray(piece.length - left);
      }
    },
    async end() {
      if (given > 0) await finish();
      await into.end();
    },
    destroy() {
      destroyed = true;
      stream.destroy();
      into.destroy();
    },
  };
}

function described(compression: string, error: unknown): unknown {
  if (error instanceof ImageError || !(error instanceof Error)) return error;
  const cut = "code" in error && error.code === "Z_BUF_ERROR";
  const what = cut ? "is cut off" : `is damaged: ${error.message}`;
  return new ImageError("corrupt", `the ${compression} stream ${what}`);
}
