/** What rules ask about the build context, the Dockerfile's folder: is a path there, what does a file say, which files are there. */
import { open, readdir, realpath, stat } from "node:fs/promises";
import { join, normalize, relative, sep } from "node:path";
import type { Answer } from "../../core/rule.ts";

/** Manifests, lock files and ignore files are smaller; what is larger is no text a rule reads. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PATHS = 20_000;
/** Named, not walked through: whether they are there is what matters. */
const NOT_WALKED: ReadonlySet<string> = new Set([".git", "node_modules", ".venv", "target", ".gradle", ".tox"]);

/** `yes` or `no`. A path that leads out of the folder, by `..` or by a link, is not looked at. */
export async function existsInFolder(folder: string, path: string): Promise<Answer> {
  const place = await placeIn(folder, path);
  return typeof place === "string" ? "yes" : place.missing ? "no" : { unknown: place.unknown };
}

/**
 * The text of a file, a byte order mark left out. A `.dockerignore` beside ignore files of single Dockerfiles (`NAME.dockerignore`,
 * which BuildKit prefers for the Dockerfile NAME) is unknown: which of them holds depends on a name that nobody says here.
 */
export async function readInFolder(folder: string, path: string): Promise<Answer> {
  const place = await placeIn(folder, path);
  if (typeof place !== "string") return { unknown: place.unknown };
  try {
    const { size, isFile } = await kindOf(place);
    // Opening a pipe would wait for somebody to write.
    if (!isFile) return { unknown: `${path} is not a file` };
    if (size > MAX_BYTES) return { unknown: `${path} is larger than ${MAX_BYTES} bytes` };
    if (path === ".dockerignore") {
      const other = (await readdir(folder)).find((name) => /.\.dockerignore$/.test(name));
      if (other !== undefined) return { unknown: `the folder has ${other} too` };
    }
    await using file = await open(place);
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.readFile());
  } catch (error) {
    return { unknown: `${path} cannot be read: ${messageOf(error)}` };
  }
}

/** Every path below the folder, one a line, folders with a final `/`; links are named and not followed. */
export async function listFolder(folder: string, signal: AbortSignal, most = MAX_PATHS): Promise<Answer> {
  const found: string[] = [];
  const waiting = [""];
  try {
    for (let at = 0; at < waiting.length; at++) {
      signal.throwIfAborted();
      const below = waiting[at] ?? "";
      for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
        const path = `${below}${entry.name}`;
        found.push(entry.isDirectory() ? `${path}/` : path);
        if (entry.isDirectory() && !NOT_WALKED.has(entry.name)) waiting.push(`${path}/`);
        if (found.length > most) return { unknown: `the folder has more than ${most} paths` };
      }
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return { unknown: `the folder cannot be read: ${messageOf(error)}` };
  }
  return found.sort().join("\n");
}

async function kindOf(place: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const info = await stat(place);
  return { size: info.size, isFile: info.isFile() };
}

interface NoPlace {
  readonly missing: boolean;
  readonly unknown: string;
}

async function placeIn(folder: string, path: string): Promise<string | NoPlace> {
  try {
    const root = await realpath(folder);
    const target = await realpath(join(root, normalize(`/${path}`)));
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
