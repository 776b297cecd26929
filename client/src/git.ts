/** What git says about a folder: the address of its remote, the branch that is published. */
import type { Uri } from "vscode";
import { ask } from "./work.ts";

const git = (folder: Uri, ...args: readonly string[]) =>
  ask({
    command: "git",
    args: ["-C", folder.fsPath, ...args],
    env: { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
  });

/** As it is written, without the account and password an address may have. */
export async function remoteHere(folder: Uri): Promise<string | undefined> {
  const { code, stdout } = await git(folder, "config", "--get", "remote.origin.url");
  const address = stdout.trim().replace(/^([a-z+]+:\/\/)[^@/]*@/, "$1");
  return code === 0 && address !== "" ? address : undefined;
}

/** What the remote's HEAD is, else the branch that is checked out. */
export async function branchHere(folder: Uri): Promise<string | undefined> {
  const remote = await git(folder, "symbolic-ref", "--short", "--quiet", "refs/remotes/origin/HEAD");
  if (remote.code === 0) return remote.stdout.trim().replace(/^origin\//, "") || undefined;
  const local = await git(folder, "symbolic-ref", "--short", "--quiet", "HEAD");
  return local.code === 0 ? local.stdout.trim() || undefined : undefined;
}
