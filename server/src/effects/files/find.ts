/** Folders → the Dockerfiles, compose files and ignore files in them. */
import { type Dirent, readdir, stat } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { failureOf, type FileFailure } from "./failure.ts";
import { type IgnoreLevels, isIgnored, levelsAbove, withFolder } from "./gitignore.ts";
import { languageFound, NEVER_SEARCHED } from "./names.ts";

// node:fs/promises takes longer to load than most searches take.
const list = promisify(readdir);
const look = promisify(stat);

export interface Search {
  readonly files: readonly string[];
  /** Folders that could not be searched. */
  readonly failures: readonly FileFailure[];
}

/**
 * Those below an absolute folder, by name, without those git ignores. A folder that is itself ignored was
 * meant when it was named: then only the .gitignore files inside it count. Linked folders are not followed.
 */
export async function findFiles(folder: string): Promise<Search> {
  const above = levelsAbove(folder);
  const files: string[] = [];
  const failures: FileFailure[] = [];

  const visit = async (current: string, outer: IgnoreLevels): Promise<void> => {
    const levels = withFolder(outer, current);
    const entries = await list(current, { withFileTypes: true }).catch((error: unknown): Dirent[] => {
      failures.push(failureOf(current, error));
      return [];
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!NEVER_SEARCHED.has(entry.name) && !isIgnored(levels, path, "folder")) await visit(path, levels);
      } else if (languageFound(entry.name) && !isIgnored(levels, path, "file")) {
        if (entry.isFile() || (await isLinkToFile(path))) files.push(path);
      }
    }
  };

  await visit(folder, isIgnored(above, folder, "folder") ? [] : above);
  return { files, failures };
}

const isLinkToFile = async (path: string): Promise<boolean> =>
  look(path).then(
    (found) => found.isFile(),
    () => false,
  );
