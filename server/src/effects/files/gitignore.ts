/** What git ignores, folder by folder. The only importer of `ignore`. */
import ignore, { type Ignore } from "ignore";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";

interface Level {
  readonly folder: string;
  readonly patterns: Ignore;
}

/** The .gitignore files that speak about one folder, the outermost first. */
export type IgnoreLevels = readonly Level[];

/** Those above `folder`, up to the top of its git repository; none when it is in no repository. */
export function levelsAbove(folder: string): IgnoreLevels {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) folders.unshift(at);
    if (existsSync(join(at, ".git"))) return folders.reduce(withFolder, []);
    if (dirname(at) === at) return [];
  }
}

/** One level more when the folder has a .gitignore that can be read. */
export function withFolder(levels: IgnoreLevels, folder: string): IgnoreLevels {
  try {
    return [...levels, { folder, patterns: ignore().add(readFileSync(join(folder, ".gitignore"), "utf8")) }];
  } catch {
    return levels; // there is none, or git could not read it either
  }
}

/**
 * True when git ignores the path, whose folder is searched: the innermost .gitignore that says something decides. What
 * one says about the folder is not repeated for what is in it, because a deeper .gitignore has taken the folder back.
 */
export function isIgnored(levels: IgnoreLevels, path: string, kind: "file" | "folder"): boolean {
  for (const { folder, patterns } of levels.toReversed()) {
    const inside = relative(folder, path).split(sep).join("/") + (kind === "folder" ? "/" : "");
    const { ignored, unignored } = patterns.test(inside);
    if (unignored) return false;
    const parent = posix.dirname(inside);
    if (ignored && (parent === "." || !patterns.ignores(`${parent}/`))) return true;
  }
  return false;
}
