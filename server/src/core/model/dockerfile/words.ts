/**
 * How BuildKit splits the arguments of an instruction: frontend/dockerfile/parser/line_parsers.go and
 * split_command.go. All functions read logical text; nothing throws.
 */
import { isBlank, tailOf, trimmedWord, wordAt } from "./logical.ts";
import type { Flag, FlagField, JsonForm, Logical, Pair, Word } from "./model.ts";

/** Splits at blanks; quotes mean nothing (reWhitespace of parseStringsWhitespaceDelimited). */
export function blankSeparated(logical: Logical): Word[] {
  const words: Word[] = [];
  const { text } = logical;
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const start = at;
    at = endOfMatch(NO_BLANKS, text, start);
    words.push(wordAt(logical, start, at));
  }
  return words;
}

/** What `isBlank` is false for. */
const NO_BLANKS = /[^\t-\r ]+/y;
/** The same, without what may be a quote or an escape character. */
const PLAIN = /[^\t-\r "'\\`]+/y;

/** Where a stretch ends that `sticky` matches; `start`, where there is none. */
function endOfMatch(sticky: RegExp, text: string, start: number): number {
  sticky.lastIndex = start;
  return sticky.test(text) ? sticky.lastIndex : start;
}

/** Splits at blanks outside quotes; quotes and escapes stay in the words (parseWords). */
export function quotedWords(logical: Logical, escape: string): Word[] {
  const words: Word[] = [];
  const { text } = logical;
  for (let at = 0; at < text.length; ) {
    const start = skipBlanks(text, at);
    at = endOfQuotedWord(text, start, escape);
    if (at > start) words.push(wordAt(logical, start, at));
  }
  return words;
}

export function endOfQuotedWord(text: string, start: number, escape: string): number {
  let quote = "";
  let at = endOfMatch(PLAIN, text, start);
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at++;
    else if (quote) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (isBlank(text.charCodeAt(at))) break;
  }
  return Math.min(at, text.length);
}

/** Flags at the front, and the offset of what follows them (extractBuilderFlags). */
export function leadingFlags(logical: Logical, start: number): { flags: Flag[]; rest: number } {
  const { text } = logical;
  const flags: Flag[] = [];
  let at = start;
  for (;;) {
    at = skipBlanks(text, at);
    if (!text.startsWith("--", at)) return { flags, rest: at };
    // The escape character of flags is a backslash whatever the escape directive says.
    const end = endOfQuotedWord(text, at, "\\");
    if (end - at === 2) return { flags, rest: end };
    flags.push(flagAt(logical, at, end));
    at = end;
  }
}

function flagAt(logical: Logical, start: number, end: number): Flag {
  const equals = logical.text.slice(start, end).indexOf("=");
  const nameEnd = equals === -1 ? end : start + equals;
  return {
    name: unquote(logical.text.slice(start, nameEnd)),
    nameSpan: logical.span(start, nameEnd),
    span: logical.span(start, end),
    value:
      equals === -1
        ? undefined
        : { text: unquote(logical.text.slice(nameEnd + 1, end)), span: logical.span(nameEnd + 1, end) },
    fields: equals === -1 ? [] : fieldsOf(logical, nameEnd + 1, end),
  };
}

/** `type=cache,"target=/a,b"`: comma-separated, a field may be quoted (encoding/csv in BuildKit's parseMount). */
function fieldsOf(logical: Logical, start: number, end: number): FlagField[] {
  const fields: FlagField[] = [];
  const { text } = logical;
  let quoted = false;
  let from = start;
  for (let at = start; at <= end; at++) {
    if (text.charAt(at) === '"' && at < end) quoted = !quoted;
    if (at < end && (quoted || text.charAt(at) !== ",")) continue;
    const equals = text.slice(from, at).indexOf("=");
    const keyEnd = equals === -1 ? at : from + equals;
    fields.push({
      key: unquote(text.slice(from, keyEnd)).toLowerCase(),
      keySpan: logical.span(from, keyEnd),
      ...(equals !== -1 && { value: unquote(text.slice(keyEnd + 1, at)), valueSpan: logical.span(keyEnd + 1, at) }),
      span: logical.span(from, at),
    });
    from = at + 1;
  }
  return fields;
}

/** Instructions that may be written as a JSON array. */
export const JSON_FORM: ReadonlySet<string> = new Set(["ADD", "COPY", "VOLUME", "CMD", "ENTRYPOINT", "RUN", "SHELL"]);

/** A JSON array of strings and nothing behind it; anything else is shell form (parseJSON). */
export function jsonForm(logical: Logical): JsonForm | undefined {
  const { text } = logical;
  let at = skipBlanks(text, 0);
  if (text.charAt(at) !== "[") return undefined;
  const start = at;
  const elements: Word[] = [];
  at = skipBlanks(text, at + 1);
  if (text.charAt(at) === "]") at++;
  else
    for (;;) {
      const end = endOfJsonString(text, at);
      if (end === undefined) return undefined;
      const decoded = decode(text.slice(at, end));
      if (decoded === undefined) return undefined;
      elements.push({ text: decoded, span: logical.span(at, end) });
      at = skipBlanks(text, end);
      const separator = text.charAt(at++);
      if (separator === "]") break;
      if (separator !== ",") return undefined;
      at = skipBlanks(text, at);
    }
  return skipBlanks(text, at) === text.length ? { span: logical.span(start, at), elements } : undefined;
}

/** A JSON array that holds something else than strings: BuildKit stops at it where it would take broken JSON for a shell's. */
export function isArrayOfOthers(text: string): boolean {
  if (!text.startsWith("[")) return false;
  try {
    // A copy: of what is no JSON, V8 keeps the text to say where it is wrong, with the document it is a part of.
    const value: unknown = JSON.parse(`${text}\n`);
    return Array.isArray(value) && value.some((element) => typeof element !== "string");
  } catch {
    return false;
  }
}

function endOfJsonString(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '"') return undefined;
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === "\\") at++;
    else if (text.charAt(at) === '"') return at + 1;
  }
  return undefined;
}

const decode = (literal: string): string | undefined =>
  JSON_STRING.test(literal) ? (JSON.parse(literal) as string) : undefined;

/** RFC 8259, section 7: what is written as it is are all characters from the blank on but quote and backslash. */
const JSON_STRING = /^"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"$/;

/** `name=value …`, or the old `name value` when the first word has no `=` (parseNameVal). */
export function nameValuePairs(logical: Logical, escape: string, legacyForm: boolean): Pair[] {
  const words = quotedWords(logical, escape);
  const first = words[0];
  if (!first) return [];
  if (legacyForm && !first.text.includes("=")) {
    const start = skipBlanks(logical.text, 0);
    const keyEnd = endOfMatch(NO_BLANKS, logical.text, start);
    const key = wordAt(logical, start, keyEnd);
    const value = trimmedWord(logical, keyEnd);
    const span = { start: key.span.start, end: value.text ? value.span.end : key.span.end };
    return [{ key, value: value.text === "" ? undefined : value, span, legacy: true }];
  }
  let from = 0;
  return words.map((word) => {
    const start = logical.text.indexOf(word.text, from);
    from = start + word.text.length;
    const equals = word.text.indexOf("=");
    if (equals === -1) return { key: word, value: undefined, span: word.span, legacy: false };
    return {
      key: wordAt(logical, start, start + equals),
      value: wordAt(logical, start + equals + 1, from),
      span: word.span,
      legacy: false,
    };
  });
}

/** Where shell-form words of HEALTHCHECK or the trigger of ONBUILD begin: behind the first word. */
export function behindFirstWord(logical: Logical): { first: Word; rest: Logical } | undefined {
  const start = skipBlanks(logical.text, 0);
  const end = endOfMatch(NO_BLANKS, logical.text, start);
  if (end === start) return undefined;
  return { first: wordAt(logical, start, end), rest: tailOf(logical, end) };
}

/** Removes quotes and the escape character before an escaped one. Flags and heredocs always escape with a backslash. */
export function unquote(text: string, escape = "\\"): string {
  if (!/["'\\`]/.test(text)) return text;
  let out = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") out += text.charAt(++at);
    else if (quote) {
      if (character === quote) quote = "";
      else out += character;
    } else if (character === '"' || character === "'") quote = character;
    else out += character;
  }
  return out;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}
