import { removeCommands } from "../../model/dockerfile/command-removal.ts";
import { insertAbove, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type Program, programsCalled, programsWithin } from "../../model/dockerfile/programs.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "shell-by-run",
  summary: "another shell put in the place of /bin/sh",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL4005", "kics:Changing Default Shell Using RUN Command"],
  why: `
With \`/bin/sh\` replaced, every script of the distribution runs in a shell it was not written for, and the next update of the
package puts the old one back. \`SHELL\` says which shell the following instructions use and changes nothing else. Links
that give an empty image its first shell (from busybox or to dash) are let off. A login shell set by \`chsh\` or \`usermod\` has no
part in a build, and \`RUN powershell …\` starts one shell in another; KICS reports them, here they are in the widest profile.`,
  fixSafety: `
Unsafe: \`/bin/sh\` stays what it is, so what runs \`sh\` in the container gets the old shell. Offered where the command stands alone
or can be taken out of its line.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN ln -sf /bin/bash /bin/sh\nRUN make\n",
      fixed: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN make\n',
    },
    { good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN make\n' },
    { good: "FROM debian:13\nRUN ln -sf /bin/true /sbin/initctl\n" },
  ],
  check({ dockerfile, report }) {
    for (const program of ["ln", "mv", "cp"].flatMap((name) => programsCalled(dockerfile, name))) {
      const shell = replacedBy(program.command);
      if (shell === undefined) continue;
      report(program.command.span, {
        message: `${program.command.name} makes ${shell} the /bin/sh of every script in the image: SHELL changes it for the build alone`,
        ...remedy(dockerfile, program, shell),
      });
    }
    for (const { command } of ["chsh", "usermod"].flatMap((name) => programsCalled(dockerfile, name))) {
      const shell = command.args.find(({ value }) => /(?:^|\/)(?:ba|z|k|fi|tc|c|da)?sh$/.test(value));
      if (!shell || !command.args.some(({ value }) => /^(?:-[a-zA-Z]*s|--shell(?:=.*)?)$/.test(value))) continue;
      report(command.span, {
        profile: "all",
        severity: "hint",
        message: `${command.name} sets a login shell, which neither RUN nor CMD uses: SHELL does that`,
        refusal: "a login shell may be what is wanted",
      });
    }
    for (const run of allNamed(dockerfile, "RUN")) {
      const [first] = run.words;
      if (!first || !/(?:^|[\\/])powershell(?:\.exe)?$/i.test(first.text)) continue;
      report(first.span, {
        profile: "all",
        severity: "hint",
        message: "RUN starts PowerShell in another shell: SHELL starts it directly, for all that follow",
        refusal: "the quoting of the command would be another one",
      });
    }
  },
});

/** Shells that take the place of the system's own; dash and busybox are what /bin/sh usually is. */
const OTHERS = /(?:^|\/)(?:bash|zsh|ksh|ksh93|mksh|fish|tcsh|csh|rbash)$/;

/** The shell that is put at /bin/sh. */
function replacedBy({ args, name }: ShellCommand): string | undefined {
  const paths = args.filter(({ value }) => !value.startsWith("-")).map(({ value }) => value);
  const [source = "", target = ""] = paths;
  if (paths.length !== 2 || !/^\/(?:usr\/)?bin\/sh$/.test(target)) return undefined;
  return OTHERS.test(source) || (name === "ln" && source.includes("$")) ? source : undefined;
}

function remedy(
  dockerfile: Dockerfile,
  { command, instruction }: Program,
  shell: string,
): Pick<Report, "fixes" | "refusal"> {
  if (shell.includes("$")) return { refusal: "a variable names the shell" };
  const path = shell.startsWith("/") ? shell : `/bin/${shell}`;
  const line = `${keywordLike(dockerfile, "SHELL")} ["${path}", "-c"]`;
  const title = `Set ${path} with SHELL`;
  const run = dockerfile.instructions[instruction.index];
  if (!run || run.trigger) return { refusal: "the command is part of an ONBUILD" };
  const programs = programsWithin(dockerfile, run);
  const ours = programs.filter((each) => each.command === command || removesShell(each.command));
  if (ours.length === programs.length && run.comments.length === 0 && run.heredocs.length === 0)
    return { fixes: [unsafeFix(title, replace(run.span, line))] };
  const dropped = removeCommands(dockerfile, ours);
  if (!dropped) return { refusal: "other commands of the line hang on it: take it out by hand" };
  return { fixes: [unsafeFix(title, insertAbove(dockerfile, run, [line]), ...dropped)] };
}

/** `rm /bin/sh`, in front of the link. */
const removesShell = ({ name, args }: ShellCommand): boolean =>
  name === "rm" && args.every(({ value }) => value.startsWith("-") || /^\/(?:usr\/)?bin\/sh$/.test(value));
