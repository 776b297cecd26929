/** Tar archives as they stream by: headers read where they lie in the piece that came, content passed on in parts of it, nothing kept. */
import { cleanPath, type EntryType } from "../../core/image/image.ts";
import { ImageError } from "./error.ts";
import { type Pax, readPax } from "./pax.ts";
import type { Sink } from "./sink.ts";
import { BLOCK, isZeros, oldSparse, oldSparseMore, type RawHeader, rawHeader, readable } from "./tar-header.ts";

/** A header, with what PAX and GNU extensions say instead of it put in. */
export interface Header {
  readonly path: string;
  readonly type: EntryType;
  /** Bytes of content that follow. */
  readonly stored: number;
  /** Bytes the file has: more than are stored where it is sparse. */
  readonly size: number;
  readonly mtime: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly link: string | undefined;
  readonly device: string | undefined;
  readonly attributes: string | undefined;
  /** Of a sparse file: where its pieces belong, as the archive writes it. Undefined where the content itself says so, and for all other files. */
  readonly map: string | undefined;
}

/** The extension headers of one entry together. */
const MAX_EXTENSION = 1024 * 1024;
/** Linux takes no longer path. */
const MAX_PATH = 4_096;

const TYPES: Readonly<Record<string, EntryType>> = {
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
  "7": "file",
  S: "file",
};
/** PAX for one entry, PAX for all that follow, GNU's long name and long link, and an older letter for the long name. */
const EXTENSIONS: ReadonlySet<string> = new Set(["x", "g", "L", "K", "N"]);

interface Extensions extends Pax {
  /** GNU's long names, which stand before those of PAX, as in Go's archive/tar: what engines read is what counts. */
  longName?: string;
  longLink?: string;
  /** Of the extension headers before this entry together. */
  bytes: number;
}

/** Calls `visit` for each entry in turn; the content goes into the sink it gives, or nowhere. */
export function untarring(visit: (header: Header) => Sink | undefined): Sink {
  /** The beginning of a block whose rest is in the next piece. */
  const partial = Buffer.allocUnsafe(BLOCK);
  let held = 0;
  let extensions: Extensions = { bytes: 0 };
  /** A header of GNU's old sparse format whose map goes on. */
  let sparse: { readonly raw: RawHeader; readonly size: number; map: string } | undefined;
  let current: Sink | undefined;
  /** Of the content, then of the zeros that fill its last block. */
  let left = 0;
  let padding = 0;
  let zeros = 0;
  let after: (() => void | Promise<void>) | undefined;

  const block = (buffer: Buffer, at: number): void | Promise<void> => {
    if (sparse) return continueMap(sparse, buffer, at);
    if (buffer[at] === 0 && isZeros(buffer, at)) {
      zeros++;
      return undefined;
    }
    zeros = 0;
    const raw = rawHeader(buffer, at);
    if (EXTENSIONS.has(raw.flag)) return extension(raw);
    if (raw.flag !== "S") return entry(headerOf(raw, extensions));
    const { size, map, more } = oldSparse(buffer, at);
    if (!more) return entry(headerOf(raw, { ...extensions, sparseSize: size, sparseMap: map }));
    sparse = { raw, size, map };
    return undefined;
  };

  const continueMap = (of: NonNullable<typeof sparse>, buffer: Buffer, at: number): void | Promise<void> => {
    const { map, more } = oldSparseMore(buffer, at);
    of.map += map;
    count(BLOCK);
    if (more) return undefined;
    sparse = undefined;
    return entry(headerOf(of.raw, { ...extensions, sparseSize: of.size, sparseMap: of.map }));
  };

  const count = (bytes: number): void => {
    extensions.bytes += bytes;
    if (extensions.bytes > MAX_EXTENSION)
      throw new ImageError("too-large", `an extension header of a tar entry is larger than ${MAX_EXTENSION} bytes`);
  };

  const extension = ({ flag, size }: RawHeader): void | Promise<void> => {
    content(size);
    // Engines pass these over (Go's archive/tar), so what they would change is not changed in the image either.
    if (flag === "g") return endIfEmpty();
    count(size);
    const pieces: Buffer[] = [];
    current = { write: (piece) => void pieces.push(Buffer.from(piece)), end() {}, destroy() {} };
    after = () => {
      const bytes = Buffer.concat(pieces);
      // Of two in a row the engines take the second one alone.
      if (flag === "x") extensions = { ...gnuOf(extensions), ...readPax(bytes) };
      else if (flag === "K") extensions.longLink = upToNul(bytes);
      else extensions.longName = upToNul(bytes);
    };
    return endIfEmpty();
  };

  const entry = (header: Header): void | Promise<void> => {
    extensions = { bytes: 0 };
    content(header.stored);
    current = visit(header);
    return endIfEmpty();
  };

  const content = (size: number): void => {
    left = size;
    padding = (BLOCK - (size % BLOCK)) % BLOCK;
  };

  const endIfEmpty = (): void | Promise<void> => (left === 0 ? endOfContent() : undefined);

  const endOfContent = (): void | Promise<void> => {
    const sink = current;
    const then = after;
    after = undefined;
    const later = sink?.end();
    if (later)
      return later.then(() => {
        current = undefined;
        return then?.();
      });
    current = undefined;
    return then?.();
  };

  /** Goes through a piece from an offset on; where somebody asks for time, the rest of it follows then. */
  const run = (chunk: Buffer, from: number): void | Promise<void> => {
    let at = from;
    while (at < chunk.length) {
      // Two blocks of zeros end it, as for the engines: what stands behind them is none of the archive.
      if (zeros >= 2) return undefined;
      let later: void | Promise<void> = undefined;
      if (left > 0) {
        const length = Math.min(left, chunk.length - at);
        const piece = current && (length === chunk.length ? chunk : chunk.subarray(at, at + length));
        left -= length;
        at += length;
        later = piece && current?.write(piece);
        if (left === 0) later = later ? later.then(endOfContent) : endOfContent();
      } else if (padding > 0) {
        const skipped = Math.min(padding, chunk.length - at);
        padding -= skipped;
        at += skipped;
      } else if (held === 0 && chunk.length - at >= BLOCK) {
        later = block(chunk, at);
        at += BLOCK;
      } else {
        const taken = Math.min(BLOCK - held, chunk.length - at);
        chunk.copy(partial, held, at, at + taken);
        held += taken;
        at += taken;
        if (held === BLOCK) {
          held = 0;
          later = block(partial, 0);
        }
      }
      if (later) {
        const next = at;
        return later.then(() => run(chunk, next));
      }
    }
    return undefined;
  };

  return {
    write: (chunk) => run(bufferOf(chunk), 0),
    end() {
      if (left > 0 || held > 0 || sparse || extensions.bytes > 0)
        throw new ImageError("corrupt", "the tar archive is cut off");
    },
    destroy() {
      current?.destroy();
      current = undefined;
    },
  };
}

const gnuOf = ({ bytes, longName, longLink }: Extensions): Extensions => ({
  bytes,
  ...(longName !== undefined && { longName }),
  ...(longLink !== undefined && { longLink }),
});

/** The same bytes, with the readers of a buffer. */
const bufferOf = (chunk: Uint8Array): Buffer =>
  Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);

function upToNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return readable(bytes, 0, end < 0 ? bytes.length : end);
}

function headerOf(raw: RawHeader, pax: Extensions): Header {
  const name = pax.sparseName ?? pax.longName ?? pax.path ?? raw.name;
  const link = pax.longLink ?? pax.link ?? raw.link;
  if (name.length > MAX_PATH || link.length > MAX_PATH)
    throw new ImageError("corrupt", `the tar archive has a path of more than ${MAX_PATH} characters`);
  const type = raw.flag === "0" && name.endsWith("/") ? "directory" : (TYPES[raw.flag] ?? "other");
  // Of links, folders and devices no content follows, whatever their size says.
  const stored = type === "file" || type === "other" ? (pax.size ?? raw.size) : 0;
  return {
    path: cleanPath(name),
    type,
    stored,
    size: type === "file" ? (pax.sparseSize ?? stored) : 0,
    mtime: pax.mtime ?? raw.mtime,
    mode: raw.mode,
    uid: pax.uid ?? raw.uid,
    gid: pax.gid ?? raw.gid,
    link: type === "symlink" ? link : type === "hardlink" ? cleanPath(link) : undefined,
    device: type.endsWith("-device") ? `${raw.major}:${raw.minor}` : undefined,
    attributes: pax.attributes?.join("\n"),
    map: type === "file" ? pax.sparseMap : undefined,
  };
}
