/** Writing values of ENV, LABEL and ARG so that BuildKit's shell/lex.go reads what is meant. */
import { referencesIn } from "./variables.ts";

/** A change to a value, in offsets of its logical text. */
export interface ValueEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const insertAt = (at: number, text: string): ValueEdit => ({ start: at, end: at, text });

/** Puts a literal text in double quotes: nothing in it is expanded or unescaped. */
export function quotedLiteral(text: string, escape: string): readonly ValueEdit[] {
  const edits = [insertAt(0, '"')];
  for (let at = 0; at < text.length; at++) if (isSpecial(text.charAt(at), escape)) edits.push(insertAt(at, escape));
  return [...edits, insertAt(text.length, '"')];
}

/**
 * Makes one word of a value that may have blanks, as the old `ENV name some value` does: the value stays the same after
 * quotes, escapes and variables are read. Undefined where that cannot be said.
 */
export function asOneWord(text: string, escape: string): readonly ValueEdit[] | undefined {
  if (isWholeWord(text, escape)) return [];
  if (referencesIn(text, escape).some(({ operand = "" }) => /["']/.test(operand) || operand.includes(escape)))
    return undefined;
  const edits = [insertAt(0, '"')];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === "'") {
      if (character === "'") {
        edits.push({ start: at, end: at + 1, text: "" });
        quote = "";
      } else if (isSpecial(character, escape)) edits.push(insertAt(at, escape));
    } else if (character === escape) {
      // Outside quotes it makes any character literal; inside only a special one, before others it would stay.
      const next = text.charAt(at + 1);
      if (next === "") edits.push({ start: at, end: at + 1, text: "" });
      else if (quote === "" && !isSpecial(next, escape)) edits.push({ start: at, end: at + 1, text: "" });
      at++;
    } else if (character === '"') {
      edits.push({ start: at, end: at + 1, text: "" });
      quote = quote === "" ? '"' : "";
    } else if (character === "'" && quote === "") {
      edits.push({ start: at, end: at + 1, text: "" });
      quote = "'";
    }
  }
  if (quote !== "") return undefined;
  return joined([...edits, insertAt(text.length, '"')]);
}

const isSpecial = (character: string, escape: string): boolean =>
  character === '"' || character === "$" || character === escape;

/** No blank outside quotes and escapes, and every quote closed. */
function isWholeWord(text: string, escape: string): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at++;
    else if (quote) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (/\s/.test(character)) return false;
  }
  return quote === "";
}

/** Edits that meet become one, and a quote that is taken away and put back is left alone. */
function joined(edits: readonly ValueEdit[]): readonly ValueEdit[] {
  const out: ValueEdit[] = [];
  for (const edit of edits) {
    const last = out.at(-1);
    if (last && last.end === edit.start)
      out[out.length - 1] = { start: last.start, end: edit.end, text: last.text + edit.text };
    else out.push(edit);
  }
  return out;
}
