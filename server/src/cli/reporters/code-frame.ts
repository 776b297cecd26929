/** The line a finding is on, with carets under it. */
import type { Lines } from "../../core/text/lines.ts";
import type { Span } from "../../core/text/edit.ts";
import { printable } from "../printable.ts";

/** Longer lines are cut around the span. */
const MAX_WIDTH = 140;

export interface Frame {
  readonly line: number;
  readonly source: string;
  /** Blanks, then carets; tabs kept so that both lines stop at the same columns. */
  readonly carets: string;
}

/** The first line of the span; carets reach its end when the span goes on, and one caret marks an empty span. */
export function codeFrame(lines: Lines, span: Span): Frame {
  const { line, column } = lines.position(span.start);
  const full = lines.text(line);
  const from = Math.min(column, full.length);
  const to = Math.min(full.length, Math.max(from, span.end - lines.start(line)));
  const cut = crop(full, from, to);
  const marked = printable(full.slice(from, cut.end));
  const before = printable(full.slice(cut.start, from));
  const width = widthOf(printable(full.slice(from, Math.min(to, cut.end))));
  return {
    line: line + 1,
    source: cut.prefix + before + marked + cut.suffix,
    carets: blank(cut.prefix + before) + "^".repeat(Math.max(1, width)),
  };
}

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
  readonly suffix: string;
}

function crop(line: string, from: number, to: number): Cut {
  const mark = line.charCodeAt(0) === 0xfeff && from > 0 ? 1 : 0;
  if (line.length <= MAX_WIDTH) return { start: mark, end: line.length, prefix: "", suffix: "" };
  const room = Math.max(0, MAX_WIDTH - (to - from));
  const start = Math.max(mark, from - Math.floor(room / 2));
  const end = Math.min(line.length, start + MAX_WIDTH);
  return { start, end, prefix: start > mark ? "…" : "", suffix: end < line.length ? "…" : "" };
}

/** As many blanks as the text takes columns. */
const blank = (text: string): string =>
  text
    .split("\t")
    .map((part) => " ".repeat(widthOf(part)))
    .join("\t");

const COMBINING = /^\p{M}$/u;
/** Unicode Standard Annex 11, the wide ranges that are in use. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** Columns in a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
