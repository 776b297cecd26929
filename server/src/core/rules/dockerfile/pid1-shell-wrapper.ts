import { familyUnder, lastOf } from "../../model/dockerfile/facts.ts";
import { logicalText } from "../../model/dockerfile/logical.ts";
import type { Dockerfile, Instruction, Logical, Stage, Word } from "../../model/dockerfile/model.ts";
import { asRun } from "../../model/dockerfile/programs.ts";
import {
  interpreterOf,
  isPosixShell,
  scriptsOf,
  type ShellCommand,
  type ShellScript,
  withLineFeeds,
} from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { finalStage, lineageInstructions } from "../../model/dockerfile/stages.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import { type Context, defineRule, known, type Report, unsafeFix } from "../../rule.ts";
import { contains, insert } from "../../text/edit.ts";

export default defineRule({
  id: "pid1-shell-wrapper",
  summary: "a shell stays in front of the program and keeps the signals",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
\`docker stop\` sends SIGTERM to the first process. A shell that waits for its program does not pass it on: the program never gets to shut
down, and is killed ten seconds later. \`exec\` in front of the last command puts the program in the shell's place. Some shells do so by
themselves at the end of \`-c\`, and the rule says nothing then: busybox (Alpine), and bash for a single command without redirections.
dash, the \`sh\` of Debian and Ubuntu, never does; where the base image does not tell which \`sh\` it has, only the stricter profile reports. At the
end of a script file no \`sh\` does: scripts that are copied from the build context, or written with a heredoc, are read for that.
Silent where the script has an \`exec\`, a \`trap\`, \`wait\` or a background job, or begins with dumb-init or \`tini -g\`. A plain shell form
is \`exec-form\`; here it counts below a \`SHELL\` instruction.`,
  fixSafety: `
Unsafe: the program is process 1 then, gets signals itself and is the one to collect orphaned processes, for which not every program
is made.`,
  examples: [
    {
      bad: 'FROM node:22-slim\nCMD ["sh", "-c", "npm run migrate && node server.js"]\n',
      fixed: 'FROM node:22-slim\nCMD ["sh", "-c", "npm run migrate && exec node server.js"]\n',
    },
    {
      bad: 'FROM python:3.13-slim\nCOPY entrypoint.sh /\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["gunicorn", "app:app"]\n',
      answers: { "read:entrypoint.sh": '#!/bin/sh\npython manage.py migrate\n"$@"\n' },
    },
    { good: 'FROM node:22-slim\nCMD ["sh", "-c", "npm run migrate && exec node server.js"]\n' },
    { good: 'FROM node:22-alpine\nCMD ["sh", "-c", "npm run migrate && node server.js"]\n' },
  ],
  check(context) {
    const { dockerfile } = context;
    const stage = finalStage(dockerfile);
    const entrypoint = stage && lastOf(dockerfile, stage, "ENTRYPOINT");
    const cmd = stage && lastOf(dockerfile, stage, "CMD");
    if (entrypoint) judgeStart(context, stage, entrypoint);
    // Behind a shell's own script, and below a later ENTRYPOINT, nothing starts what CMD says.
    const started = entrypoint ? entrypoint.json && !startsShell(entrypoint.json.elements) : true;
    if (cmd && started && cmd.stage >= (entrypoint?.stage ?? 0)) judgeStart(context, stage, cmd);
  },
});

function judgeStart(context: Context, stage: Stage, instruction: Instruction): void {
  if (instruction.json) judgeExec(context, stage, instruction, instruction.json.elements);
  else judgeShellForm(context, stage, instruction);
}

type Shell = "dash" | "bash" | "busybox" | "unknown";

const programName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const startsShell = ([first]: readonly Word[]): boolean => first !== undefined && isPosixShell(programName(first.text));

/** Inits that only pass signals on to the process they start. */
const INITS: ReadonlySet<string> = new Set(["tini", "tini-static", "catatonit", "docker-init"]);

function judgeExec(context: Context, stage: Stage, instruction: Instruction, elements: readonly Word[]): void {
  const argv = behindInit(elements);
  const [program, ...args] = argv ?? [];
  if (!program) return;
  const name = programName(program.text);
  if (!isPosixShell(name)) {
    judgeFile(context, stage, program);
    return;
  }
  const option = args.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  if (option === -1) {
    const file = args.find(({ text }) => !/^[-+]/.test(text));
    if (file) judgeFile(context, stage, file);
    return;
  }
  const script = args[option + 1];
  if (!script || args.slice(0, option).some(({ text }) => !/^-[a-z]+$/.test(text))) return;
  const logical = jsonLogical(instruction.body, script);
  const found =
    logical &&
    judge(
      context.dockerfile,
      scriptOf(context.dockerfile, instruction, logical),
      shellOf(context.dockerfile, stage, name),
    );
  if (found) context.report(script.span, found);
}

/** Without tini and its options; undefined behind one that signals the whole process group. */
function behindInit(elements: readonly Word[]): readonly Word[] | undefined {
  const [first] = elements;
  const name = programName(first?.text ?? "");
  if (name === "dumb-init") return undefined;
  if (!INITS.has(name)) return elements;
  const at = elements.findIndex(({ text }, index) => index > 0 && !text.startsWith("-"));
  const options = at === -1 ? elements.slice(1) : elements.slice(1, at);
  return at === -1 || options.some(({ text }) => /^-[a-z]*g/.test(text)) ? undefined : elements.slice(at);
}

function judgeShellForm({ dockerfile, report }: Context, stage: Stage, instruction: Instruction): void {
  const shell = shellAt(dockerfile, instruction);
  const [script] = scriptsOf(dockerfile, instruction);
  if (!shell.set || !script || !shell.words.some(({ text }) => /^-[a-z]*c$/.test(text))) return;
  const found = judge(dockerfile, script, shellOf(dockerfile, stage, shell.name));
  if (found) report(instruction.args.span, found);
}

/** Which program `sh` is. */
function shellOf(dockerfile: Dockerfile, stage: Stage, name: string): Shell {
  if (name === "dash" || name === "bash") return name;
  if (name === "ash") return "busybox";
  if (name !== "sh") return "unknown";
  switch (familyUnder(dockerfile, stage)) {
    case "debian":
      return "dash";
    case "alpine":
      return "busybox";
    case "redhat":
    case "minimal-rpm":
    case "suse":
      return "bash";
    default:
      return "unknown";
  }
}

/** Carried out by the shell, or over at once: nobody sends those a signal. */
const NO_SERVICES: ReadonlySet<string> = new Set(
  ". : [ cd echo eval exit export false printf pwd read readonly return set shift source test true type ulimit umask unset wait cat date env hostname id ls uname whoami which".split(
    " ",
  ),
);

/** Whoever writes these has thought of signals, or hides what happens. */
const TAKES_CARE: ReadonlySet<string> = new Set(["exec", "trap", "wait", ".", "source", "eval"]);

interface Tail {
  readonly command: ShellCommand;
  readonly how: "last" | "redirected" | "piped";
}

/** The command a script ends in, where that is a program of its own; `source` is the text its spans are of. */
function tailOfScript(source: string, script: ShellScript): Tail | undefined {
  const statement = script.statements.at(-1);
  if (!statement || script.broken || /(?:^|[^&>|])&(?:[^&>]|$)/.test(script.text)) return undefined;
  if (script.commands.some(({ name }) => name !== undefined && TAKES_CARE.has(name))) return undefined;
  const own = script.commands.filter(({ span, wrappers }) => contains(statement, span) && wrappers.length === 0);
  if (own.some(({ joinedBy, conditional, asked }) => joinedBy === "||" || conditional || asked)) return undefined;
  const pipeline = script.pipelines.find(({ span }) => contains(statement, span) && span.end === statement.end);
  const command = pipeline
    ? own.find(({ span }) => span.start >= pipeline.span.start)
    : own.findLast(({ span, isolated }) => !isolated && span.end === statement.end);
  if (!command?.nameWord || (command.name !== undefined && NO_SERVICES.has(command.name))) return undefined;
  if (command.name === undefined && !/^"?\$\{?[@*]/.test(command.nameWord.text)) return undefined;
  const written = source.slice(command.span.start, statement.end);
  const redirected = /[<>]/.test(written.replace(/'[^']*'|\\?"(?:[^"\\]|\\[^"])*\\?"/g, ""));
  return {
    command,
    how: pipeline ? "piped" : redirected ? "redirected" : "last",
  };
}

function judge(dockerfile: Dockerfile, script: ShellScript | undefined, shell: Shell): Report | undefined {
  const tail = script && tailOfScript(dockerfile.text, script);
  if (!tail) return undefined;
  const program = tail.command.nameWord?.value ?? "";
  if (tail.how === "piped")
    return {
      message: `${program} runs behind a pipe, and the shell in front of it does not pass signals on`,
      refusal: "a pipe needs the shell: let the program write to standard output",
    };
  const stays = shell === "dash" || (shell === "bash" && tail.how === "redirected");
  if (!stays && shell !== "unknown") return undefined;
  return {
    message: `${stays ? "The shell stays" : "The shell may stay"} in front of ${program} and does not pass signals on: exec is missing`,
    ...(!stays && { profile: "strict", severity: "info" }),
    ...execFix(tail.command),
  };
}

const execFix = ({ nameWord }: ShellCommand): Pick<Report, "fixes"> =>
  nameWord ? { fixes: [unsafeFix("Put exec in front of the last command", insert(nameWord.span.start, "exec "))] } : {};

/** A script that the build puts where the image starts it: at its end every shell waits for the program. */
function judgeFile({ dockerfile, lookup, report }: Context, stage: Stage, word: Word): void {
  const path = word.text;
  const name = programName(path);
  const copy = lineageInstructions(dockerfile, stage).findLast(
    (each) => (each.name === "COPY" || each.name === "ADD") && brings(each, path),
  );
  if (!copy || name === "") return;
  const heredoc = copy.heredocs[0];
  if (heredoc) {
    const logical = withLineFeeds(dockerfile, heredoc.body);
    // What BuildKit expands in there is not what stands there.
    const hidden = heredoc.expand && logical.text.includes("$");
    const tail = hidden ? undefined : fileTail(dockerfile, copy, logical, dockerfile.text);
    if (tail) report(word.span, { ...fileReport(name, tail), ...execFix(tail.command) });
    return;
  }
  const source =
    copy.words.slice(0, -1).find(({ text }) => programName(text) === name)?.text ?? copy.words[0]?.text ?? "";
  if (copy.flags.some((flag) => flag.name === "--from") || hasVariable(source) || /[*?[]|^https?:|\/$/.test(source))
    return;
  const text = known(lookup({ ask: "read", path: source.replace(/^\.?\//, "") }));
  const logical =
    text === undefined ? undefined : logicalText(text.replaceAll("\r\n", "\n"), [{ logical: 0, source: 0 }]);
  const tail = logical && fileTail(dockerfile, copy, logical, logical.text);
  if (tail) report(word.span, { ...fileReport(name, tail), refusal: "exec belongs in that file" });
}

/** Whether a COPY makes the file: it names it as source or destination. */
function brings({ words, heredocs, json }: Instruction, path: string): boolean {
  const name = programName(path);
  const destination = words.at(-1)?.text ?? "";
  if (json && heredocs.length > 0) return false;
  if (heredocs.length > 0)
    return (
      heredocs.length === 1 && (destination === path || (!path.includes("/") && programName(destination) === name))
    );
  const sources = words.slice(0, -1);
  if (sources.some(({ text }) => programName(text) === name))
    return (
      destination.endsWith("/") ||
      destination === "." ||
      programName(destination) === name ||
      !/\.\w+$/.test(destination)
    );
  return sources.length === 1 && programName(destination) === name && destination.includes("/");
}

function fileTail(dockerfile: Dockerfile, copy: Instruction, logical: Logical, source: string): Tail | undefined {
  const shell = interpreterOf(logical.text, "sh");
  // The Korn shells end in their last command, in files as well.
  if (!isPosixShell(shell) || shell.endsWith("ksh")) return undefined;
  const script = scriptOf(dockerfile, copy, logical);
  const tail = script && tailOfScript(source, script);
  return tail?.how === "piped" ? undefined : tail;
}

function fileReport(name: string, { command }: Tail): Pick<Report, "message"> {
  const program = command.name ?? '"$@"';
  return { message: `${name} ends in ${program} without exec: its shell stays in front and does not pass signals on` };
}

/** The text as the script of a RUN of its own. */
const scriptOf = (dockerfile: Dockerfile, instruction: Instruction, body: Logical): ShellScript | undefined =>
  scriptsOf(dockerfile, asRun(instruction, body))[0];

/** The decoded text of a JSON string, with the way back to its characters. */
function jsonLogical(body: Logical, element: Word): Logical | undefined {
  let start = 0;
  for (let high = body.text.length; start < high; ) {
    const middle = (start + high) >> 1;
    if (body.sourceAt(middle) < element.span.start) start = middle + 1;
    else high = middle;
  }
  if (body.text.charAt(start) !== '"') return undefined;
  /** Where each decoded character stands. */
  const places: number[] = [];
  let at = start + 1;
  while (places.length < element.text.length) {
    places.push(at);
    at += body.text.charAt(at) === "\\" ? (body.text.charAt(at + 1) === "u" ? 6 : 2) : 1;
  }
  places.push(at);
  const sourceAt = (offset: number): number => body.sourceAt(places[Math.min(offset, places.length - 1)] ?? at);
  return {
    text: element.text,
    sourceAt,
    span: (from, to) => ({
      start: sourceAt(from),
      end: to > from ? body.span(places[from] ?? at, places[to] ?? at).end : sourceAt(from),
    }),
  };
}
