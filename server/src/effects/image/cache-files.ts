/** The files of the cache folder: lines, packed, with their digest at the end; complete or not there, and together no more than so many bytes. */
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createDeflateRaw, inflateRawSync } from "node:zlib";
import { PARTIAL, prune } from "../prune.ts";

export interface CacheFiles {
  readonly names: () => readonly string[];
  /** Undefined for a file that is not there; one that is damaged, or that `parse` gives undefined for, is removed. */
  readonly read: <T>(name: string, parse: (lines: Iterable<string>) => T | undefined) => T | undefined;
  /** Rejects where the folder cannot be written, or the file alone is more than all of them may be. */
  readonly write: (name: string, lines: Iterable<string>) => Promise<void>;
}

const DIGEST_BYTES = 32;
/** A hostile file in the folder unpacks to no more. */
const MAX_UNPACKED = 1024 ** 3;

export const cacheFiles = (folder: string, mostBytes: number): CacheFiles => ({
  names() {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  read: (name, parse) => readFile(join(folder, name), parse),
  async write(name, lines) {
    const path = join(folder, name);
    if (await stat(path).catch(() => undefined)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const partial = join(folder, `${randomUUID()}${PARTIAL}`);
    try {
      await pipeline(
        lines,
        ended,
        createDeflateRaw({ level: 1 }),
        (packed: AsyncIterable<Buffer>) => withDigest(packed, mostBytes),
        createWriteStream(partial, { mode: 0o600 }),
      );
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    await prune(folder, mostBytes);
  },
});

function readFile<T>(path: string, parse: (lines: Iterable<string>) => T | undefined): T | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  try {
    const body = bytes.subarray(0, -DIGEST_BYTES);
    if (!createHash("sha256").update(body).digest().equals(bytes.subarray(-DIGEST_BYTES))) throw new Error("damaged");
    const value = parse(linesOf(inflateRawSync(body, { maxOutputLength: MAX_UNPACKED })));
    if (value === undefined) throw new Error("of another form");
    utimesSync(path, new Date(), new Date()); // the least used go first
    return value;
  } catch {
    rmSync(path, { force: true });
    return undefined;
  }
}

function* linesOf(bytes: Buffer): Generator<string, void> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    yield bytes.toString("utf8", start, end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
  }
}

async function* ended(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string, void> {
  for await (const line of lines) yield `${line}\n`;
}

async function* withDigest(bytes: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer, void> {
  const hash = createHash("sha256");
  let size = DIGEST_BYTES;
  for await (const chunk of bytes) {
    hash.update(chunk);
    size += chunk.length;
    if (size > most) throw new Error("larger than all that is kept");
    yield chunk;
  }
  yield hash.digest();
}
