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
