import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { packageCalls } from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import type { ShellWord } from "../../model/dockerfile/shell.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { type Edit, replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

/** What asks the package index is a command of its own. */
const CACHE_ACTIONS: ReadonlySet<string> = new Set([
  "search",
  "show",
  "showsrc",
  "policy",
  "depends",
  "rdepends",
  "madison",
  "pkgnames",
]);
/** Known to apt alone. */
const APT_ONLY: Readonly<Record<string, string>> = {
  list: "apt-get has no list: use dpkg-query --list or apt-cache pkgnames",
  "edit-sources": "apt-get has no edit-sources: write the file under /etc/apt instead",
  reinstall: "apt-get has no reinstall: use install --reinstall",
  history: "apt-get has no history: read /var/log/apt/history.log",
};

export default defineRule({
  id: "apt-not-apt-get",
  summary: "apt in a RUN instead of apt-get",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL3027", "kics:Run Using apt", "checkov:CKV_DOCKER_9"],
  why: `
\`apt\` is made for people at a terminal. It says so itself in every build log: \`apt does not have a stable CLI interface. Use with
caution in scripts.\` Its options and output may change with a release; \`apt-get\` and \`apt-cache\` keep theirs.`,
  fixSafety: "Safe: both programs do the same with the same arguments; the query commands become apt-cache.",
  examples: [
    {
      bad: "FROM debian:13\nRUN apt update && apt install -y curl && apt show curl\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y curl && apt-cache show curl\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const actions = new Map(packageCalls(dockerfile, instruction).map(({ command, action }) => [command, action]));
      for (const { command } of programsWithin(dockerfile, instruction)) {
        const { name, nameWord } = command;
        if (name !== "apt" || !nameWord || isAskedFor(dockerfile, nameWord)) continue;
        report(nameWord.span, {
          message: "apt is for people at a terminal and has no stable interface for scripts",
          ...remedy(dockerfile, nameWord, actions.get(command)),
        });
      }
    }
  },
});

/** `command -v apt` only looks for the program. */
const isAskedFor = ({ text }: Dockerfile, { span }: ShellWord): boolean =>
  /\bcommand\s+-[vV]\s+$/.test(text.slice(Math.max(0, span.start - 40), span.start));

function remedy(
  dockerfile: Dockerfile,
  nameWord: ShellWord,
  action: ShellWord | undefined,
): { fixes?: readonly Fix[]; refusal?: string } {
  const refusal = action && APT_ONLY[action.value];
  if (refusal !== undefined) return { refusal };
  const program = action && CACHE_ACTIONS.has(action.value) ? "apt-cache" : "apt-get";
  const edits = [renamed(dockerfile, nameWord, "apt", program)];
  if (action?.value === "full-upgrade") edits.push(renamed(dockerfile, action, "full-upgrade", "dist-upgrade"));
  return { fixes: [safeFix(`Use ${program}`, ...edits)] };
}

/** The last part of a word only: its folder and quotes stay. */
function renamed({ text }: Dockerfile, { span }: ShellWord, from: string, to: string): Edit {
  const at = text.slice(span.start, span.end).lastIndexOf(from);
  return replace(at === -1 ? span : { start: span.start + at, end: span.start + at + from.length }, to);
}
