/** The inside of `[…]` and `{…}`, on one line or several, closed or not. */

export interface FlowFrame {
  readonly kind: "[" | "{";
  /** In a mapping, behind a colon: the key whose value it is. */
  readonly key: string | undefined;
  /** Its keys, also those behind the cursor. */
  readonly keys: readonly string[];
  /** The scalars in it as written, without the one at the cursor. */
  readonly items: readonly string[];
}

export interface FlowPlace {
  /** From the outermost to the innermost. */
  readonly frames: readonly FlowFrame[];
  /** Where what the cursor is in begins; the cursor when it is in nothing. */
  readonly start: number;
  /** The quote it is within. */
  readonly quote: "" | '"' | "'";
}

interface Frame {
  readonly kind: "[" | "{";
  key: string | undefined;
  readonly keys: string[];
  readonly items: string[];
}

export interface FlowEnd {
  /** Behind the closing bracket, or where it breaks off. */
  readonly end: number;
  /** Of the cursor, when it is within. */
  readonly place: FlowPlace | undefined;
}

/**
 * Reads from an opening bracket on. It breaks off at a line that cannot be inside any more: one that is not deeper than `column` and
 * begins as block style does.
 */
export function readFlow(text: string, from: number, column: number, cursor: number): FlowEnd {
  const frames: Frame[] = [];
  let place: FlowPlace | undefined;
  /** Where the current scalar begins; undefined between them. */
  let word: number | undefined;
  let wordEnd = from;

  const take = (start: number, quote: FlowPlace["quote"]): void => {
    // The lists are those of the frames: what is behind the cursor is added to them.
    place = { frames: frames.map((frame) => ({ ...frame })), start, quote };
  };
  const endWord = (): void => {
    const frame = frames.at(-1);
    if (word !== undefined && frame && (cursor < word || cursor > wordEnd)) frame.items.push(text.slice(word, wordEnd));
    word = undefined;
  };

  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? "";
    if (at === cursor && frames.length > 0 && !place) take(word ?? at, "");
    if (char === "\n") {
      if (leavesFlow(text, at + 1, column)) return { end: at, place };
      continue;
    }
    if (char === " " || char === "\t" || char === "\r") continue;
    if (char === "#" && /\s/.test(text[at - 1] ?? "")) {
      const end = lineEnd(text, at);
      if (cursor > at && cursor <= end) return { end: text.length, place: undefined };
      at = end - 1;
      continue;
    }
    if ((char === '"' || char === "'") && word === undefined) {
      const { end, closed } = stringEnd(text, at, char);
      if (cursor > at && (cursor < end || (!closed && cursor === end))) take(at + 1, char);
      word = at;
      wordEnd = end;
      at = end - 1;
      continue;
    }
    const isBracket = (char === "[" || char === "{") && text[at - 1] !== "$" && word === undefined;
    if (isBracket) {
      frames.push({ kind: char as "[" | "{", key: undefined, keys: [], items: [] });
      continue;
    }
    const frame = frames.at(-1);
    if ((char === "]" || char === "}") && !(char === "}" && isInVariable(text, word, at))) {
      endWord();
      frames.pop();
      if (frames.length === 0) return { end: at + 1, place };
      continue;
    }
    if (char === ",") {
      endWord();
      if (frame) frame.key = undefined;
      continue;
    }
    if (
      char === ":" &&
      frame?.kind === "{" &&
      frame.key === undefined &&
      /^(?:[\s,\]}]|$)/.test(text.slice(at + 1, at + 2)) &&
      word !== undefined
    ) {
      frame.key = text.slice(word, wordEnd);
      if (cursor < word || cursor > wordEnd) frame.keys.push(frame.key);
      word = undefined;
      continue;
    }
    word ??= at;
    wordEnd = at + 1;
  }
  if (cursor === text.length && frames.length > 0 && !place) take(word ?? cursor, "");
  return { end: text.length, place };
}

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
};

/** Behind the closing quote; the end of the line when there is none on it. */
function stringEnd(text: string, at: number, quote: string): { readonly end: number; readonly closed: boolean } {
  let next = at + 1;
  for (; next < text.length && text[next] !== "\n" && text[next] !== "\r"; next++) {
    if (quote === '"' && text[next] === "\\") next++;
    else if (text[next] === quote) return { end: next + 1, closed: true };
  }
  return { end: Math.min(next, text.length), closed: false };
}

const isInVariable = (text: string, word: number | undefined, at: number): boolean =>
  word !== undefined && /\$\{[^}]*$/.test(text.slice(word, at));

function leavesFlow(text: string, at: number, column: number): boolean {
  const line = text.slice(at, lineEnd(text, at));
  const indent = line.search(/[^ \t\r]/);
  return indent !== -1 && indent <= column && /^(?:[\w."'-][^,[\]{}]*:(?:\s|$)|-\s|---|#)/.test(line.slice(indent));
}
