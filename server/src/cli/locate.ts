/** Offsets → the 1-based lines and columns that files, editors and SARIF speak in. */
import { linesOf } from "../core/text/lines.ts";
import type { Span } from "../core/text/edit.ts";

export interface Region {
  readonly line: number;
  /** UTF-16 code units; a byte order mark is not counted. */
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function locator(text: string): (span: Span) => Region {
  const lines = linesOf(text);
  const mark = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const place = (offset: number): { readonly line: number; readonly column: number } => {
    const { line, column } = lines.position(offset);
    return { line: line + 1, column: column + 1 - (line === 0 ? Math.min(mark, column) : 0) };
  };
  return (span) => {
    const start = place(span.start);
    const end = place(span.end);
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  };
}

/** From the first word of a line to the end of another; lines beyond the last one are that. */
export function linesSpan(text: string, first: number, last: number): Span {
  const lines = linesOf(text);
  const start = lines.offset({ line: first - 1, column: 0 });
  const end = lines.offset({ line: last - 1, column: Number.MAX_SAFE_INTEGER });
  const blanks = /^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0;
  return { start: start + blanks, end: Math.max(start + blanks, end) };
}
