/** Paths of files and folders, one part at a time. */
import { joined } from "../../model/compose/paths.ts";
import type { Candidate, Setting } from "./completion-model.ts";
import { entriesAt } from "./look.ts";

interface Wanted {
  /** The folder that paths are relative to, from the document's. */
  readonly base: string;
  readonly onlyFolders?: boolean;
  /** What files of this purpose are usually called: they come first. */
  readonly likely?: RegExp | undefined;
}

/** A folder that can be looked into: not elsewhere, and not hidden by a variable. */
export const pathsIn = (folder: string): boolean => joined("", folder) !== undefined && !folder.includes("$");

/** Never of use to a compose file. */
const HIDDEN: ReadonlySet<string> = new Set([".git/", ".DS_Store"]);

export function pathCandidates(
  { cursor, text, offset, look }: Setting,
  { base, onlyFolders = false, likely }: Wanted,
): readonly Candidate[] {
  const { typed, span } = cursor;
  const slash = typed.lastIndexOf("/") + 1;
  const folder = typed.slice(0, slash);
  if (folder.startsWith("/") || !pathsIn(folder === "" ? "." : folder)) return [];
  const rest = /^[^/:,\s]*\/?/.exec(text.slice(offset, span.end))?.[0].length ?? 0;
  const part = { start: span.start + slash, end: offset + rest };
  const rank = (name: string): number => (likely?.test(name) ? 0 : name.endsWith("/") ? 1 : 2);
  return entriesAt(look, base, folder)
    .filter((name) => !HIDDEN.has(name) && (!onlyFolders || name.endsWith("/")))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name): Candidate => ({ value: name, kind: name.endsWith("/") ? "folder" : "file", part }));
}
