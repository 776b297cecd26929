/** Where a folder's repository is published, from git's own files: git is not run. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Repository {
  /** Absolute: the folder with `.git` in it. */
  readonly root: string;
  /** The address of `origin` without the account and password one may have; undefined where there is none. */
  readonly remote: string | undefined;
  /** What the remote's HEAD is, else the branch that is checked out. */
  readonly branch: string | undefined;
}

/** Undefined where the folder is in no repository. A worktree of another repository says neither remote nor branch. */
export function repositoryOf(folder: string): Repository | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const git = join(at, ".git");
    const found = statSync(git, { throwIfNoEntry: false });
    if (found) return { root: at, ...(found.isDirectory() ? saidIn(git) : { remote: undefined, branch: undefined }) };
    if (dirname(at) === at) return undefined;
  }
}

function saidIn(git: string): Pick<Repository, "remote" | "branch"> {
  const published = /^ref: refs\/remotes\/origin\/(\S+)/.exec(textOf(join(git, "refs/remotes/origin/HEAD")))?.[1];
  const branch = published ?? /^ref: refs\/heads\/(\S+)/.exec(textOf(join(git, "HEAD")))?.[1];
  let section = "";
  let remote: string | undefined;
  for (const line of textOf(join(git, "config")).split(/\r?\n/)) {
    section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1] ?? section;
    if (section === 'remote "origin"') remote ??= /^\s*url\s*=\s*(\S+)\s*$/.exec(line)?.[1];
  }
  return { remote: remote?.replace(/^([a-z+]+:\/\/)[^@/]*@/, "$1"), branch };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // git would not read it either
  }
}
