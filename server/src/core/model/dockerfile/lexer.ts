/**
 * What BuildKit's shell lexer (frontend/dockerfile/shell/lex.go) stops at in a word: quotes nothing closes, and `${…}` it cannot
 * read. Values play no part here: what a variable holds is `variables.ts`.
 */

export interface LexerFault {
  readonly kind: "unterminated-quote" | "variable-syntax";
  /** Offsets into the text given. */
  readonly start: number;
  readonly end: number;
  /** What is wrong with it, to be put before ": the build stops here". */
  readonly message: string;
}

interface Reading {
  readonly text: string;
  readonly escape: string;
  /** In the body of a heredoc quotes are nothing special. */
  readonly quotes: boolean;
}

/** Where a part ends, or why it does not. */
type End = number | LexerFault;

/** The first fault. */
export function lexerFault(text: string, escape: string, quotes = true): LexerFault | undefined {
  if (!(quotes ? /["'$]/ : /\$/).test(text)) return undefined;
  const end = readUntil({ text, escape, quotes }, 0, "");
  return typeof end === "number" ? undefined : end;
}

/** Reads up to the character and returns the offset behind it; the end of the text when there is no such character. */
function readUntil(reading: Reading, start: number, stop: string): End | typeof MISSING {
  const { text, escape, quotes } = reading;
  for (let at = start; at < text.length; ) {
    const character = text.charAt(at);
    if (stop !== "" && character === stop) return at + 1;
    let end: End;
    if (character === "$") end = readDollar(reading, at);
    else if (quotes && character === "'") end = readSingle(text, at);
    else if (quotes && character === '"') end = readDouble(reading, at);
    else end = at + (character === escape ? 2 : 1);
    if (typeof end !== "number") return end;
    at = end;
  }
  return stop === "" ? text.length : MISSING;
}

const MISSING: LexerFault = { kind: "variable-syntax", start: -1, end: -1, message: "" };

const open = (text: string, start: number, quote: string): LexerFault => ({
  kind: "unterminated-quote",
  start,
  end: text.length,
  message: `${quote} has no closing ${quote}`,
});

function readSingle(text: string, start: number): End {
  const end = text.indexOf("'", start + 1);
  return end === -1 ? open(text, start, "'") : end + 1;
}

function readDouble(reading: Reading, start: number): End {
  const { text, escape } = reading;
  for (let at = start + 1; at < text.length; ) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    if (character === "$") {
      const end = readDollar(reading, at);
      if (typeof end !== "number") return end;
      at = end;
    } else {
      const next = text.charAt(at + 1);
      at += character === escape && (next === '"' || next === "$" || next === escape) ? 2 : 1;
    }
  }
  return open(text, start, '"');
}

const NAME = /[0-9]+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;

/** The offset behind the name that begins there; the same offset when none does. */
function behindName(text: string, start: number): number {
  NAME.lastIndex = start;
  return start + (NAME.exec(text)?.[0].length ?? 0);
}

function readDollar(reading: Reading, start: number): End {
  const { text } = reading;
  if (text.charAt(start + 1) !== "{") return behindName(text, start + 1);
  const fault = (message: string): LexerFault => {
    const brace = text.indexOf("}", start);
    const end = brace === -1 ? text.length : brace + 1;
    return { kind: "variable-syntax", start, end, message: `${shown(text.slice(start, end))} ${message}` };
  };
  const unclosed = (): LexerFault => fault("has no closing }");
  const within = (end: End | typeof MISSING, missing: () => LexerFault): End => (end === MISSING ? missing() : end);

  if (start + 2 >= text.length) return unclosed();
  if (/[{}:]/.test(text.charAt(start + 2))) return fault("names no variable");
  const nameEnd = behindName(text, start + 2);
  const first = text.charAt(nameEnd);
  if (first === "") return unclosed();
  if (first === "}") return nameEnd + 1;
  if (first === "/") {
    const pattern = text.charAt(nameEnd + 1) === "/" ? nameEnd + 2 : nameEnd + 1;
    const slash = within(readUntil(reading, pattern, "/"), () =>
      fault("needs a second /, in front of the replacement"),
    );
    return typeof slash === "number" ? within(readUntil(reading, slash, "}"), unclosed) : slash;
  }
  const colon = first === ":";
  const modifier = colon ? text.charAt(nameEnd + 1) : first;
  if (colon && (modifier === "" || modifier === "}")) return fault("has nothing behind its colon");
  if (!(colon ? /[-+?]/ : /[-+?#%]/).test(modifier)) {
    const written = colon ? `:${modifier}` : modifier;
    return fault(`has the modifier ${written}, which BuildKit does not know`);
  }
  return within(readUntil(reading, nameEnd + (colon ? 2 : 1), "}"), unclosed);
}

const shown = (text: string): string => {
  const line = text.split(/[\r\n]/, 1)[0] ?? "";
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
};
