/** A RUN in the parts that stand behind each other in its outermost list: `a && b; c | d` has three. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf, type ShellCommand, type ShellScript } from "../../model/dockerfile/shell.ts";
import type { Span } from "../../text/edit.ts";

export interface RunPart {
  /** Without what joins it to the others. */
  readonly span: Span;
  /** From the end of the part before: what joins them, and comments in between. */
  readonly lead: Span;
  /** Those inside its constructs included. */
  readonly commands: readonly ShellCommand[];
}

/** One part where it cannot be cut: other forms, conditions, `||`, heredocs. */
export function runParts(dockerfile: Dockerfile, run: Instruction): readonly RunPart[] {
  const scripts = scriptsOf(dockerfile, run);
  const [script] = scripts;
  const whole: RunPart = {
    span: run.args.span,
    lead: { start: run.args.span.start, end: run.args.span.start },
    commands: scripts.flatMap(({ commands }) => commands),
  };
  if (!script || scripts.length > 1 || script.broken || run.heredocs.length > 0) return [whole];
  const cuts = script.statements.map((statement) => cutsIn(dockerfile, run, script, statement));
  const spans = cuts.flat();
  return spans.map((span, at) => ({
    span,
    lead: { start: spans[at - 1]?.end ?? span.start, end: span.start },
    commands: script.commands.filter((command) => span.start <= command.span.start && command.span.end <= span.end),
  }));
}

/** The pieces between each `&&` of a statement that stands in no construct. */
function cutsIn({ text }: Dockerfile, run: Instruction, script: ShellScript, statement: Span): readonly Span[] {
  const own = script.commands.filter(({ span }) => statement.start <= span.start && span.end <= statement.end);
  if (own.some(({ conditional, joinedBy }) => conditional || joinedBy === "||")) return [statement];
  // Words of commands are quoted text and arguments: what joins commands stands between them.
  const between = (at: number): boolean =>
    !own.some(({ span }) => span.start <= at && at < span.end) &&
    !run.comments.some(({ span }) => span.start <= at && at < span.end);
  const pieces: Span[] = [];
  let depth = 0;
  let { start } = statement;
  for (let at = statement.start; at < statement.end; at++) {
    if (!between(at)) continue;
    const letter = text[at];
    if (letter === "(" || letter === "{") depth++;
    else if (letter === ")" || letter === "}") depth--;
    else if (letter === "&" && text[at + 1] === "&") {
      if (depth === 0) {
        pieces.push({ start, end: at });
        start = at + 2;
      }
      at++;
    }
  }
  pieces.push({ start, end: statement.end });
  const inner = pieces.map((piece) => trimmed(text, run, own, piece));
  return inner.every((piece) => piece !== undefined) ? inner : [statement];
}

/** Without blanks, continuations and comments around it; undefined when nothing is left. */
function trimmed(text: string, run: Instruction, own: readonly ShellCommand[], { start, end }: Span): Span | undefined {
  const skipped = (at: number): boolean =>
    run.comments.some(({ span }) => span.start <= at && at < span.end) ||
    (!own.some(({ span }) => span.start <= at && at < span.end) &&
      (/\s/.test(text[at] ?? "") || /^[\\`][ \t]*\r?\n/.test(text.slice(at, at + 80))));
  let from = start;
  let to = end;
  while (from < to && skipped(from)) from++;
  while (to > from && skipped(to - 1)) to--;
  return from < to ? { start: from, end: to } : undefined;
}

/** Programs that change the shell for what comes behind them. */
const STATE: ReadonlySet<string> = new Set([
  "cd",
  "export",
  "set",
  "umask",
  "source",
  ".",
  "shopt",
  "alias",
  "pushd",
  "popd",
  "unset",
  "ulimit",
]);

/** It only sets the shell up: it goes with what stands behind it. */
export const setsShellUp = ({ commands }: RunPart): boolean =>
  commands.length > 0 &&
  commands.every(
    ({ name, nameWord, isolated }) => !isolated && (nameWord === undefined || (name !== undefined && STATE.has(name))),
  );
