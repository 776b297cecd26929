/** Indexes of distributions: compressed texts of paragraphs, one a package. Only names and versions are kept of them. */
import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { Readable, Writable } from "node:stream";
import type { Fetch, FetchLimits } from "../downloads/fetch.ts";
import { FetchError } from "../downloads/fetch.ts";
import { compareDebian } from "./order.ts";
import { unxz, XzError } from "./xz.ts";

/** Ubuntu's universe has some 20 MB, ten times as much unpacked. */
export const INDEX_LIMITS: FetchLimits = {
  bytes: 128 * 1024 ** 2,
  errorBytes: 64 * 1024,
  redirects: 5,
  idleMs: 20_000,
  totalMs: 5 * 60_000,
};
const MAX_UNPACKED = 1024 ** 3;

/** A package's newest version in it, by name. */
export type Index = ReadonlyMap<string, string>;

/** How the two fields are written: `Package: curl` in Debian, `P:curl` in Alpine. */
export interface Fields {
  readonly name: string;
  readonly version: string;
}

/** By what its name ends in: `.gz` as it streams by, `.xz` at once. @throws FetchError, or the signal's reason */
export async function indexAt(fetch: Fetch, url: string, fields: Fields, signal: AbortSignal): Promise<Index> {
  const found = new Map<string, string>();
  const read = paragraphs(fields, (name, version) => {
    const before = found.get(name);
    if (before === undefined || compareDebian(version, before) > 0) found.set(name, version);
  });
  if (url.endsWith(".xz")) read((await unpackedAt(fetch, url, signal)).toString("latin1"));
  else await streamed(fetch, url, read, signal);
  read("\n\n");
  return found;
}

/** Unpacking takes this thread: what is larger than any index of updates is not worth its pause. */
const MAX_XZ = 4 * 1024 ** 2;

async function unpackedAt(fetch: Fetch, url: string, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of fetch(url, { limits: { ...INDEX_LIMITS, bytes: MAX_XZ } }, signal)) pieces.push(piece);
  try {
    return unxz(Buffer.concat(pieces), MAX_UNPACKED);
  } catch (error) {
    throw error instanceof XzError ? new FetchError(`${url} cannot be unpacked: ${error.message}`) : error;
  }
}

async function streamed(fetch: Fetch, url: string, read: (text: string) => void, signal: AbortSignal): Promise<void> {
  let unpacked = 0;
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      unpacked += piece.length;
      if (unpacked > MAX_UNPACKED) return done(new FetchError(`${url} unpacks to more than ${MAX_UNPACKED} bytes`));
      read(piece.toString("latin1"));
      done();
    },
  });
  try {
    await pipeline(Readable.from(fetch(url, { limits: INDEX_LIMITS }, signal)), createGunzip(), sink);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof FetchError ? error : new FetchError(`${url} cannot be unpacked`);
  }
}

/** Alpine's index is a file in a tar archive: its headers are lines that are none of the fields. */
function paragraphs({ name, version }: Fields, found: (name: string, version: string) => void): (text: string) => void {
  let rest = "";
  let current: { name?: string; version?: string } = {};
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (current.name !== undefined && current.version !== undefined) found(own(current.name), own(current.version));
        current = {};
      } else if (line.startsWith(name)) current.name = line.slice(name.length).trim();
      else if (line.startsWith(version)) current.version = line.slice(version.length).trim();
    }
  };
}

/** A copy: a part of a text keeps all of the text it is cut from. */
const own = (text: string): string => Buffer.from(text, "latin1").toString("latin1");
