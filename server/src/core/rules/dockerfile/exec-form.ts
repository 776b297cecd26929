import { execFormOf, shellFormOf } from "../../assists/dockerfile/exec-forms.ts";
import { familyUnder } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Instruction, Logical } from "../../model/dockerfile/model.ts";
import { isPosixShell } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { defineRule, type Report } from "../../rule.ts";
import { contains } from "../../text/edit.ts";

export default defineRule({
  id: "exec-form",
  summary: "CMD or ENTRYPOINT in shell form",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL3025", "buildkit:JSONArgsRecommended", "kics:Not Using JSON In CMD And ENTRYPOINT Arguments"],
  why: `
In shell form the container's first process is \`/bin/sh -c\`, and the program is its child. \`docker stop\` sends SIGTERM to the
shell, which does not pass it on: the program never gets to shut down and is killed ten seconds later. The image needs a
shell, too. With a \`SHELL\` instruction the shell form is taken to be meant, as BuildKit does; hadolint reports it there as well.
Where \`exec\` stands in front, the shell is replaced by the program, and only needed: the profile \`strict\` shows that.
On Windows the shell is \`cmd\` or PowerShell and there are no signals to pass on: the profile \`all\` shows it.`,
  fixSafety: `
Safe for a CMD of plain words, on a base that is known to start what CMD says and without an ENTRYPOINT in the file: the same
program starts with the same arguments, without a shell in front of it. Unsafe otherwise: an ENTRYPOINT in exec form gets CMD as
its arguments and \`docker run\` arguments appended, a script without a \`#!\` line only starts from a shell, and an unknown base may have
an entrypoint that expects the shell. A command that needs the shell keeps it as \`["sh", "-c", "… exec …"]\`, where
\`exec\` puts the program in the shell's place.`,
  examples: [
    { bad: "FROM node:22\nCMD node server.js\n", fixed: 'FROM node:22\nCMD ["node", "server.js"]\n' },
    {
      bad: "FROM node:22\nCMD npm run migrate && node server.js --port $PORT\n",
      fixed: 'FROM node:22\nCMD ["sh", "-c", "npm run migrate && exec node server.js --port $PORT"]\n',
    },
    { good: 'FROM node:22\nSHELL ["/bin/bash", "-c"]\nCMD node server.js\n' },
    { good: 'FROM node:22\nCMD ["node", "server.js"]\n' },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.all) {
      const command = shellFormOf(instruction);
      if (!command || instruction.heredocs.length > 0) continue;
      if (dockerfile.problems.some(({ span }) => contains(instruction.span, span))) continue;
      const shell = shellAt(dockerfile, instruction);
      if (WINDOWS_SHELLS.has(shell.name) && mayBeWindows(dockerfile, instruction))
        report(spanOf(command), onWindows(instruction, shell.name));
      if (shell.set || !isPosixShell(shell.name)) continue;
      report(spanOf(command), {
        ...(/^exec\s[^&|;]*$/.test(command.text)
          ? {
              message: `${instruction.name} in shell form starts /bin/sh only to replace it`,
              profile: "strict" as const,
            }
          : { message: `${instruction.name} in shell form runs under /bin/sh, which does not pass signals on` }),
        ...remedy(dockerfile, instruction, command),
      });
    }
  },
});

const WINDOWS_SHELLS: ReadonlySet<string> = new Set(["cmd", "powershell", "pwsh"]);

/** A file with escape=\` may be for Linux all the same. */
function mayBeWindows(dockerfile: Dockerfile, instruction: Instruction): boolean {
  const stage = dockerfile.stages[instruction.stage];
  const family = stage && familyUnder(dockerfile, stage);
  return family === undefined || family === "windows";
}

const onWindows = ({ name }: Instruction, shell: string): Report => ({
  message: `${name} in shell form runs under ${shell}, which stays in memory beside the program`,
  severity: "hint",
  profile: "all",
  refusal: `the quoting and the variables are those of ${shell}`,
});

const spanOf = (command: Logical): { start: number; end: number } => command.span(0, command.text.length);

function remedy(dockerfile: Dockerfile, instruction: Instruction, command: Logical): Pick<Report, "fixes" | "refusal"> {
  const made = execFormOf(dockerfile, instruction, command);
  return "refusal" in made ? made : { fixes: [made] };
}
