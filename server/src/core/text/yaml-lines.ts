/**
 * go-yaml and libyaml let the further lines of a bracket or of a quoted text begin anywhere; YAML 1.2 wants them indented. Written on
 * one line with every offset kept, both read them alike.
 */

/** The text with the collection or quoted text that begins at `start` on one line; undefined when it has no end, or is on one already. */
export function onOneLine(text: string, start: number): string | undefined {
  const end = endOf(text, start);
  if (end === undefined) return undefined;
  const inner = text.slice(start, end);
  if (!inner.includes("\n")) return undefined;
  return text.slice(0, start) + blanked(inner) + text.slice(end);
}

/** Line breaks and comments become blanks; what is in quotes keeps its number signs. */
function blanked(inner: string): string {
  let out = "";
  for (let at = 0; at < inner.length; ) {
    const char = inner[at] ?? "";
    const end = isQuote(inner, at) ? endOfQuote(inner, at) : isComment(inner, at) ? endOfLine(inner, at) : undefined;
    if (end === undefined) out += char === "\n" || char === "\r" ? " " : char;
    else if (char === "#") out += " ".repeat(end - at);
    else out += inner.slice(at, end).replaceAll(/[\r\n]/g, " ");
    at = end ?? at + 1;
  }
  return out;
}

function endOf(text: string, start: number): number | undefined {
  if (isQuote(text, start)) return endOfQuote(text, start);
  let open = 0;
  for (let at = start; at < text.length; ) {
    const char = text[at] ?? "";
    if (isQuote(text, at)) {
      const end = endOfQuote(text, at);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (isComment(text, at)) {
      at = endOfLine(text, at);
      continue;
    }
    if (char === "[" || char === "{") open++;
    if ((char === "]" || char === "}") && --open === 0) return at + 1;
    at++;
  }
  return undefined;
}

/** A quote in the middle of a plain text is part of it. */
const isQuote = (text: string, at: number): boolean =>
  (text[at] === '"' || text[at] === "'") && (at === 0 || /[\s[{,:]/.test(text[at - 1] ?? ""));

const isComment = (text: string, at: number): boolean => text[at] === "#" && /\s/.test(text[at - 1] ?? " ");

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function endOfQuote(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\" && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return undefined;
}
