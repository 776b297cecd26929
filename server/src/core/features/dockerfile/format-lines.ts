/** The lines of one instruction, laid out: indentation below its keyword, blanks between words and at line ends. */
import { continuationAt, nextLine, type Reader, skipBlanks } from "../../model/dockerfile/lines.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { applyEdits, contains, type Edit, replace, type Span } from "../../text/edit.ts";
import type { FormatOptions } from "./format-options.ts";
import { type Gap, gapsOf } from "./format-gaps.ts";
import { stepStarts } from "./format-joints.ts";
import { keywordEdits } from "./format-keywords.ts";

export interface HeadLine extends Span {
  readonly kind: "code" | "comment" | "blank";
  /** With its break, if it has one. */
  readonly next: number;
  /** Where the sign stands that continues it. */
  readonly cut: number | undefined;
  /** What stands in front of the sign, and in front of the line, are blanks that mean nothing. */
  readonly freeEnd: boolean;
  readonly freeStart: boolean;
}

/** The lines from an instruction's keyword to its end, without heredocs. */
export function headLines(dockerfile: Dockerfile, instruction: Instruction, gaps: readonly Gap[]): readonly HeadLine[] {
  const { text, escape } = dockerfile;
  const { head } = instruction;
  const reader: Reader = { text, at: head.start };
  const lines: HeadLine[] = [];
  let freeStart = false;
  let gap = 0;
  for (let line = nextLine(reader); line && line.start < Math.max(head.end, head.start + 1); line = nextLine(reader)) {
    const start = skipBlanks(text, line.start, line.end);
    const isFirst = lines.length === 0;
    const kind = isFirst ? "code" : start === line.end ? "blank" : text.charAt(start) === "#" ? "comment" : "code";
    const cut = kind === "code" ? continuationAt(text, line.start, line.end, escape) : undefined;
    while (cut !== undefined && (gaps[gap]?.end ?? Infinity) <= cut) gap++;
    const freeEnd = cut !== undefined && (gaps[gap]?.start ?? Infinity) <= cut;
    lines.push({ kind, start: line.start, end: line.end, next: line.next, cut, freeEnd, freeStart });
    if (kind === "code") freeStart = freeEnd;
  }
  return lines;
}

/** On one line, one blank between any words, and no list. */
const EVEN = /^[^\s[]+(?: [^\s[]+)*$/;

/** From the keyword to the end of the head. */
export function laidOutHead(dockerfile: Dockerfile, instruction: Instruction, options: FormatOptions): string {
  const { text, escape, eol } = dockerfile;
  const own = text.slice(instruction.head.start, instruction.head.end);
  if (options.keywordCase === "preserve" && EVEN.test(own)) return own;
  const gaps = gapsOf(dockerfile, instruction).toSorted((a, b) => a.start - b.start || a.end - b.end);
  const lines = headLines(dockerfile, instruction, gaps);
  const edits = [
    ...gaps.flatMap(({ start, end, blank }) =>
      blank !== undefined && /^[ \t]*$/.test(text.slice(start, end)) ? [replace({ start, end }, blank)] : [],
    ),
    ...keywordEdits(dockerfile, instruction, options.keywordCase),
  ].toSorted((a, b) => a.span.start - b.span.start);
  const levels = levelsOf(dockerfile, instruction, lines, options);
  const out: string[] = [];
  let blanks = 0;
  for (const [at, line] of lines.entries()) {
    const isLast = at === lines.length - 1;
    const ending = isLast ? "" : lineBreak(text, line, eol);
    blanks = line.kind === "blank" ? blanks + 1 : 0;
    if (line.kind === "blank") {
      if (blanks === 1) out.push(ending);
      continue;
    }
    const level = levels[at];
    const indent = level === undefined ? undefined : indentation(level, options);
    const comment = text.slice(line.start, line.end).trimEnd();
    if (line.kind === "comment") out.push((indent === undefined ? comment : indent + comment.trimStart()) + ending);
    else out.push(codeLine(text, line, { edits, indent, escape, isFirst: at === 0, isLast }) + ending);
  }
  return out.join("");
}

const lineBreak = (text: string, { end, next }: HeadLine, eol: string): string => text.slice(end, next) || eol;

interface Around {
  readonly edits: readonly Edit[];
  /** Undefined where the line begins as it did. */
  readonly indent: string | undefined;
  readonly escape: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function codeLine(text: string, line: HeadLine, { edits, indent, escape, isFirst, isLast }: Around): string {
  const { cut, freeEnd } = line;
  let { start } = line;
  let end = cut ?? line.end;
  if (indent !== undefined && !isFirst) while (start < end && isBlank(text.charAt(start))) start++;
  // An instruction that the file ends in the middle of keeps its last line.
  const trims = cut === undefined || (freeEnd && !isLast);
  if (trims)
    while (end > start && (isBlank(text.charAt(end - 1)) || (cut === undefined && text.charAt(end - 1) === "\r")))
      end--;
  const inside = edits.filter(({ span }) => contains({ start, end }, span));
  const content = applyEdits(
    text.slice(start, end),
    inside.map(({ span, text: put }) => replace({ start: span.start - start, end: span.end - start }, put)),
  );
  const shown = isFirst ? content : (indent ?? "") + content;
  if (cut === undefined) return shown;
  return shown + (trims && content !== "" ? " " : "") + escape;
}

const isBlank = (character: string): boolean => character === " " || character === "\t";

/**
 * How far in each line stands, in steps: one, but for the commands of a RUN. There what a person put further in than the step it belongs
 * to stays so, by one step for each. Comments, and lines of the sign alone, have the level of the line below them. Undefined for lines
 * that stay as they are.
 */
function levelsOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  lines: readonly HeadLine[],
  { tabSize }: FormatOptions,
): readonly (number | undefined)[] {
  const { text } = dockerfile;
  const { body, json, flags, name } = instruction;
  const levels: (number | undefined)[] = lines.map(() => undefined);
  const flagsEnd = flags.at(-1)?.span.start ?? -1;
  const begin = body.text === "" ? Infinity : body.sourceAt(0);
  const counted = lines.flatMap((line, at) => {
    const start = skipBlanks(text, line.start, line.end);
    if (line.kind !== "code" || !line.freeStart || start === line.cut) return [];
    return [{ at, start, column: columnOf(text.slice(line.start, start), tabSize) }];
  });
  for (const { at, start } of counted) levels[at] = json && start >= begin && text.charAt(start) === "]" ? 0 : 1;
  if (name === "RUN" && !json) {
    const inside = counted.filter(({ start }) => start > flagsEnd);
    const isEven = inside.every(({ column }) => column === inside[0]?.column);
    const steps = isEven ? new Set() : stepStarts(dockerfile, instruction);
    let open = [Math.min(...inside.map(({ column }) => column))];
    for (const { at, start, column } of inside) {
      if (steps.has(start)) open = [column];
      while (open.length > 1 && (open.at(-1) ?? 0) > column) open.pop();
      if ((open.at(-1) ?? 0) < column) open.push(column);
      levels[at] = open.length;
    }
  }
  const last = counted.at(-1);
  let below = last && levels[last.at];
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at];
    if (levels[at] !== undefined) below = levels[at];
    else if (line?.kind === "comment" || (line?.kind === "code" && line.freeStart))
      levels[at] = below && Math.max(1, below);
  }
  return levels;
}

export function columnOf(blanks: string, tabSize: number): number {
  let column = 0;
  for (const blank of blanks) column = blank === "\t" ? (Math.floor(column / tabSize) + 1) * tabSize : column + 1;
  return column;
}

export const indentation = (level: number, { tabSize, insertSpaces }: FormatOptions): string =>
  (insertSpaces ? " ".repeat(tabSize) : "\t").repeat(level);
