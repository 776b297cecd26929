/**
 * The lines of a YAML text that need not parse: what each begins with. While somebody types it seldom does, and the lines around the
 * cursor with their indentation tell where it is.
 */

export interface LineKey {
  readonly text: string;
  readonly column: number;
  readonly start: number;
  readonly end: number;
  /** Where its colon stands. */
  readonly colon: number;
}

export interface Line {
  readonly start: number;
  /** Without the line ending. */
  readonly end: number;
  /** Empty, blank, or a comment alone. */
  readonly blank: boolean;
  /** Columns of the dashes it begins with. */
  readonly dashes: readonly number[];
  /** Where the first thing behind the dashes stands; the end of the line when nothing does. */
  readonly content: number;
  readonly key: LineKey | undefined;
  /** Where the value begins, behind anchors and tags: that of the key, else the content. */
  readonly value: number;
}

const LINE_END = /\r\n|\n|\r/g;
const DASH = /-(?=[ \t]|$)/y;
/** A key in quotes, or a plain one, before a colon that a blank or nothing follows. */
const KEY =
  /(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?![#[\]{}"'|>&*!%@`,])(?:[^:#]|:(?=[^ \t])|(?<=[^ \t])#)*?)(?=[ \t]*:(?:[ \t]|$))/y;
const COLON = /[ \t]*:/y;
/** Anchors and tags before what they mark. */
const MARKS = /(?:[&!][^ \t,[\]{}]*(?:[ \t]+|$))*/y;
const BLANKS = /[ \t]*/y;

const after = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
};

export function linesIn(text: string): readonly Line[] {
  const lines: Line[] = [];
  // A byte order mark is no part of a line.
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  for (const { index, 0: ending } of text.matchAll(LINE_END)) {
    lines.push(lineOf(text.slice(start, index), start));
    start = index + ending.length;
  }
  lines.push(lineOf(text.slice(start), start));
  return lines;
}

function lineOf(line: string, start: number): Line {
  const end = start + line.length;
  const dashes: number[] = [];
  let at = after(BLANKS, line, 0);
  for (let next = after(DASH, line, at); next > at; next = after(DASH, line, at)) {
    dashes.push(at);
    at = after(BLANKS, line, next);
  }
  const blank = dashes.length === 0 && (at === line.length || line[at] === "#");
  const content = start + at;
  const nothing = { start, end, blank, dashes, content, key: undefined, value: content };
  if (blank || at === line.length) return nothing;
  const marked = after(MARKS, line, at);
  const keyEnd = after(KEY, line, marked);
  if (keyEnd === marked) return { ...nothing, value: start + marked };
  const behind = after(COLON, line, keyEnd);
  const key = {
    text: unquoted(line.slice(marked, keyEnd)),
    column: marked,
    start: start + marked,
    end: start + keyEnd,
    colon: start + behind - 1,
  };
  return { ...nothing, key, value: start + after(MARKS, line, after(BLANKS, line, behind)) };
}

export function unquoted(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text;
  const inner = text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text.slice(1);
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(.)/g, "$1");
}

/** The column of the first thing on a line; that of its key when its marks do not count. */
export const columnOf = ({ start, content, dashes }: Line): number => dashes[0] ?? content - start;

/** `|` or `>`: what is below, deeper than its key, is text. */
export const opensText = (text: string, { value, end }: Line): boolean =>
  /^[|>][-+\d]*[ \t]*(?:#.*)?$/.test(text.slice(value, end));

/** Nothing stands behind the colon or the dash but perhaps a comment. */
export const isOpen = (text: string, { value, end }: Line): boolean => value >= end || text[value] === "#";
