/**
 * Texts by key in a folder: a file each, written aside and renamed, with its digest in front. However many programs share the folder,
 * each file is complete or not there; one that is damaged, or of another key, counts as not there and is removed.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PARTIAL, prune } from "../prune.ts";

export interface Store {
  read(key: string): Promise<string | undefined>;
  /** It may fail silently: a cache that cannot be written is none. */
  write(key: string, text: string): Promise<void>;
}

export interface StoreOptions {
  readonly folder: string;
  /** Most bytes of all files. */
  readonly bytes: number;
  /** After so many writes the folder is looked through: that costs more than writing. */
  readonly pruneEvery?: number;
}

const PRUNE_EVERY = 64;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function createStore({ folder, bytes, pruneEvery = PRUNE_EVERY }: StoreOptions): Store {
  const pathOf = (key: string): string => join(folder, sha256(key));
  // Commands that write once or twice have their turn too.
  let made: Promise<unknown> | undefined;
  let writes = Math.floor(Math.random() * pruneEvery);

  return {
    async read(key) {
      const path = pathOf(key);
      try {
        // Nothing we write is as large; somebody else's file is not read into memory.
        if ((await stat(path)).size > bytes) throw new Error("too large");
        const file = await readFile(path, "utf8");
        const body = file.slice(file.indexOf("\n") + 1);
        if (!file.startsWith(`${sha256(body)}\n`) || !body.startsWith(`${key}\n`)) throw new Error("damaged");
        await utimes(path, new Date(), new Date()); // the least used go first
        return body.slice(key.length + 1);
      } catch (error) {
        const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
        if (!missing) await rm(path, { force: true }).catch(() => {});
        return undefined;
      }
    },
    async write(key, text) {
      const body = `${key}\n${text}`;
      const partial = join(folder, `${randomUUID()}${PARTIAL}`);
      try {
        made ??= mkdir(folder, { recursive: true, mode: 0o700 });
        await made;
        await writeFile(partial, `${sha256(body)}\n${body}`, { mode: 0o600 });
        await rename(partial, pathOf(key));
        if (++writes % pruneEvery === 0) await prune(folder, bytes);
      } catch {
        made = undefined; // somebody may have emptied the cache
        await rm(partial, { force: true }).catch(() => {});
      }
    },
  };
}
