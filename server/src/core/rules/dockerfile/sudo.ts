import { baseImageOf, isRoot, usersOf } from "../../model/dockerfile/facts.ts";
import { insertAbove, insertBelow, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { programsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { type Edit, remove } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

/** Options that mean nothing once the command runs as root anyway. */
const MEANINGLESS = /^(?:-[EHnS]+|--preserve-env|--set-home|--non-interactive|--stdin)$/;

export default defineRule({
  id: "sudo",
  summary: "sudo in a RUN",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3004",
    "trivy:DS-0010",
    "kics:Run Using Sudo",
    "checkov:CKV2_DOCKER_1",
    "dockerfilelint:sudo_usage",
    "dockle:DKL-DI-0001",
  ],
  why: `
A build is root until a \`USER\` says otherwise, so \`sudo\` is superfluous or, after \`USER\`, a way back to root that the finished
image keeps: whoever gets into the container can take it too. It also starts commands with another environment and passes
signals on in its own way. \`USER root\` before the \`RUN\` and \`USER name\` behind it say the same and leave nothing behind.
\`sudo -u name\` is no way to root: the profile \`strict\` shows it.`,
  fixSafety: `
Unsafe: sudo drops the \`ENV\` of the file and sets its own \`PATH\` and \`HOME\`; without it the command sees the file's.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN sudo apt-get update\n",
      fixed: "FROM debian:13\nRUN apt-get update\n",
    },
    {
      bad: "FROM debian:13\nUSER app\nRUN sudo apt-get update\n",
      fixed: "FROM debian:13\nUSER app\nUSER root\nRUN apt-get update\nUSER app\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y sudo\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const programs = programsOf(dockerfile, instruction);
      const sudos = programs.filter(({ name }) => name === "sudo");
      for (const sudo of sudos)
        report(sudo.nameWord?.span ?? sudo.span, {
          message: "sudo in a build: use USER to say who runs a RUN",
          ...(isForAnother(sudo) && { profile: "strict" as const }),
          ...remedy(dockerfile, instruction, sudo, sudos, programs),
        });
    }
  },
});

/** `sudo -u www-data …`: a part of the RUN runs with fewer rights. */
function isForAnother({ args }: ShellCommand): boolean {
  const command = args.findIndex(
    ({ value }, at) => !value.startsWith("-") && !USER_OPTION.test(args[at - 1]?.value ?? ""),
  );
  const at = args.findIndex(({ value }) => /^(?:-[A-Za-z]*u|--user\b)/.test(value));
  if (at === -1 || (command !== -1 && at > command)) return false;
  const { value = "" } = args[at] ?? {};
  const user = USER_OPTION.test(value) ? (args[at + 1]?.value ?? "") : value.replace(/^(?:-[A-Za-z]*?u|--user=)/, "");
  return !isRoot(user);
}

const USER_OPTION = /^(?:-[A-Za-z]*u|--user)$/;

function remedy(
  dockerfile: Dockerfile,
  instruction: Instruction,
  sudo: ShellCommand,
  sudos: readonly ShellCommand[],
  programs: readonly ShellCommand[],
): { fixes?: readonly Fix[]; refusal?: string } {
  const edit = withoutSudo(sudo);
  if (!edit) return { refusal: "sudo's options change who runs the command or how: take it apart by hand" };
  const stage = dockerfile.stages[instruction.stage];
  const user = stage && usersOf(dockerfile, stage).findLast((each) => isBefore(each.instruction, instruction));
  const inherited = stage && baseImageOf(dockerfile, stage);
  if (!user && inherited?.user === "other")
    return {
      refusal: `${inherited.name} does not run as root: put USER root above the RUN and its user back below it`,
    };
  if (!user || (user.name !== undefined && isRoot(user.name))) return { fixes: [unsafeFix("Remove sudo", edit)] };
  const all = sudos.map(withoutSudo);
  const others = programs.some(
    ({ name, nameWord, wrappers }) => name !== "sudo" && nameWord && !wrappers.includes("sudo"),
  );
  if (others || instruction.triggered || all.includes(undefined))
    return {
      refusal: `the RUN runs as ${user.name ?? "a user that a variable names"}, and only a part of it as root: split it and use USER`,
    };
  const keyword = keywordLike(dockerfile, "USER");
  return {
    fixes: [
      unsafeFix(
        "Run it as root with USER, without sudo",
        insertAbove(dockerfile, instruction, [`${keyword} root`]),
        ...all.flatMap((each) => each ?? []),
        insertBelow(dockerfile, instruction, [`${keyword} ${user.instruction.args.text}`]),
      ),
    ],
  };
}

const isBefore = (a: Instruction, b: Instruction): boolean => a.stage !== b.stage || a.index < b.index;

/** Drops the word and options that no longer matter; undefined where an option does. */
function withoutSudo({ nameWord, args, wrappers }: ShellCommand): Edit | undefined {
  const first = args.find(({ value }) => !MEANINGLESS.test(value));
  if (!nameWord || !first || first.value.startsWith("-")) return undefined;
  // sudo sets variables itself: `exec A=b c` would look for a program of that name.
  if (/^\w+=/.test(first.value) && wrappers.length > 0) return undefined;
  return remove({ start: nameWord.span.start, end: first.span.start });
}
