/** What joins the commands of a RUN that stands on several lines, and where its steps begin. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isPosixShell, scriptsOf, type ShellScript } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { contains, type Span } from "../../text/edit.ts";

/** Between two commands. */
export interface Joint extends Span {
  readonly operator: string;
  /** The command behind it. */
  readonly command: Span;
  readonly broken: boolean;
  /** Behind a break: the operator begins the line. */
  readonly leads: boolean;
  /** Where the line behind it begins, blanks aside: the operator or the command. */
  readonly lineStart: number;
}

/** Joints of one kind that belong together. */
export interface Row {
  readonly joints: readonly Joint[];
  /** They join the whole script: no statement is beside them. */
  readonly whole: boolean;
}

/** Joints of the outermost commands. */
export function rowsOf(dockerfile: Dockerfile, instruction: Instruction): readonly Row[] {
  const script = brokenScript(dockerfile, instruction);
  if (!script) return [];
  return script.lists.flatMap(({ members }) => {
    const joints = members.slice(1).map((member, at) => {
      const before = members[at]?.span ?? member.span;
      return jointOf(dockerfile, before, member.span, member.joinedBy ?? "&&");
    });
    const pipes = members.flatMap(({ span }) => {
      const pipeline = script.pipelines.find((one) => contains(span, one.span) && one.span.end === span.end);
      return pipeline && (pipeline.span.start === span.start || dockerfile.text.charAt(span.start) === "!")
        ? [pipeline.parts.slice(1).map((part, at) => jointOf(dockerfile, pipeline.parts[at] ?? part, part, "|"))]
        : [];
    });
    const signs = ["&&", "||"].map((sign) => joints.filter(({ operator }) => operator === sign));
    const whole = script.lists.length === 1;
    return [...signs.map((row) => ({ joints: row, whole })), ...pipes.map((row) => ({ joints: row, whole: false }))];
  });
}

/** Where the steps of a RUN begin that have a line of their own: its statements, or, where it is one, what `&&` and `||` join. */
export function stepStarts(dockerfile: Dockerfile, instruction: Instruction): ReadonlySet<number> {
  const script = brokenScript(dockerfile, instruction);
  if (!script) return new Set();
  if (script.lists.length > 1) return new Set(script.lists.map(({ span }) => span.start));
  const joints = rowsOf(dockerfile, instruction).flatMap((row) => row.joints);
  return new Set(joints.flatMap(({ operator, broken, lineStart }) => (broken && operator !== "|" ? [lineStart] : [])));
}

/** The script of a RUN in a POSIX shell, where it stands on several lines and can be read. */
function brokenScript(dockerfile: Dockerfile, instruction: Instruction): ShellScript | undefined {
  if (instruction.name !== "RUN" || !isPosixShell(shellAt(dockerfile, instruction).name)) return undefined;
  const { head, body } = instruction;
  if (body.text === "" || !dockerfile.text.slice(body.sourceAt(0), head.end).includes("\n")) return undefined;
  const [script] = scriptsOf(dockerfile, instruction);
  return script && !script.broken && !script.heredoc ? script : undefined;
}

function jointOf({ text }: Dockerfile, before: Span, command: Span, operator: string): Joint {
  const span = { start: before.end, end: command.start };
  const between = text.slice(span.start, span.end);
  const broken = between.includes("\n");
  const leads = broken && between.slice(between.lastIndexOf("\n")).includes(operator);
  const lineStart = leads ? span.start + between.lastIndexOf(operator) : command.start;
  return { ...span, operator, command, broken, leads, lineStart };
}
