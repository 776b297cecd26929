import { type KnownBase, knownBase } from "../../model/dockerfile/bases.ts";
import { insertAbove, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellPipeline, type ShellScript } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { onSince, shellOptions } from "../../model/dockerfile/shell-options.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { indentAt } from "../../model/dockerfile/append-command.ts";
import { defineRule, type Fix, type Report, unsafeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

/** Programs that have nothing to fail at; `yes` is even meant to be cut off. */
const CANNOT_FAIL: ReadonlySet<string> = new Set(["echo", "printf", "yes", "true", ":"]);
/** Shells that know the option whatever the distribution. */
const WITH_OPTION: ReadonlySet<string> = new Set(["bash", "zsh", "ksh", "mksh", "ash"]);

export default defineRule({
  id: "pipefail",
  summary: "pipe in a RUN whose shell has no pipefail",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL4006", "kics:Shell Running A Pipe Without Pipefail Flag"],
  why: `
The exit status of \`curl … | tar x\` is that of \`tar\`. When the download fails and the last program is content with what it got,
the \`RUN\` succeeds and the image lacks a part. \`set -o pipefail\` makes the failure count. Pipes that begin with \`echo\`,
\`printf\` or \`yes\`, whose status is the condition of an \`if\`, or whose failure is waved through with \`|| true\` are shown in the profile \`all\` only. hadolint reports a \`RUN\` that switches
\`pipefail\` on by itself as well; that \`RUN\` is left alone.`,
  fixSafety: `
Unsafe: a pipe may fail on purpose (\`grep\` without a match, a program cut off by \`head\`), and a \`SHELL\` instruction changes the
shell of everything behind it, a CMD in shell form too: bash is not dash, its \`echo\` leaves backslashes alone. There is no
fix where it is not known that the image has a shell with the option: dash, Debian's \`/bin/sh\`, has none.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN curl -sSf https://example.org/app.tar | tar x\n",
      fixed:
        'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -sSf https://example.org/app.tar | tar x\n',
    },
    { good: "FROM alpine:3.22\nRUN set -o pipefail && curl -sSf https://example.org/app.tar | tar x\n" },
    { good: "FROM debian:13\nRUN echo 'deb https://example.org stable main' | tee /etc/apt/sources.list.d/x.list\n" },
  ],
  check({ dockerfile, report }) {
    // One SHELL serves every RUN behind it, so all of them offer the same edit: above the first one.
    const first = new Map<string, Instruction>();
    for (const instruction of allNamed(dockerfile, "RUN")) {
      for (const script of scriptsOf(dockerfile, instruction)) {
        const since = onSince(dockerfile, script, "pipefail");
        const pipes = script.pipelines.filter(
          (each) =>
            each.parts.length > 1 &&
            (since === undefined || each.span.start < since) &&
            !isSetInSubshell(dockerfile, script, each),
        );
        const pipe = pipes.find((each) => hidesFailure(dockerfile, script, each));
        if (!pipe) {
          if (pipes[0]) report(pipes[0].firstPipe, HARMLESS);
          continue;
        }
        const reach = `${instruction.stage} ${shellAt(dockerfile, instruction).set?.span.start}`;
        if (!hasOwnInterpreter(dockerfile, script) && !first.has(reach)) first.set(reach, instruction);
        report(pipe.firstPipe, {
          message: `The RUN goes on when ${failing(pipe)} fails: without pipefail only the last command of a pipe counts`,
          ...remedy(dockerfile, script, first.get(reach)),
        });
      }
    }
  },
});

const HARMLESS: Report = {
  message: "Without pipefail only the last command of this pipe counts, which seems to be meant here",
  severity: "hint",
  profile: "all",
  refusal: "pipefail could stop the RUN where a program is cut off on purpose",
};

/** A script with its own interpreter does not see the SHELL instruction. */
const hasOwnInterpreter = (dockerfile: Dockerfile, { heredoc, instruction, shell }: ShellScript): boolean =>
  heredoc !== undefined && shell !== shellAt(dockerfile, instruction).name;

function hidesFailure({ text }: Dockerfile, script: ShellScript, { names, unjudged, span }: ShellPipeline): boolean {
  if (unjudged || names.slice(0, -1).every((name) => name !== undefined && CANNOT_FAIL.has(name))) return false;
  const after = script.commands.find((command) => command.span.start >= span.end);
  const waved = after?.joinedBy === "||" && (after.name === "true" || after.name === ":");
  return !(waved && /^\s*\|\|\s*$/.test(text.slice(span.end, after.span.start).replace(/[\\`]\r?\n/g, "")));
}

/** `( set -o pipefail; a | b )`: the parenthesis that the option is set in is still open at the pipe. */
const isSetInSubshell = ({ text }: Dockerfile, { commands }: ShellScript, { span }: ShellPipeline): boolean =>
  commands.some(
    ({ name, args, isolated, conditional, span: set }) =>
      name === "set" &&
      isolated &&
      !conditional &&
      set.end <= span.start &&
      shellOptions(args.map(({ value }) => value)).has("pipefail") &&
      !text.slice(set.end, span.start).includes(")"),
  );

const failing = ({ names }: ShellPipeline): string =>
  names.slice(0, -1).find((name) => name !== undefined && !CANNOT_FAIL.has(name)) ?? "its first command";

function remedy(
  dockerfile: Dockerfile,
  script: ShellScript,
  first: Instruction | undefined,
): { fixes?: readonly Fix[]; refusal?: string } {
  const { instruction } = script;
  const base = baseOf(dockerfile, instruction);
  const knows = WITH_OPTION.has(script.shell) || (script.shell === "sh" && shIsBashOrAsh(base));
  const fixes = [
    ...(first && !hasOwnInterpreter(dockerfile, script) ? shellFixes(dockerfile, first, base) : []),
    ...(knows ? [setFix(dockerfile, script)] : []),
  ];
  if (fixes.length > 0) return { fixes };
  return {
    refusal: base
      ? `${base.name} has no shell that is known to have pipefail: install bash first`
      : "it is not known which shells the image has: pipefail needs bash, zsh or busybox",
  };
}

function baseOf(dockerfile: Dockerfile, instruction: Instruction): KnownBase | undefined {
  const stage = dockerfile.stages[instruction.stage];
  const base = stage && rootBase(dockerfile, stage);
  return base?.kind === "image" ? knownBase(base.reference) : undefined;
}

/** Alpine's sh is busybox, that of the Red Hat and SUSE families is bash. */
const shIsBashOrAsh = (base: KnownBase | undefined): boolean =>
  base !== undefined && base.hasShell && ["alpine", "redhat", "minimal-rpm", "suse"].includes(base.family);

function shellFixes(dockerfile: Dockerfile, instruction: Instruction, base: KnownBase | undefined): readonly Fix[] {
  const { set, words, name } = shellAt(dockerfile, instruction);
  const last = words.at(-1);
  if (set && set.stage === instruction.stage && WITH_OPTION.has(name) && last && /^-[a-z]*c$/.test(last.text))
    return [unsafeFix("Add -o pipefail to SHELL", insert(last.span.start, '"-o", "pipefail", '))];
  const program = set ? (WITH_OPTION.has(name) ? words[0]?.text : undefined) : shellOf(base);
  if (program === undefined) return [];
  const line = `${keywordLike(dockerfile, "SHELL")} ["${program}", "-o", "pipefail", "-c"]`;
  const outer = dockerfile.instructions[instruction.index] ?? instruction;
  return [unsafeFix(`Put SHELL with ${program} and pipefail before the RUN`, insertAbove(dockerfile, outer, [line]))];
}

function shellOf(base: KnownBase | undefined): string | undefined {
  if (base?.family === "alpine" && base.hasShell) return "/bin/ash";
  return base?.hasBash ? "/bin/bash" : undefined;
}

function setFix({ text, eol }: Dockerfile, { heredoc, span, shell }: ShellScript): Fix {
  const title = `Switch pipefail on in this RUN (${shell} has it)`;
  if (!heredoc) return unsafeFix(title, insert(span.start, "set -o pipefail && "));
  const shebang = /^[ \t]*#![^\n]*\n/.exec(text.slice(heredoc.body.start, heredoc.body.end));
  const at = heredoc.body.start + (shebang?.[0].length ?? 0);
  return unsafeFix(title, insert(at, `${indentAt(text, at)}set -o pipefail${eol}`));
}
