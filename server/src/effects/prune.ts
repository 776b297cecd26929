/** Keeps a cache folder small: of its files the least used go first, and what was never finished. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Ends the name of a file that is being written. */
export const PARTIAL = ".partial";
/** By then a process that was writing has ended. */
const ABANDONED_MS = 3_600_000;

/** How long ago a file was used is its time of modification, which readers set. Rejects where the folder cannot be read. */
export async function prune(folder: string, mostBytes: number): Promise<void> {
  const found = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const { size = 0, mtimeMs = 0 } = (await stat(path).catch(() => undefined)) ?? {};
      return { path, size, usedAt: mtimeMs, isPartial: name.endsWith(PARTIAL) };
    }),
  );
  for (const { path } of found.filter(({ isPartial, usedAt }) => isPartial && Date.now() - usedAt > ABANDONED_MS))
    await rm(path, { force: true });
  let total = 0;
  for (const { path, size } of found.filter(({ isPartial }) => !isPartial).sort((a, b) => b.usedAt - a.usedAt)) {
    total += size;
    if (total > mostBytes) await rm(path, { force: true });
  }
}
