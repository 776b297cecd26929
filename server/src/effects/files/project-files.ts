/** A project's folder as the generator reads it: what git keeps, what it ignores and is there, texts when they are asked for. */
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ProjectFiles } from "../../core/generate/files.ts";
import { readInFolder } from "./context.ts";
import { type IgnoreLevels, isIgnored, levelsAbove, withFolder } from "./gitignore.ts";
import { NEVER_SEARCHED } from "./names.ts";

const MAX_PATHS = 20_000;
/** Folders of what others wrote or a build made: that they are there is all that counts, whatever git thinks of them. */
const NOT_ENTERED: ReadonlySet<string> = new Set([
  ...NEVER_SEARCHED,
  ".venv",
  "venv",
  ".tox",
  ".gradle",
  ".terraform",
  "bower_components",
]);

/** @throws where the folder cannot be read, has too many files, or `signal` aborts */
export async function readProject(folder: string, signal: AbortSignal): Promise<ProjectFiles> {
  if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder`);
  const paths: string[] = [];
  const ignored: string[] = [];
  const visit = async (at: string, outer: IgnoreLevels): Promise<void> => {
    signal.throwIfAborted();
    const place = join(folder, at);
    const levels = withFolder(outer, place);
    const entries = await readdir(place, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = at === "" ? entry.name : `${at}/${entry.name}`;
      if (paths.length + ignored.length > MAX_PATHS) throw new Error(`the folder has more than ${MAX_PATHS} files`);
      const isFolder = entry.isDirectory();
      if (NOT_ENTERED.has(entry.name) || isIgnored(levels, join(place, entry.name), isFolder ? "folder" : "file")) {
        if (entry.name !== ".git") ignored.push(isFolder ? `${path}/` : path);
      } else if (isFolder) await visit(path, levels);
      else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path);
    }
  };
  await visit("", levelsAbove(folder));
  const texts = new Map<string, string | undefined>();
  return {
    name: basename(folder),
    paths,
    ignored,
    read(path) {
      if (!texts.has(path)) {
        const answer = readInFolder(folder, path);
        texts.set(path, typeof answer === "string" ? answer : undefined);
      }
      return texts.get(path);
    },
  };
}
