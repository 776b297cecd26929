/** What a build writes is there whole or not at all, and what was there before stays until then: it is written beside its place. */
import { randomUUID } from "node:crypto";
import { lstat, rename, rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { destOf, withDest } from "../build/output.ts";

interface WholeOutput extends AsyncDisposable {
  /** For the engine. */
  readonly output: string | undefined;
  /** Puts it where it belongs; without that nothing of it is left. */
  readonly keep: () => Promise<void>;
  /** Asked after a failure: whether the disk it is written to has no room left. Not every engine says so. */
  readonly isDiskFull: () => Promise<boolean>;
}

/** Bytes that nothing can be done with. */
const NOTHING = 64 * 1024;

export async function wholeOutput(output: string | undefined): Promise<WholeOutput> {
  const place = output === undefined ? undefined : destOf(output);
  const isDiskFull = async (): Promise<boolean> => place !== undefined && (await roomIn(dirname(place.dest))) < NOTHING;
  // A folder that is there is written into, and a device or a link is what somebody wants it to be.
  if (output === undefined || !place || !(await mayBeReplaced(place.dest, place.kind)))
    return { output, keep: async () => {}, isDiskFull, [Symbol.asyncDispose]: async () => {} };
  const partial = `${place.dest}.${randomUUID().slice(0, 8)}.partial`;
  return {
    output: withDest(output, partial),
    keep: () => rename(partial, place.dest).catch(unlessMissing),
    isDiskFull,
    [Symbol.asyncDispose]: () => rm(partial, { recursive: true, force: true }),
  };
}

async function roomIn(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

async function mayBeReplaced(path: string, kind: "file" | "folder"): Promise<boolean> {
  try {
    return (await lstat(path)).isFile() && kind === "file";
  } catch {
    return true;
  }
}

/** Engines that have no outputs write nothing. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
