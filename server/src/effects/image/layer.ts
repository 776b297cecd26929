/** A layer as it streams by: what its tar archive holds, the digests of both of its forms, and of each file in it. */
import type { Entry, Layer } from "../../core/image/image.ts";
import { textLimit } from "../../core/image/texts.ts";
import { type Compression, decompressing } from "./compression.ts";
import { digesting } from "./digest.ts";
import { EMPTY, hashingFiles } from "./file-hash.ts";
import type { Budget } from "./limits.ts";
import { type Header, untarring } from "./tar.ts";
import { type Sink, together } from "./sink.ts";

export interface LayerSink {
  readonly sink: Sink;
  /** Once the sink has ended. The digest of the bytes as stored is known to whoever wrote them, and is that of the archive where nothing is compressed. */
  readonly result: () => Omit<Layer, "digest" | "diffId" | "storedSize"> & { readonly diffId: string | undefined };
}

/** `storedBytes`: how many are expected, where that is known. */
export function readingLayer(compression: Compression, budget: Budget, storedBytes?: number): LayerSink {
  const whole = compression === "none" ? undefined : digesting("sha256", storedBytes);
  const entries: Entry[] = [];
  const texts = new Map<string, string>();
  let tarSize = 0;
  let diffId: string | undefined;

  const keeping = (header: Header, then: Sink | undefined): Sink | undefined => {
    if (textLimit(header.path) < header.stored || !budget.hasRoom(header.stored)) return then;
    const pieces: Uint8Array[] = [];
    return {
      write(piece) {
        pieces.push(Uint8Array.from(piece));
        return then?.write(piece);
      },
      end() {
        texts.set(header.path, Buffer.concat(pieces).toString("utf8"));
        return then?.end();
      },
      destroy: () => then?.destroy(),
    };
  };

  const files = budget.hashFiles ? hashingFiles() : undefined;
  const tar = untarring((header) => {
    budget.entry(header.path.length + (header.link?.length ?? 0) + (header.attributes?.length ?? 0));
    const entry = entryOf(header);
    entries.push(entry);
    if (header.type !== "file") return undefined;
    const { stored, map } = header;
    if (stored === 0 && map === undefined) {
      if (files) entry.sha256 = EMPTY;
      return undefined;
    }
    files?.begin(stored, map, (sha256) => {
      entry.sha256 = sha256;
    });
    return keeping(header, files);
  });
  const unpacked: Sink = {
    write(chunk) {
      tarSize += chunk.length;
      budget.unpacked(chunk.length);
      return together(whole?.update(chunk), tar.write(chunk));
    },
    async end() {
      if (whole) diffId = `sha256:${await whole.end()}`;
      await tar.end();
    },
    destroy() {
      whole?.destroy();
      tar.destroy();
    },
  };
  return {
    sink: decompressing(compression, unpacked),
    result: () => ({ entries, diffId, compression, tarSize, texts }),
  };
}

/** A file's digest comes behind its content. */
type NewEntry = { -readonly [K in keyof Entry]: Entry[K] };

const entryOf = (header: Header): NewEntry => ({
  path: header.path,
  type: header.type,
  size: header.size,
  mtime: header.mtime,
  mode: header.mode,
  uid: header.uid,
  gid: header.gid,
  link: header.link,
  device: header.device,
  sha256: undefined,
  attributes: header.attributes,
});
