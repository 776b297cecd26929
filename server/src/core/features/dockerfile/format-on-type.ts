/**
 * What follows a keystroke in a Dockerfile. Enter behind a continued line indents the next one; Enter inside an instruction of several
 * lines continues it, so that it stays one; `&&` at the beginning of a line goes to where the other steps stand.
 */
import { continuationAt } from "../../model/dockerfile/lines.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import { blanksIn } from "./format-gaps.ts";
import { indentation } from "./format-lines.ts";
import type { FormatOptions } from "./format-options.ts";

/** Characters behind which it is asked for. */
export const TYPED = ["\n", "&"] as const;

/** `at` is behind the character, of Enter behind what the editor has put at the beginning of the new line. */
export function editsBehind(
  dockerfile: Dockerfile,
  at: number,
  typed: string,
  options: FormatOptions,
): readonly Edit[] {
  if (typed === "\n") return behindEnter(dockerfile, at, options);
  return typed === "&" ? behindAnd(dockerfile, at, options) : [];
}

interface Line extends Span {
  /** Behind its indentation. */
  readonly content: number;
}

function lineAt(text: string, at: number): Line {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  let end = newline === -1 ? text.length : newline;
  while (end > start && text.charAt(end - 1) === "\r") end--;
  let content = start;
  while (content < end && isBlank(text.charAt(content))) content++;
  return { start, content, end };
}

const isBlank = (character: string): boolean => character === " " || character === "\t";

function behindEnter(dockerfile: Dockerfile, at: number, options: FormatOptions): readonly Edit[] {
  const { text, escape } = dockerfile;
  const line = lineAt(text, at);
  if (line.start === 0) return [];
  const left = lineAt(text, line.start - 1);
  if (text.charAt(left.content) === "#" || left.content === left.end) return [];
  if (continuationAt(text, left.start, left.end, escape) !== undefined) {
    const instruction = headAt(dockerfile, left.end);
    return instruction && isBetweenWords(dockerfile, instruction, left.end)
      ? [replace({ start: line.start, end: line.content }, indentBehind(dockerfile, instruction, left, options))]
      : [];
  }
  return continued(dockerfile, left, line, options);
}

/** The text as it was before Enter says what the line belonged to. */
function continued(
  { text, name, escape }: Dockerfile,
  left: Line,
  line: Line,
  options: FormatOptions,
): readonly Edit[] {
  const before = parseDockerfile(text.slice(0, left.end) + text.slice(line.content), name);
  const instruction = headAt(before, left.end);
  if (!instruction || !before.text.slice(instruction.head.start, instruction.head.end).includes("\n")) return [];
  const indent = { start: line.start, end: line.content };
  const isAtEnd = before.text.slice(left.end, instruction.head.end).trim() === "";
  if (isAtEnd && !/(?:&&|\|\|?)[ \t]*$/.test(text.slice(left.start, left.end)))
    return instruction.heredocs.length === 0 && line.content === line.end ? [replace(indent, "")] : [];
  if (isAtEnd && instruction.name !== "RUN") return [];
  // In quotes blanks are part of the text.
  if (!isBetweenWords(before, instruction, left.end))
    return [replace({ start: left.end, end: left.end }, escape), replace(indent, "")];
  let end = left.end;
  while (end > left.start && isBlank(text.charAt(end - 1))) end--;
  return [
    replace({ start: end, end: left.end }, ` ${escape}`),
    replace(indent, indentBehind(before, instruction, left, options)),
  ];
}

/** The instruction whose own lines an offset is in, not its heredocs. */
const headAt = ({ instructions }: Dockerfile, at: number): Instruction | undefined =>
  instructions.find(({ head }) => head.start < at && at <= head.end);

/** Not in quotes, nor in a substitution. */
function isBetweenWords(dockerfile: Dockerfile, instruction: Instruction, at: number): boolean {
  const blanks = blanksIn(instruction.name === "RUN" ? shellAt(dockerfile, instruction).name : "sh");
  if (!blanks) return false;
  const { body } = instruction;
  let length = body.text.length;
  while (length > 0 && body.sourceAt(length - 1) >= at) length--;
  return blanks(`${body.text.slice(0, length)} x`).at(-1)?.end === length + 1;
}

/** One step below the first line of an instruction, else as far in as the line above. */
function indentBehind({ text }: Dockerfile, { head }: Instruction, left: Line, options: FormatOptions): string {
  const isFirst = text.lastIndexOf("\n", head.start - 1) + 1 === left.start;
  return isFirst ? indentation(1, options) : text.slice(left.start, left.content);
}

function behindAnd(dockerfile: Dockerfile, at: number, options: FormatOptions): readonly Edit[] {
  const { text } = dockerfile;
  const line = lineAt(text, at);
  if (text.slice(line.content, at) !== "&&") return [];
  const run = headAt(dockerfile, at);
  if (run?.name !== "RUN" || line.start <= run.head.start || !isBetweenWords(dockerfile, run, line.content)) return [];
  const steps = text.slice(run.head.start, line.start).match(/(?<=\n)[ \t]*(?=&&|\|\|)/g);
  const indent = steps?.at(-1) ?? indentation(1, options);
  return indent === text.slice(line.start, line.content)
    ? []
    : [replace({ start: line.start, end: line.content }, indent)];
}
