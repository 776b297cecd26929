/** Answers kept on disk between runs of the command line, one file each: the same script gets the same answer for ever. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../sha256.ts";

export interface Disk {
  read(key: string): Promise<string | undefined>;
  /** Keeps it if it can: a full or write-protected disk is no reason to fail. */
  write(key: string, answer: string): Promise<void>;
}

const MAX_FILES = 5_000;

export function createDisk(folder: string, maxFiles = MAX_FILES): Disk {
  const fileOf = (key: string): string => join(folder, sha256(key));
  let prepared: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    await mkdir(folder, { recursive: true });
    await dropOldest(folder, maxFiles);
  };
  return {
    async read(key) {
      try {
        return await readFile(fileOf(key), "utf8");
      } catch {
        return undefined; // not there, or not to be read: found out anew
      }
    },
    async write(key, answer) {
      try {
        await (prepared ??= prepare());
        const file = fileOf(key);
        const draft = `${file}.${crypto.randomUUID()}`;
        await writeFile(draft, answer, { mode: 0o600 });
        await rename(draft, file);
      } catch {
        // Nothing is lost but the time to find it out again.
      }
    },
  };
}

/** Half of them goes at once, so that it happens seldom. */
async function dropOldest(folder: string, maxFiles: number): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= maxFiles) return;
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      at: await stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  aged.sort((a, b) => b.at - a.at);
  await Promise.all(aged.slice(maxFiles >> 1).map(({ name }) => rm(join(folder, name), { force: true })));
}
