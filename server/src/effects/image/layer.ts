/** A layer as it streams by: what its tar archive holds, the digests of both of its forms, and of each file in it. */
import { createHash } from "node:crypto";
import type { Entry, Layer } from "../../core/image/image.ts";
import { type Compression, decompressing } from "./compression.ts";
import type { Budget } from "./limits.ts";
import { type Header, untarring } from "./tar.ts";
import type { Sink } from "./sink.ts";

export interface LayerSink {
  readonly sink: Sink;
  /** Once the sink has ended. The digest of the bytes as stored is known to whoever wrote them. */
  readonly result: () => Omit<Layer, "digest" | "storedSize">;
}

export function readingLayer(compression: Compression, budget: Budget): LayerSink {
  const whole = createHash("sha256");
  const entries: Entry[] = [];
  let tarSize = 0;
  let diffId = "";

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
    const hash = createHash("sha256");
    return {
      write: (chunk) => void hash.update(chunk),
      end: () => void entries.push(entryOf(header, hash.digest("hex"))),
      destroy() {},
    };
  });
  const unpacked: Sink = {
    write(chunk) {
      tarSize += chunk.length;
      budget.unpacked(chunk.length);
      whole.update(chunk);
      return tar.write(chunk);
    },
    async end() {
      diffId = `sha256:${whole.digest("hex")}`;
      await tar.end();
    },
    destroy: () => tar.destroy(),
  };
  return {
    sink: decompressing(compression, unpacked),
    result: () => ({ entries, diffId, compression, tarSize }),
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
