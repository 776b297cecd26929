/** What a build asks git: which branch, and when the last commit was made. Reads only. */
import type { Invocation } from "../process.ts";

const git = (folder: string, args: readonly string[]): Invocation => ({
  command: "git",
  args: ["-C", folder, ...args],
  env: { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", GIT_PAGER: "cat" },
});

export const branchInvocation = (folder: string): Invocation =>
  git(folder, ["symbolic-ref", "--short", "--quiet", "HEAD"]);

export const commitTimeInvocation = (folder: string): Invocation =>
  git(folder, ["log", "-1", "--no-show-signature", "--pretty=format:%ct"]);

/** Prints the file as the last commit has it, without what a repository sets up to show it otherwise. */
export const committedTextInvocation = (folder: string, name: string): Invocation =>
  git(folder, ["cat-file", "blob", `HEAD:./${name}`]);

/** Seconds; undefined outside of a repository, and before its first commit. */
export const readCommitTime = (stdout: string): number | undefined => {
  const seconds = Number(/^\d{1,12}$/.exec(stdout.trim())?.[0]);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
};
