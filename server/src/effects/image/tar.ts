/** Tar archives as they stream by: the only import of tar-stream, with the limits it does not have. */
import { extract, type Headers } from "tar-stream";
import { cleanPath, type EntryType } from "../../core/image/image.ts";
import { ImageError } from "./error.ts";
import type { Sink } from "./sink.ts";

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
}

/** The extension headers of one entry together. */
const MAX_EXTENSION = 1024 * 1024;
/** Linux takes no longer path. */
const MAX_PATH = 4_096;
const BLOCK = 512;

/** Calls `visit` for each entry in turn; the content goes into the sink it gives, or nowhere. */
export function untarring(visit: (header: Header) => Sink | undefined): Sink {
  const parser = extract({ allowUnknownFormat: true });
  let failure: unknown;
  let wake: (() => void) | undefined;
  let fed = 0;
  /** By then another header has to come, or the end. */
  let expectedBy = MAX_EXTENSION;
  let current: Sink | undefined;
  let unknownBefore = false;
  /** Entries whose sinks are not done: the parser may finish before the last one is. */
  let open = 0;
  let finished = false;

  const fail = (error: unknown): void => {
    failure ??= error instanceof ImageError || !(error instanceof Error) ? error : described(error, unknownBefore);
    current?.destroy();
    current = undefined;
    parser.destroy();
    wake?.();
  };
  parser.on("error", fail);
  parser.on("drain", () => wake?.());
  const done = (): void => {
    if (finished && open === 0) wake?.();
  };
  parser.on("finish", () => {
    finished = true;
    done();
  });

  parser.on("entry", (raw, body, next) => {
    const then = (): void => {
      current = undefined;
      open--;
      next();
      done();
    };
    open++;
    body.on("error", () => {}); // the parser's own error says it
    try {
      const header = read(raw);
      unknownBefore = raw.type === null;
      expectedBy = fed + Math.ceil(header.stored / BLOCK) * BLOCK + MAX_EXTENSION;
      const sink = visit(header);
      current = sink;
      // The parser itself leaves out what a folder's header says of its size.
      if (header.type === "directory") {
        finish(sink, then, fail);
        return;
      }
      // A paused stream may end all the same, while its last piece is still being taken.
      let taking: Promise<void> | undefined;
      body.on("data", (chunk: Uint8Array) => {
        try {
          const later = failure === undefined ? sink?.write(chunk) : undefined;
          if (!later) return;
          body.pause();
          taking = later.then(() => void body.resume());
          taking.catch(fail);
        } catch (error) {
          fail(error);
        }
      });
      body.on("end", () => {
        const ended = (): void => finish(sink, then, fail);
        if (taking) taking.then(ended, fail);
        else ended();
      });
      body.resume();
    } catch (error) {
      fail(error);
    }
  });

  const waited = async (): Promise<void> => {
    if (failure === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
      wake = undefined;
    }
    if (failure !== undefined) throw failure;
  };

  return {
    write(chunk) {
      if (failure !== undefined) throw failure;
      if (fed > expectedBy) {
        // Archives are padded with zeros to the length of their medium's blocks.
        if (chunk.every((byte) => byte === 0)) return undefined;
        throw new ImageError("too-large", `an extension header of a tar entry is larger than ${MAX_EXTENSION} bytes`);
      }
      fed += chunk.length;
      return parser.write(chunk) ? undefined : waited();
    },
    end() {
      if (failure !== undefined) throw failure;
      const ended = waited();
      parser.end();
      return ended;
    },
    destroy() {
      failure ??= new ImageError("corrupt", "reading was given up");
      current?.destroy();
      parser.destroy();
      wake?.();
    },
  };
}

function finish(sink: Sink | undefined, then: () => void, fail: (error: unknown) => void): void {
  try {
    const later = sink?.end();
    if (later) later.then(then, fail);
    else then();
  } catch (error) {
    fail(error);
  }
}

function described(error: Error, unknownBefore: boolean): ImageError {
  if (/unexpected end/i.test(error.message)) return new ImageError("corrupt", "the tar archive is cut off");
  if (unknownBefore)
    return new ImageError(
      "unsupported",
      "the tar archive has an entry of a kind that is not read here, such as GNU's old sparse format",
    );
  return new ImageError("corrupt", "the tar archive is damaged: a header's checksum or form is wrong");
}

type Pax = Readonly<Record<string, string>>;

const TYPES: Readonly<Record<string, EntryType>> = {
  file: "file",
  "contiguous-file": "file",
  link: "hardlink",
  symlink: "symlink",
  directory: "directory",
  "character-device": "character-device",
  "block-device": "block-device",
  fifo: "fifo",
};

/** The types leave out what the library does give. */
const paxOf = (raw: Headers & { readonly pax?: Pax | null }): Pax => raw.pax ?? {};

function read(raw: Headers): Header {
  const pax = paxOf(raw);
  const stored = raw.size ?? 0;
  if (!Number.isSafeInteger(stored) || stored < 0)
    throw new ImageError("corrupt", "the tar archive is damaged: a header gives an impossible size");
  const name = pax["GNU.sparse.name"] ?? raw.name;
  const link = raw.linkname ?? undefined;
  if (name.length > MAX_PATH || (link?.length ?? 0) > MAX_PATH)
    throw new ImageError("corrupt", `the tar archive has a path of more than ${MAX_PATH} characters`);
  const type = TYPES[raw.type ?? ""] ?? "other";
  const sparse = Number(pax["GNU.sparse.realsize"] ?? pax["GNU.sparse.size"]);
  return {
    path: cleanPath(name),
    type,
    stored,
    size: type !== "file" ? 0 : Number.isSafeInteger(sparse) && sparse >= 0 ? sparse : stored,
    mtime: numberOr(pax["mtime"], (raw.mtime?.getTime() ?? 0) / 1000),
    mode: (raw.mode ?? 0) & 0o7777,
    uid: numberOr(pax["uid"], raw.uid ?? 0),
    gid: numberOr(pax["gid"], raw.gid ?? 0),
    link: linkOf(type, link),
    device: type.endsWith("-device") ? `${raw.devmajor ?? 0}:${raw.devminor ?? 0}` : undefined,
    attributes: attributesOf(pax),
  };
}

function linkOf(type: EntryType, link: string | undefined): string | undefined {
  if (type === "symlink") return link ?? "";
  return type === "hardlink" ? cleanPath(link ?? "") : undefined;
}

const numberOr = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : Number.isFinite(otherwise) ? otherwise : 0;
};

const ATTRIBUTE = "SCHILY.xattr.";

function attributesOf(pax: Pax): string | undefined {
  const names = Object.keys(pax).filter((key) => key.startsWith(ATTRIBUTE));
  if (names.length === 0) return undefined;
  return names
    .sort()
    .map((key) => `${key.slice(ATTRIBUTE.length)}=${pax[key]}`)
    .join("\n");
}
