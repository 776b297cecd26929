/** What is wrong with a value of a compose file, as the small grammars beside this file give it. */
import type { Span } from "../../text/edit.ts";

export interface Fault {
  /** A clause without a full stop that names the thing. */
  readonly problem: string;
  /** In the text that was given. */
  readonly span: Span;
  /** By compose or the engine. False: they take the text, and mean something else by it. */
  readonly refused: boolean;
}

export const refused = (problem: string, span: Span): Fault => ({ problem, span, refused: true });
export const misread = (problem: string, span: Span): Fault => ({ problem, span, refused: false });

export const isFault = (parsed: object): parsed is Fault => "problem" in parsed;

export interface Piece extends Span {
  readonly text: string;
}

/** The text between separators, with its place; `at` is where the text begins. */
export function pieces(text: string, separator: string, at = 0): readonly Piece[] {
  let start = at;
  return text.split(separator).map((piece) => {
    const end = start + piece.length;
    const found = { text: piece, start, end };
    start = end + separator.length;
    return found;
  });
}

export const spanOf = ({ start, end }: Span): Span => ({ start, end });
