/** Offset ⇄ line and column. Lines and columns are 0-based here; columns are UTF-16 code units. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Lines {
  readonly count: number;
  position(offset: number): Position;
  offset(position: Position): number;
  /** Text of a line without its line ending. */
  text(line: number): string;
  start(line: number): number;
}

const LINE_ENDING = /\r?\n|\r/g;

/** A line ends in `\n`, `\r\n` or a lone `\r`, as the Language Server Protocol has it. */
export function linesOf(text: string): Lines {
  const starts = [0];
  LINE_ENDING.lastIndex = 0;
  while (LINE_ENDING.test(text)) starts.push(LINE_ENDING.lastIndex);
  const start = (line: number): number => starts[Math.max(0, Math.min(line, starts.length - 1))] ?? 0;
  const end = (line: number): number => (line + 1 < starts.length ? start(line + 1) : text.length);
  const content = (line: number): string => text.slice(start(line), end(line)).replace(/[\r\n]+$/, "");

  return {
    count: starts.length,
    start,
    text: content,
    position(offset) {
      const clamped = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= clamped) low = middle;
        else high = middle - 1;
      }
      return { line: low, column: clamped - start(low) };
    },
    offset({ line, column }) {
      if (line >= starts.length) return text.length;
      return Math.min(start(line) + Math.max(0, column), start(line) + content(line).length);
    },
  };
}

/** The line ending to write into a text: the one its first line has. */
export const lineEnding = (text: string): "\n" | "\r\n" => (/^[^\n]*\r\n/.test(text) ? "\r\n" : "\n");
