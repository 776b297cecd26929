/** The commit that a release of a GitHub action is, asked of the action's own repository. */
import type { CiAction } from "../../../server/src/lsp/messages.ts";
import type { Invocation, Outcome } from "../process.ts";

/** Asks the action's repository which commit a release is. Nobody is asked for a password. */
export const askCommit = ({ repository, release }: CiAction, host = "https://github.com"): Invocation => ({
  command: "git",
  args: ["ls-remote", "--exit-code", "--", `${host}/${repository}`, `refs/tags/${release}`, `refs/tags/${release}^{}`],
  env: { GIT_TERMINAL_PROMPT: "0" },
});

/** The commit of an annotated tag stands behind `^{}`; a plain tag is one itself. */
export function commitIn({ stdout, code }: Outcome, { release }: CiAction): string | undefined {
  if (code !== 0) return undefined;
  const tags = new Map(
    [...stdout.matchAll(/^([0-9a-f]{40}|[0-9a-f]{64})\t(\S+)$/gm)].map(([, commit = "", name = ""]) => [name, commit]),
  );
  return tags.get(`refs/tags/${release}^{}`) ?? tags.get(`refs/tags/${release}`);
}
