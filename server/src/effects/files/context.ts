/**
 * What rules ask about the build context, the Dockerfile's folder: is a path there, what does a file say, which files are there.
 * Single files are looked at at once: the way through the thread pool and back takes several times as long.
 */
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, normalize, relative, sep } from "node:path";
import type { Answer } from "../../core/rule.ts";

/** Manifests, lock files and ignore files are smaller; what is larger is no text a rule reads. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PATHS = 20_000;
/** Named, not walked through: whether they are there is what matters. */
const NOT_WALKED: ReadonlySet<string> = new Set([".git", "node_modules", ".venv", "target", ".gradle", ".tox"]);

/** `yes` or `no`. A path that leads out of the folder, by `..` or by a link, is not looked at. */
export function existsInFolder(folder: string, path: string): Answer {
  const place = placeIn(folder, path);
  return typeof place === "string" ? "yes" : place.missing ? "no" : { unknown: place.unknown };
}

/** The text of a file, a byte order mark left out. */
export function readInFolder(folder: string, path: string): Answer {
  const place = placeIn(folder, path);
  if (typeof place !== "string") return { unknown: place.unknown };
  try {
    return readPlace(place, path);
  } catch (error) {
    return { unknown: `${path} cannot be read: ${messageOf(error)}` };
  }
}

/** The text at an absolute place that is called `path`. @throws what the system says against it */
export function readPlace(place: string, path: string): Answer {
  const found = statSync(place);
  // Opening a pipe would wait for somebody to write.
  if (!found.isFile()) return { unknown: `${path} is not a file` };
  if (found.size > MAX_BYTES) return { unknown: `${path} is larger than ${MAX_BYTES} bytes` };
  return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(place));
}

/** Every path below the folder, one a line, folders with a final `/`; links are named and not followed. */
export async function listFolder(folder: string, signal: AbortSignal, most = MAX_PATHS): Promise<Answer> {
  const walk = walkFolder(folder, most);
  try {
    let step = walk.next();
    while (!step.done) {
      signal.throwIfAborted();
      step = walk.next(await readdir(step.value, { withFileTypes: true }));
    }
    return step.value;
  } catch (error) {
    if (signal.aborted) throw error;
    return unreadable(error);
  }
}

/** The same, and nothing else is done meanwhile. */
export function listFolderAtOnce(folder: string): Answer {
  const walk = walkFolder(folder, MAX_PATHS);
  try {
    let step = walk.next();
    while (!step.done) step = walk.next(readdirSync(step.value, { withFileTypes: true }));
    return step.value;
  } catch (error) {
    return unreadable(error);
  }
}

/** Yields the folders to read and is given what is in them. */
function* walkFolder(folder: string, most: number): Generator<string, Answer, readonly Dirent[]> {
  const found: string[] = [];
  const waiting = [""];
  for (let at = 0; at < waiting.length; at++) {
    const below = waiting[at] ?? "";
    for (const entry of yield join(folder, below)) {
      const path = `${below}${entry.name}`;
      found.push(entry.isDirectory() ? `${path}/` : path);
      if (entry.isDirectory() && !NOT_WALKED.has(entry.name)) waiting.push(`${path}/`);
      if (found.length > most) return { unknown: `the folder has more than ${most} paths` };
    }
  }
  return found.sort().join("\n");
}

const unreadable = (error: unknown): Answer => ({ unknown: `the folder cannot be read: ${messageOf(error)}` });

/** @throws what the system says against looking */
export const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

interface NoPlace {
  readonly missing: boolean;
  readonly unknown: string;
}

function placeIn(folder: string, path: string): string | NoPlace {
  try {
    // Most of what is asked for is not there, and the error that says so takes longer than to look.
    if (!isThere(join(folder, normalize(`/${path}`)))) return { missing: true, unknown: `there is no ${path}` };
    const root = realpathSync.native(folder);
    const target = realpathSync.native(join(root, normalize(`/${path}`)));
    const way = relative(root, target);
    if (way === ".." || way.startsWith(`..${sep}`))
      return { missing: false, unknown: `${path} leads out of the Dockerfile's folder` };
    return target;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { missing: true, unknown: `there is no ${path}` };
    return { missing: false, unknown: `${path} cannot be read: ${messageOf(error)}` };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
