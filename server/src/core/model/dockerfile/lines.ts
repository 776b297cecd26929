/** Physical lines, and the joining of continued ones, as parser.go of BuildKit does both. */
import type { Span } from "../../text/edit.ts";
import { isBlank, logicalText, type Piece } from "./logical.ts";
import type { Comment, Logical } from "./model.ts";

/** A physical line. `end` is before the line ending, `next` behind it. */
export interface Line extends Span {
  readonly next: number;
}

export interface Reader {
  readonly text: string;
  at: number;
}

export interface Continued {
  readonly logical: Logical;
  readonly comments: readonly Comment[];
  readonly emptyLines: readonly Span[];
  readonly end: number;
  /** The last line asks for another one, and there is none. */
  readonly open: boolean;
}

/** Joins continuation lines. Comments and blank lines between them do not end the instruction. */
export function readContinued(reader: Reader, first: Span, escape: string): Continued {
  const { text } = reader;
  const pieces: Piece[] = [];
  const comments: Comment[] = [];
  const emptyLines: Span[] = [];
  let joined = "";
  let end = first.end;
  const add = (start: number, stop: number): boolean => {
    const cut = continuationAt(text, start, stop, escape);
    const pieceEnd = cut ?? stop;
    if (pieceEnd > start) {
      pieces.push({ logical: joined.length, source: start });
      joined += text.slice(start, pieceEnd);
    }
    end = stop;
    return cut !== undefined;
  };
  let continues = add(first.start, first.end);
  while (continues) {
    const line = nextLine(reader);
    if (!line) break;
    const start = skipBlanks(text, line.start, line.end);
    if (start === line.end) emptyLines.push({ start: line.start, end: line.next });
    else if (text.charAt(start) === "#") comments.push(commentAt(text, start, line.end));
    else continues = add(line.start, line.end);
  }
  if (pieces.length === 0) pieces.push({ logical: 0, source: first.start });
  // Blank lines and comments behind the last piece belong to nothing: `end` stays where the last piece ended.
  return {
    logical: logicalText(joined, pieces),
    comments,
    emptyLines: emptyLines.filter(({ start }) => start < end),
    end,
    open: continues,
  };
}

/** Offset of the escape character that continues the line. Two of them at the end do not. */
export function continuationAt(text: string, start: number, end: number, escape: string): number | undefined {
  let at = end - 1;
  while (at >= start && (text.charAt(at) === " " || text.charAt(at) === "\t")) at--;
  if (at < start || text.charAt(at) !== escape) return undefined;
  return at > start && text.charAt(at - 1) === escape ? undefined : at;
}

export function nextLine(reader: Reader): Line | undefined {
  const { text, at } = reader;
  if (at >= text.length) return undefined;
  const newline = text.indexOf("\n", at);
  const next = newline === -1 ? text.length : newline + 1;
  let end = newline === -1 ? text.length : newline;
  while (end > at && text.charAt(end - 1) === "\r") end--;
  reader.at = next;
  return { start: at, end, next };
}

export const commentAt = (text: string, start: number, end: number): Comment => ({
  span: { start, end },
  text: text.slice(start + 1, end).trim(),
});

export function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (isBlank(text.charCodeAt(at)) || isUnicodeBlank(text.charCodeAt(at)))) at++;
  return at;
}

/** The rest of what Go's unicode.IsSpace takes for blank. */
const isUnicodeBlank = (code: number): boolean => code > 127 && /\s|\u0085/.test(String.fromCharCode(code));
