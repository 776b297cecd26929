/** Spans and edits. Offsets are UTF-16 code units into one text, half-open. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export const replace = (span: Span, text: string): Edit => ({ span, text });
export const insert = (at: number, text: string): Edit => ({ span: { start: at, end: at }, text });
export const remove = (span: Span): Edit => ({ span, text: "" });

export const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** True when the spans share an offset or meet at one: two edits there cannot both be applied without choosing an order. */
export const touches = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

/**
 * Applies edits that all speak about `text`; insertions at one offset keep their order.
 *
 * @throws when two edits overlap: that is a bug in the caller.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of sorted(edits)) {
    if (edit.span.start < at) throw new Error(`overlapping edits at offset ${edit.span.start}`);
    out += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return out + text.slice(at);
}

/**
 * The same change as one edit of whole lines, from the first to the last: what moves things cannot be mixed with what changes the things
 * that move, so nothing in between, or at the end of it, may be anybody else's.
 */
export function asOne(text: string, edits: readonly Edit[]): readonly Edit[] {
  if (edits.length === 0) return edits;
  const start = text.lastIndexOf("\n", Math.min(...edits.map(({ span }) => span.start)) - 1) + 1;
  const last = text.indexOf("\n", Math.max(...edits.map(({ span }) => span.end)));
  const end = last === -1 ? text.length : last + 1;
  const moved = edits.map(({ span, text: put }) => ({
    span: { start: span.start - start, end: span.end - start },
    text: put,
  }));
  return [{ span: { start, end }, text: applyEdits(text.slice(start, end), moved) }];
}

const sorted = (edits: readonly Edit[]): Edit[] =>
  [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
