/**
 * What a compose file names is often beside its folder: `../api/Dockerfile`. It is looked at as long as it is in the project: below
 * the nearest folder that git keeps, or, without git, below the folder above.
 */
import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Answer } from "../../core/rule.ts";
import { isThere, readPlace } from "./context.ts";

/** `file`, `folder` or `missing`. A path that leads out of the project, by `..` or by a link, is not looked at. */
export function kindOfPath(folder: string, path: string): Answer {
  const place = placeInProject(folder, path);
  if (typeof place !== "string") return place;
  if (place === "") return "missing";
  return statSync(place).isDirectory() ? "folder" : "file";
}

/** The text of a file, a byte order mark left out. */
export function textOfFile(folder: string, path: string): Answer {
  const place = placeInProject(folder, path);
  if (typeof place !== "string") return place;
  if (place === "") return { unknown: `there is no ${path}` };
  try {
    return readPlace(place, path);
  } catch (error) {
    return { unknown: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** More names help nobody to choose. */
const MAX_ENTRIES = 2_000;

/** The names in a folder, one a line, folders with a final slash; links count as what they lead to. */
export function entriesOfFolder(folder: string, path: string): Answer {
  const place = placeInProject(folder, path);
  if (typeof place !== "string") return place;
  if (place === "") return { unknown: `there is no ${path}` };
  try {
    const entries = readdirSync(place, { withFileTypes: true }).slice(0, MAX_ENTRIES);
    return entries.map((entry) => (isFolder(entry, place) ? `${entry.name}/` : entry.name)).join("\n");
  } catch (error) {
    return { unknown: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const isFolder = (entry: Dirent, folder: string): boolean =>
  entry.isSymbolicLink()
    ? (statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false)
    : entry.isDirectory();

/** The real path; empty when there is nothing. */
function placeInProject(folder: string, path: string): string | { readonly unknown: string } {
  const outside = { unknown: `${path} leads out of the project` };
  try {
    const named = resolve(folder, path);
    if (isBelow(folder, named) && !isThere(named)) return "";
    const root = projectRoot(realpathSync.native(folder));
    if (!isBelow(root, join(realpathSync.native(folder), relative(folder, named)))) return outside;
    const real = realpathSync.native(named);
    return isBelow(root, real) ? real : outside;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    return { unknown: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const roots = new Map<string, string>();

function projectRoot(folder: string): string {
  const known = roots.get(folder);
  if (known !== undefined) return known;
  let root = dirname(folder);
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) root = at;
    if (existsSync(join(at, ".git")) || at === dirname(at)) break;
  }
  roots.set(folder, root);
  return root;
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
