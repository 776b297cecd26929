/** Where lines are after an edit. */
import type { Place } from "./events.ts";

export interface LineChange {
  /** Lines replaced, from the first to the last touched. */
  readonly line: number;
  readonly endLine: number;
  /** Line breaks in the new text. */
  readonly added: number;
}

/** Undefined when the edit reaches into the lines: what was said about them may hold no longer. */
export function moved({ line, endLine }: Place, change: LineChange): Place | undefined {
  if (change.line > endLine) return { line, endLine };
  if (change.endLine >= line) return undefined;
  const by = change.added - (change.endLine - change.line);
  return { line: line + by, endLine: endLine + by };
}
