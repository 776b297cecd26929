import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type Program, programsWithin } from "../../model/dockerfile/programs.ts";
import { removeInstruction } from "../../model/dockerfile/removal.ts";
import { scriptsOf, type ShellCommand, type ShellScript } from "../../model/dockerfile/shell.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { type IndexStep, indexSteps, isIndexNeeded, laterIndexUse } from "../package-index.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "update-alone",
  summary: "The package index updated in a RUN of its own",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [
    "trivy:DS-0017",
    "kics:Update Instruction Alone",
    "checkov:CKV_DOCKER_5",
    "dockerfilelint:apt-get-update_require_install",
    "dockle:CIS-DI-0007",
  ],
  why: `
The builder caches \`RUN apt-get update\` by its text, and the text never changes. Weeks later somebody adds a package to the next
\`RUN\`: that one runs anew, with the index of weeks ago, which names versions the mirrors have deleted since. The build fails with
\`404 Not Found\`, on that machine only. Update and install in one \`RUN\`, and the index is as old as the install. \`dnf\` and \`zypper\`
fetch a new index by themselves when theirs is too old; there a RUN of its own is a layer for nothing.

What upgrades everything (\`yum update\`, \`zypper up\`, \`pacman -Syu\`) in a RUN of its own is cached just the same and counts for
Trivy and KICS; here it is shown in the strict profile. A \`RUN\` that also runs a script or a program nobody knows is left alone: it
may well install. So is \`apk add --update\`, which is both in one.`,
  fixSafety: `
Unsafe: it changes which layers there are, and the joined commands run in one shell. Offered when the next instruction of the
stage is a \`RUN\` with the same flags that installs, and both are lists of commands.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n",
      fixed: "FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y curl\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n" },
    { good: "FROM debian:13\nCOPY setup.sh /tmp/\nRUN apt-get update && /tmp/setup.sh\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const steps = indexSteps(dockerfile, instruction);
      const update = steps.find(({ kind }) => kind === "update" || kind === "upgrade");
      if (!update || steps.some(({ kind }) => kind === "use")) continue;
      const isIndexAlone = steps.every(({ kind }) => kind === "update");
      if (
        !isIndexAlone &&
        steps.some((step) => step.kind === "update") &&
        steps.some((step) => step.kind === "upgrade")
      )
        continue;
      if (programsWithin(dockerfile, instruction).some((program) => !isKnown(program, steps))) continue;
      report(update.span, {
        message: `${update.text} in a RUN of its own ${consequence(dockerfile, instruction, update)}`,
        ...(update.kind === "upgrade" && { profile: "strict" as const, severity: "info" as const }),
        ...remedy(dockerfile, instruction, update),
      });
    }
  },
});

/** dnf and zypper fetch a new index when theirs is too old; the others install by the one they have. */
function consequence(dockerfile: Dockerfile, instruction: Instruction, { kind, system, text }: IndexStep): string {
  if (kind === "upgrade") return "is cached: later builds go on with what it brought the first time";
  if (!isIndexNeeded(dockerfile, instruction, system))
    return "only leaves the index in a layer: no install here goes by it";
  if (system !== "rpm" && system !== "zypper") return "is cached: later installs go by an index that grows old";
  return `only leaves the index in a layer: ${text.split(" ")[0]} fetches it when it installs`;
}

/** Programs that install nothing from the index. */
const HARMLESS: ReadonlySet<string> = new Set(
  `set cd echo printf true false : export unset umask test [ [[ rm mkdir touch chmod chown cp mv ln ls cat tee sed grep awk cut tr head
  tail sort find date sleep sync id whoami pwd uname apt-get apt aptitude apt-cache apt-config apt-key apt-mark add-apt-repository
  apt-add-repository dpkg dpkg-query apk yum dnf dnf5 microdnf tdnf zypper yum-config-manager rpm rpmkeys pacman pacman-key
  reflector curl wget gpg gpgconf gpg2 update-ca-certificates locale-gen localedef sudo env exec time xargs
  useradd groupadd adduser addgroup lsb_release dirname basename mktemp`.split(/\s+/),
);

const isKnown = ({ command }: Program, steps: readonly IndexStep[]): boolean =>
  steps.some((step) => step.command === command) ||
  (command.name === undefined ? command.nameWord === undefined : HARMLESS.has(command.name)) ||
  isShellWithScript(command);

/** `sh -c "…"`: what it runs stands among the programs as well. */
const isShellWithScript = ({ name, args }: ShellCommand): boolean =>
  name !== undefined &&
  /^(?:ba|da|a)?sh$/.test(name) &&
  args.some(({ value, literal }) => literal && /^-\w*c$/.test(value));

function remedy(dockerfile: Dockerfile, instruction: Instruction, update: IndexStep): Partial<Report> {
  if (instruction.triggered) return {};
  const isIndex = update.kind === "update";
  const next = dockerfile.instructions[instruction.index + 1];
  const later = laterIndexUse(dockerfile, instruction, update.system);
  if (isIndex && !isIndexNeeded(dockerfile, instruction, update.system)) {
    const reason = later ? "what installs later updates by itself" : "nothing in this file installs by this index";
    const isAll = programsWithin(dockerfile, instruction).every(({ command }) => command === update.command);
    if (isAll) return { fixes: [unsafeFix(`Remove the RUN: ${reason}`, removeInstruction(dockerfile, instruction))] };
    return { refusal: reason };
  }
  if (!later) return {};
  if (later !== next) return { refusal: "the RUN that installs does not follow directly: join the two by hand" };
  return (
    joined(dockerfile, instruction, later) ?? { refusal: "the two RUNs cannot be joined without changing what they do" }
  );
}

/** What an earlier command leaves to the later ones in the same shell. */
const STATEFUL: ReadonlySet<string> = new Set([
  "set",
  "cd",
  "export",
  "unset",
  "umask",
  "exec",
  "exit",
  "trap",
  "source",
  ".",
]);

function joined(dockerfile: Dockerfile, first: Instruction, second: Instruction): Partial<Report> | undefined {
  const { text, eol, escape } = dockerfile;
  const [a, ...moreA] = scriptsOf(dockerfile, first);
  const [b, ...moreB] = scriptsOf(dockerfile, second);
  if (!a || !b || moreA.length > 0 || moreB.length > 0 || !isList(a) || !isList(b)) return undefined;
  if (second.heredocs.length > 0 || flagsOf(dockerfile, first) !== flagsOf(dockerfile, second)) return undefined;
  if (
    a.commands.some(
      ({ name, nameWord }) => nameWord === undefined || name === undefined || STATEFUL.has(name) || name === "rm",
    )
  )
    return undefined;
  if (b.commands.some(({ joinedBy }) => joinedBy === "||" || joinedBy === ";")) return undefined;
  const end = a.statements.at(-1)?.end;
  const start = b.statements[0]?.start;
  if (end === undefined || start === undefined || !/^[ \t]*$/.test(text.slice(end, first.span.end))) return undefined;
  const between = text.slice(first.span.end, second.span.start);
  const lines = between.split("\n").filter((line) => /^[ \t]*#/.test(line));
  const comments = lines.map((line) => line.replace(/\r$/, "") + eol).join("");
  return {
    fixes: [
      unsafeFix(
        "Join it with the RUN that installs",
        replace({ start: end, end: start }, ` ${escape}${eol}${comments}${indentOf(dockerfile, first, second)}&& `),
      ),
    ],
  };
}

const isList = ({ broken, heredoc, instruction, text }: ShellScript): boolean =>
  !broken && !heredoc && instruction.heredocs.length === 0 && !/&\s*$/.test(text);

const flagsOf = ({ text }: Dockerfile, { flags }: Instruction): string =>
  flags.map(({ span }) => text.slice(span.start, span.end)).join(" ");

/** That of the lines they have already. */
function indentOf({ text }: Dockerfile, ...runs: readonly Instruction[]): string {
  for (const { head } of runs) {
    const found = /\n([ \t]+)\S/.exec(text.slice(head.start, head.end));
    if (found) return found[1] ?? "";
  }
  return "    ";
}
