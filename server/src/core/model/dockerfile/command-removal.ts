/** Takes a call out of its RUN, the RUN with it when it is all there is, and leaves the others joined as they were. */
import { type Edit, remove } from "../../text/edit.ts";
import type { Dockerfile, Instruction, Logical } from "./model.ts";
import type { Program } from "./packages.ts";
import { removeInstruction } from "./removal.ts";

/** Words that want a command behind them, or before them. */
const OPENS = /(?:^|[\s;])(?:then|do|else|\{|\()$/;
const CLOSES = /^(?:fi|done|else|elif|esac|\}|\)|;;)(?![\w-])/;

/**
 * The edit for a command that always succeeds and that nothing else depends on; undefined where the list around it would not be
 * the same without it, or a comment between would be lost.
 */
export function removeCall(dockerfile: Dockerfile, { command, instruction }: Program): Edit | undefined {
  if (command.wrappers.length > 0) return undefined;
  const own = dockerfile.all.includes(instruction);
  if (instruction.json) return own ? removeInstruction(dockerfile, instruction) : undefined;
  const script = scriptAround(dockerfile, instruction, command.span.start);
  const start = offsetOf(script, command.span.start);
  const end = offsetOf(script, command.span.end);
  const before = script.text.slice(0, start).trimEnd();
  const after = script.text.slice(end);
  if (before === "" && after.trim() === "") return own ? removeInstruction(dockerfile, instruction) : undefined;
  const range = rangeOf(script, before, start, end, after);
  if (!range) return undefined;
  const span = script.span(range.start, range.end);
  const hasComment = instruction.comments.some(
    (comment) => comment.span.start >= span.start && comment.span.end <= span.end,
  );
  return hasComment ? undefined : remove(span);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function rangeOf(script: Logical, before: string, start: number, end: number, after: string): Range | undefined {
  const line = lineOf(script.text, before, start, end, after);
  if (line !== undefined) return line ?? undefined;
  const left = /(?:&&|\|\||;;|;|\||&)$/.exec(before)?.[0] ?? "";
  const operator = /^\s*(&&|\|\||;;|;|\||&)\s*/.exec(after);
  const right = operator?.[1] ?? "";
  if (left === "|" || right === "|" || right === "&" || left === "||") return undefined;
  const opens = left === "" && (before === "" || OPENS.test(before));
  const leading: Range = { start: before.slice(0, before.length - left.length).trimEnd().length, end };
  const trailing: Range = { start, end: end + (operator?.[0].length ?? 0) };
  if (right === "&&") {
    // `a \⏎ && this \⏎ && b`: the line goes with the operator in front of it.
    const ownLine = left === "&&" && isOnNextLine(script, leading.start, before.length - left.length);
    return ownLine ? leading : opens || left !== "" ? trailing : undefined;
  }
  if (left === "&&" || left === ";") return right === "||" && left === ";" ? undefined : leading;
  const follows = script.text.slice(trailing.end);
  return opens && right === ";" && follows.trim() !== "" && !CLOSES.test(follows) ? trailing : undefined;
}

/** The operator in front begins a line of its own. */
const isOnNextLine = (script: Logical, from: number, operator: number): boolean =>
  script.sourceAt(operator) - script.sourceAt(Math.max(0, from - 1)) > operator - from + 1;

/** A command that has a heredoc's line for itself; null where the line cannot go, undefined where it has none. */
function lineOf(text: string, before: string, start: number, end: number, after: string): Range | undefined | null {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[ \t]*;?[ \t]*(\r?\n|$)/.exec(after);
  if (!text.includes("\n") || text.slice(lineStart, start).trim() !== "" || !rest) return undefined;
  if (/(?:&&|\|\||\||\\)$/.test(before)) return null;
  const follows = text.slice(end + rest[0].length).trimStart();
  if (OPENS.test(before) && CLOSES.test(follows)) return null;
  return { start: lineStart, end: end + rest[0].length };
}

function scriptAround({ text }: Dockerfile, { body, heredocs }: Instruction, at: number): Logical {
  const heredoc = heredocs.find((each) => each.body.start <= at && at < each.body.end);
  if (!heredoc) return body;
  const { start, end } = heredoc.body;
  return {
    text: text.slice(start, end),
    sourceAt: (offset) => start + offset,
    span: (from, to) => ({ start: start + from, end: start + to }),
  };
}

/** The way from the source into the logical text. */
function offsetOf({ text, sourceAt }: Logical, source: number): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sourceAt(middle) < source) low = middle + 1;
    else high = middle;
  }
  return low;
}
