/** A text that is put together from pieces of the source, and the way back. */
import type { Logical, Word } from "./model.ts";

/** A run of characters that stands in one piece both in the logical text and in the source. */
export interface Piece {
  readonly logical: number;
  readonly source: number;
}

/** `pieces` are in order, the first at logical offset 0; none is empty unless it is the only one. */
export function logicalText(text: string, pieces: readonly Piece[]): Logical {
  const { length } = text;
  const first = pieces[0] ?? { logical: 0, source: 0 };
  // The piece that was asked for last: who asks for a place asks next for one close by.
  let begins = 0;
  let ends = pieces[1]?.logical ?? Number.POSITIVE_INFINITY;
  let shift = first.source;
  const seek = (offset: number): void => {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pieces[middle] ?? first).logical <= offset) low = middle;
      else high = middle - 1;
    }
    const { logical, source } = pieces[low] ?? first;
    begins = logical;
    ends = pieces[low + 1]?.logical ?? Number.POSITIVE_INFINITY;
    shift = source - logical;
  };
  /** Where the character at `offset` stands. */
  const placeOf = (offset: number): number => {
    if (offset < begins || offset >= ends) seek(offset);
    return offset + shift;
  };
  /** Behind the character before `offset`: never jumps over a continuation to the next line. */
  const behind = (offset: number): number => placeOf(offset - 1) + 1;
  const sourceAt = (offset: number): number => {
    const at = clamp(offset, length);
    return at === length && at > 0 ? behind(at) : placeOf(at);
  };
  return {
    text,
    sourceAt,
    span(start, end) {
      if (start >= begins && start < end && end <= ends && end <= length)
        return { start: start + shift, end: end + shift };
      return { start: sourceAt(start), end: end > start ? behind(clamp(end, length)) : sourceAt(start) };
    },
  };
}

/** The logical text from `start` on, with the same way back: a part of a part asks the whole at once. */
export function tailOf(logical: Logical, start: number, end = logical.text.length): Logical {
  const { whole = logical } = logical;
  const begins = start + (logical.begins ?? 0);
  return {
    text: logical.text.slice(start, end),
    sourceAt: (offset) => whole.sourceAt(begins + offset),
    span: (from, to) => whole.span(begins + from, begins + to),
    whole,
    begins,
  };
}

export const wordAt = (logical: Logical, start: number, end: number): Word => ({
  text: logical.text.slice(start, end),
  span: logical.span(start, end),
});

export const trimmedWord = (logical: Logical, start = 0, end = logical.text.length): Word => {
  const { text, span } = trimmed(tailOf(logical, start, end));
  return { text, span: span(0, text.length) };
};

/** Without blanks at both ends. */
export function trimmed(logical: Logical): Logical {
  const { text } = logical;
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return tailOf(logical, start, end);
}

/** Space, tab, vertical tab, form feed, carriage return, newline. */
export const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

const clamp = (offset: number, length: number): number => Math.max(0, Math.min(offset, length));
