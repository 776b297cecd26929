/** Where the blanks of a shell's text mean nothing: between words, outside quotes. What stands in `$(…)` counts as a word. */
import type { Span } from "../../text/edit.ts";

/** Runs of blanks in the text of a POSIX shell. Where its end cannot be told, the rest of the text counts as a word. */
export function posixBlanks(text: string): readonly Span[] {
  const runs: Span[] = [];
  for (let at = 0; at < text.length; ) {
    if (isBlank(text.charAt(at))) {
      const start = at;
      while (isBlank(text.charAt(at))) at++;
      runs.push({ start, end: at });
    } else if (text.charAt(at) === "#" && (at === 0 || /[\s;&|(]/.test(text.charAt(at - 1)))) return runs;
    else at = behindPiece(text, at);
  }
  return runs;
}

/** The offset behind what begins there: a quoted text, a substitution, or one character. */
function behindPiece(text: string, at: number): number {
  const character = text.charAt(at);
  const next = text.charAt(at + 1);
  if (character === "\\") return at + 2;
  if (character === "'") return behind(text.indexOf("'", at + 1), text);
  if (character === '"') return behindDouble(text, at + 1);
  if (character === "`") return behindBackticks(text, at + 1);
  if (character === "$" && next === "'") return behindAnsi(text, at + 2);
  if (character === "$" && next === "{") return behindNested(text, at + 2, "}");
  if ((character === "$" || character === "<" || character === ">") && next === "(")
    return behindNested(text, at + 2, ")");
  if (character === "(" && at > 0 && !/[\s;&|(]/.test(text.charAt(at - 1))) return behindNested(text, at + 1, ")");
  return at + 1;
}

const isBlank = (character: string): boolean => character === " " || character === "\t";

const behind = (found: number, text: string): number => (found === -1 ? text.length : found + 1);

function behindDouble(text: string, start: number): number {
  for (let at = start; at < text.length; ) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    at = character === "\\" || character === "`" || character === "$" ? behindPieceInDouble(text, at) : at + 1;
  }
  return text.length;
}

/** Single quotes and a `(` mean nothing there. */
const behindPieceInDouble = (text: string, at: number): number =>
  text.charAt(at + 1) === "'" ? at + 1 : behindPiece(text, at);

function behindBackticks(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text.charAt(at) === "\\") at++;
    else if (text.charAt(at) === "`") return at + 1;
  }
  return text.length;
}

function behindAnsi(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text.charAt(at) === "\\") at++;
    else if (text.charAt(at) === "'") return at + 1;
  }
  return text.length;
}

/** The patterns of `case` have a `)` that nothing opens: its end is not looked for. */
function behindNested(text: string, start: number, close: "}" | ")"): number {
  const open = close === ")" ? "(" : "{";
  let depth = 1;
  for (let at = start; at < text.length; ) {
    const character = text.charAt(at);
    if (close === ")" && /^case\b/.test(text.slice(at, at + 5)) && /[\s;&|(]/.test(text.charAt(at - 1)))
      return text.length;
    if (close === ")" && character === "#" && /[\s;&|(]/.test(text.charAt(at - 1))) return text.length;
    if (character === open) {
      depth++;
      at++;
    } else if (character === close) {
      at++;
      if (--depth === 0) return at;
    } else at = behindPiece(text, at);
  }
  return text.length;
}

/** Here-strings, comments in brackets and texts that are handed on as they are: nothing of such a script is touched. */
const HARD_POWERSHELL = /@['"]|<#|--%|"[^"]*\$\(/;

/** The same for PowerShell. */
export function powershellBlanks(text: string): readonly Span[] {
  if (HARD_POWERSHELL.test(text)) return [];
  const runs: Span[] = [];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "`" && quote !== "'") at++;
    else if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (isBlank(character)) {
      const start = at;
      while (isBlank(text.charAt(at + 1))) at++;
      runs.push({ start, end: at + 1 });
    }
  }
  return quote === "" ? runs : [];
}
