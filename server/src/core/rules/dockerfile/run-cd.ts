import { resolvePath, workdirAt } from "../../model/dockerfile/before.ts";
import { insertAbove, insertBelow, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isWithin, mountsOf } from "../../model/dockerfile/mounts.ts";
import { scriptsOf, type ShellCommand, type ShellScript } from "../../model/dockerfile/shell.ts";
import { defineRule, type Fix, type Report, safeFix, unsafeFix } from "../../rule.ts";
import { remove, replace, type Span } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

/** What may stand in front of the cd without making it depend on the RUN's own work. */
const BEFORE: ReadonlySet<string> = new Set(["set", "export", "umask", "echo", ":"]);

export default defineRule({
  id: "run-cd",
  summary: "cd in a RUN where WORKDIR would do",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL3003", "trivy:DS-0013", "kics:RUN Instruction Using 'cd' Instead of WORKDIR"],
  why: `
A \`cd\` ends with its \`RUN\`: the next instruction starts in \`WORKDIR\` again. At the beginning of a \`RUN\`, \`WORKDIR\` says the same
where everybody looks for it, and at the end a \`cd\` does nothing at all. A \`cd\` into something the \`RUN\` itself has just
unpacked, inside \`( … )\`, in a condition or into a mount is no slip, \`WORKDIR\` could not replace it: it is shown in the profile \`all\` only,
where hadolint reports every \`cd\`.`,
  fixSafety: `
Unsafe: \`WORKDIR\` creates a folder that is missing, where \`cd\` would have failed. The folder of before is put back behind the
\`RUN\`, and where that is not known there is no fix.`,
  examples: [
    {
      bad: "FROM debian:13\nWORKDIR /src\nRUN cd /app && make install\n",
      fixed: "FROM debian:13\nWORKDIR /src\nWORKDIR /app\nRUN make install\nWORKDIR /src\n",
    },
    {
      bad: "FROM debian:13\nRUN cd /app\nRUN make install\n",
      fixed: "FROM debian:13\nWORKDIR /app\nRUN make install\n",
    },
    { good: "FROM debian:13\nRUN tar xf app.tar && cd app && make install\n" },
    { good: "FROM debian:13\nRUN (cd /app && make install) && rm -rf /app\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      for (const script of scriptsOf(dockerfile, instruction)) {
        const last = script.commands.at(-1);
        if (last?.name === "cd" && isPlain(last)) {
          report(last.span, {
            message: "This cd has no effect: the next instruction starts in WORKDIR again",
            ...withoutEffect(dockerfile, script, last),
          });
        }
        const leading = leadingCd(script);
        const atStart =
          leading && leading !== last && !goesToMount(dockerfile, instruction, leading) ? leading : undefined;
        const between = script.commands.find((each) => each.name === "cd" && each !== last && each !== atStart);
        if (between) report(between.span, IN_BETWEEN);
        if (!atStart) continue;
        report(atStart.span, {
          message: `This RUN begins with cd${pathOf(atStart)}: WORKDIR says it for everybody to see`,
          ...asWorkdir(dockerfile, script, atStart),
        });
      }
    }
  },
});

const IN_BETWEEN: Report = {
  message: "This cd ends with the RUN, and no WORKDIR tells which folder it goes to",
  severity: "hint",
  profile: "all",
  refusal: "WORKDIR could not replace it: it depends on what the RUN does around it",
};

const pathOf = ({ args }: ShellCommand): string => args.map(({ text }) => ` ${text}`).join("");

const isPlain = ({ isolated, conditional, joinedBy, wrappers }: ShellCommand): boolean =>
  !isolated && !conditional && joinedBy !== "||" && wrappers.length === 0;

function leadingCd({ commands }: ShellScript): ShellCommand | undefined {
  const made: string[] = [];
  for (const command of commands) {
    const { name, args } = command;
    if (name === "cd") return isPlain(command) ? command : undefined;
    if (name === "mkdir") made.push(...args.map(({ value }) => value));
    else if (name === undefined || !BEFORE.has(name)) return undefined;
  }
  return undefined;
}

function goesToMount(dockerfile: Dockerfile, instruction: Instruction, { args }: ShellCommand): boolean {
  const path = resolvePath(workdirAt(dockerfile, instruction), args[0]?.value ?? "");
  return (
    path !== undefined &&
    mountsOf(dockerfile, instruction).some(({ target }) => target !== undefined && isWithin(path, target))
  );
}

type Remedy = { readonly fixes: readonly Fix[] } | { readonly refusal: string };

/** The folder of a cd that WORKDIR can name as well. */
function folderOf({ args }: ShellCommand): string | undefined {
  const [path] = args;
  return args.length === 1 && path?.literal && /^[\w./+@%:-]+$/.test(path.value) && !path.value.startsWith("-")
    ? path.value
    : undefined;
}

const NOT_KNOWN: Remedy = { refusal: "where this cd goes is decided in the shell" };

function withoutEffect(dockerfile: Dockerfile, script: ShellScript, cd: ShellCommand): Remedy {
  const { instruction, commands } = script;
  const previous = commands.at(-2);
  if (!previous) {
    const folder = folderOf(cd);
    if (folder === undefined || instruction.flags.length > 0 || script.heredoc) return NOT_KNOWN;
    const whole = { start: instruction.keyword.span.start, end: instruction.args.span.end };
    return {
      fixes: [
        unsafeFix(
          `Replace it with WORKDIR ${folder}`,
          replace(whole, `${keywordLike(dockerfile, "WORKDIR")} ${folder}`),
        ),
      ],
    };
  }
  const between = dockerfile.text.slice(previous.span.end, cd.span.start);
  if (!/^[\s\\`]*(?:&&|;|\n)[\s\\`]*$/.test(between))
    return { refusal: "it is not joined to the command before it in a plain way" };
  return { fixes: [unsafeFix("Remove the cd", remove({ start: previous.span.end, end: cd.span.end }))] };
}

function asWorkdir(dockerfile: Dockerfile, script: ShellScript, cd: ShellCommand): Remedy {
  const { instruction, commands } = script;
  const folder = folderOf(cd);
  if (folder === undefined) return NOT_KNOWN;
  if (commands.some(({ name, args }) => name === "cd" && args[0]?.value === "-"))
    return { refusal: "a cd - in the same RUN goes back to where this cd came from" };
  if (instruction.triggered)
    return { refusal: "an ONBUILD has one instruction: WORKDIR would need its own before and after it" };
  const former = workdirAt(dockerfile, instruction);
  const next = dockerfile.stages[instruction.stage]?.instructions.find(({ index }) => index > instruction.index);
  const replaced = next?.name === "WORKDIR" && next.args.text.startsWith("/");
  const path = resolvePath(former, folder);
  if (path === undefined || (former === undefined && !replaced))
    return { refusal: "the file does not say which WORKDIR to go back to after the RUN" };
  const gone = stretchOf(dockerfile, script, cd);
  if (!gone) return { refusal: "the cd is not joined to what follows in a plain way" };
  if (path === former) return { fixes: [safeFix("Remove the cd: the RUN starts there", remove(gone))] };
  const keyword = keywordLike(dockerfile, "WORKDIR");
  return {
    fixes: [
      unsafeFix(
        `Put WORKDIR ${path} before the RUN`,
        insertAbove(dockerfile, instruction, [`${keyword} ${path}`]),
        remove(gone),
        ...(replaced ? [] : [insertBelow(dockerfile, instruction, [`${keyword} ${former}`])]),
      ),
    ],
  };
}

/** From the cd, or the mkdir of its folder, up to the next command. */
function stretchOf({ text }: Dockerfile, { commands }: ShellScript, cd: ShellCommand): Span | undefined {
  const at = commands.indexOf(cd);
  const next = commands[at + 1];
  const before = commands[at - 1];
  if (!next || !isJoined(text.slice(cd.span.end, next.span.start))) return undefined;
  const makes =
    before?.name === "mkdir" &&
    before.args.every(({ value }) => value === "-p" || value === cd.args[0]?.value) &&
    isJoined(text.slice(before.span.end, cd.span.start));
  return { start: makes ? before.span.start : cd.span.start, end: next.span.start };
}

const isJoined = (between: string): boolean => /^[\s\\`]*(?:&&|;|\n)[\s\\`]*$/.test(between);
