/** One cache folder per machine for what the scripts and tests download, so that a fresh clone is quick the second time. */
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export function cacheDir(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "dockwright");
}

/**
 * The folder `name` in the cache; `build` fills it when it is not there yet. The name carries the version of what is in
 * it. The folder appears complete or not at all, and is built once even when several processes ask at the same time.
 */
export async function cached(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheDir(), name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const release = await lock(`${folder}.lock`);
  try {
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    await build(partial);
    await rename(partial, folder);
    return folder;
  } finally {
    release();
  }
}

/** Waits for the lock file and takes it; a lock whose process has ended is taken over. */
export async function lock(file: string): Promise<() => void> {
  const mine = `${file}.${process.pid}.${crypto.randomUUID()}`;
  writeFileSync(mine, String(process.pid));
  try {
    while (!tryLink(mine, file)) {
      if (abandoned(file)) takeAway(file, mine);
      else await sleep(200);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** A hard link fails when the target exists, and the lock is never seen without its process id in it. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function abandoned(file: string): boolean {
  const owner = ownerOf(file);
  if (owner === undefined) return false;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/** Moves the abandoned lock aside; gives it back when somebody else had taken it over in between. */
function takeAway(file: string, mine: string): void {
  const aside = `${mine}.aside`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (!abandoned(aside)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
