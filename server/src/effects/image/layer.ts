/** A layer as it streams by: what its tar archive holds, the digests of both of its forms, and of each file in it. */
import { createHash, hash, type Hash } from "node:crypto";
import type { Entry, Layer } from "../../core/image/image.ts";
import { type Compression, decompressing } from "./compression.ts";
import type { Budget } from "./limits.ts";
import { type Header, untarring } from "./tar.ts";
import type { Sink } from "./sink.ts";

export interface LayerSink {
  readonly sink: Sink;
  /** Once the sink has ended. The digest of the bytes as stored is known to whoever wrote them, and is that of the archive where nothing is compressed. */
  readonly result: () => Omit<Layer, "digest" | "diffId" | "storedSize"> & { readonly diffId: string | undefined };
}

export function readingLayer(compression: Compression, budget: Budget): LayerSink {
  const whole = compression === "none" ? undefined : createHash("sha256");
  const entries: Entry[] = [];
  let tarSize = 0;
  let diffId: string | undefined;

  const tar = untarring((header) => {
    budget.entry(header.path.length + (header.link?.length ?? 0));
    if (header.type !== "file") {
      entries.push(entryOf(header, undefined));
      return undefined;
    }
    if (header.stored === 0) {
      entries.push(entryOf(header, EMPTY));
      return undefined;
    }
    return hashing(header.stored, (digest) => void entries.push(entryOf(header, digest)));
  });
  const unpacked: Sink = {
    write(chunk) {
      tarSize += chunk.length;
      budget.unpacked(chunk.length);
      whole?.update(chunk);
      return tar.write(chunk);
    },
    async end() {
      if (whole) diffId = `sha256:${whole.digest("hex")}`;
      await tar.end();
    },
    destroy: () => tar.destroy(),
  };
  return {
    sink: decompressing(compression, unpacked),
    result: () => ({ entries, diffId, compression, tarSize }),
  };
}

/** Most files come in one piece, and are hashed without an object for it. */
function hashing(size: number, done: (digest: string) => void): Sink {
  let digest: string | undefined;
  let hashed: Hash | undefined;
  return {
    write(chunk) {
      if (!hashed && chunk.length === size) digest = hash("sha256", chunk, "hex");
      else (hashed ??= createHash("sha256")).update(chunk);
    },
    end: () => done(digest ?? hashed?.digest("hex") ?? EMPTY),
    destroy() {},
  };
}

/** Of no bytes at all. */
const EMPTY = createHash("sha256").digest("hex");

const entryOf = (header: Header, sha256: string | undefined): Entry => ({
  path: header.path,
  type: header.type,
  size: header.size,
  mtime: header.mtime,
  mode: header.mode,
  uid: header.uid,
  gid: header.gid,
  link: header.link,
  device: header.device,
  sha256,
  attributes: header.attributes,
});
