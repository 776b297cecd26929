/** What a cursor in a Dockerfile is in. The instruction is read only up to the cursor, so that half-written text is no hindrance. */
import { directiveAt } from "../../model/dockerfile/directives.ts";
import { readContinued } from "../../model/dockerfile/lines.ts";
import { isBlank } from "../../model/dockerfile/logical.ts";
import type { Dockerfile, Heredoc, Instruction, Logical } from "../../model/dockerfile/model.ts";
import { endOfQuotedWord, unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";

/** What is being written. */
export interface Typed {
  /** Up to the cursor, as written. */
  readonly typed: string;
  /** What of it is to be replaced: from its beginning to the end of the word, behind the cursor too. On one line. */
  readonly span: Span;
}

export interface GivenFlag {
  readonly name: string;
  readonly value: string | undefined;
}

export interface GivenField {
  /** Lower case. */
  readonly key: string;
  readonly value: string | undefined;
}

export type Part =
  /** `--mou|`, or nothing yet where flags may stand. */
  | ({ readonly in: "flag" } & Typed)
  /** `--chown=|`. */
  | ({ readonly in: "flag value"; readonly flag: string } & Typed)
  /** `--mount=type=cache,ta|`: the other fields of the mount, those behind the cursor included. */
  | ({ readonly in: "mount key"; readonly fields: readonly GivenField[] } & Typed)
  | ({ readonly in: "mount value"; readonly key: string; readonly fields: readonly GivenField[] } & Typed)
  /** A word, or the inside of a string of the JSON form. */
  | ({
      readonly in: "argument";
      /** Words in front of it. */
      readonly before: readonly string[];
      readonly form: "plain" | "string" | "array";
      /** What opened and has not been closed: `'`, `"` or nothing. */
      readonly quote: string;
    } & Typed);

export type Place =
  | ({
      readonly at: "comment";
      /** Behind the `#`, up to the cursor. */
      readonly text: string;
      /** A directive can stand here. */
      readonly head: boolean;
    } & Typed)
  | ({
      readonly at: "keyword";
      /** Behind ONBUILD. */
      readonly trigger: boolean;
      readonly head: boolean;
      /** Something stands behind it on the line. */
      readonly followed: boolean;
    } & Typed)
  | {
      readonly at: "instruction";
      /** Upper case; of an ONBUILD what it registers. */
      readonly name: string;
      readonly keyword: Span;
      readonly trigger: boolean;
      /** Flags in front of the cursor. */
      readonly flags: readonly GivenFlag[];
      /** Behind the flags, up to the cursor, continuations joined. */
      readonly argumentsBefore: string;
      readonly part: Part;
      /** The one of the model: of the whole text, so with what stands behind the cursor. */
      readonly instruction: Instruction;
    }
  | {
      readonly at: "heredoc";
      readonly instruction: Instruction;
      readonly heredoc: Heredoc;
      /** The line up to the cursor. */
      readonly line: string;
    };

/** Undefined where nothing can be written that means something: behind a continuation, in the last line of a heredoc. */
export function placeAt(dockerfile: Dockerfile, offset: number): Place | undefined {
  const { text } = dockerfile;
  // Within a line's end nobody writes.
  if (text.charAt(offset - 1) === "\r") return undefined;
  const instruction = instructionUpTo(dockerfile, offset);
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const inHeredoc = instruction && heredocAt(instruction, offset, text.slice(lineStart, offset));
  if (inHeredoc !== undefined) return inHeredoc ?? undefined;
  const line = text.slice(lineStart, offset).replace(/^\uFEFF/, "");
  const begun = instruction && upTo(dockerfile, instruction, offset, lineStart);
  if (instruction && begun) {
    const isFirst = instruction.span.start >= lineStart;
    if (!isFirst && /^\s*#/.test(line)) return commentPlace(dockerfile, offset, line, false);
    return begun === "behind" ? undefined : readInstruction(dockerfile, instruction, offset, begun);
  }
  const head = isHead(dockerfile, lineStart);
  if (/^\s*#/.test(line)) return commentPlace(dockerfile, offset, line, head);
  if (line.trim() !== "") return undefined;
  return keywordPlace(text, offset, "", { trigger: false, head });
}

const commentPlace = ({ text }: Dockerfile, offset: number, line: string, head: boolean): Place => {
  const typed = /[^\s=;,]*$/.exec(line.replace(/^\s*#/, ""))?.[0] ?? "";
  const rest = /^[^\s=;,]*/.exec(restOfLine(text, offset))?.[0] ?? "";
  return {
    at: "comment",
    text: line.replace(/^\s*#/, ""),
    head,
    typed,
    span: { start: offset - typed.length, end: offset + rest.length },
  };
};

function keywordPlace(
  text: string,
  offset: number,
  typed: string,
  more: { readonly trigger: boolean; readonly head: boolean },
): Place {
  const line = restOfLine(text, offset);
  const rest = /^\S*/.exec(line)?.[0] ?? "";
  const isCut = text.slice(offset - typed.length, offset) !== typed;
  return {
    at: "keyword",
    ...more,
    followed: line.slice(rest.length).trim() !== "",
    typed,
    span: isCut ? { start: offset, end: offset } : { start: offset - typed.length, end: offset + rest.length },
  };
}

/** The last one that begins in front of the offset. */
export function instructionUpTo({ instructions }: Dockerfile, offset: number): Instruction | undefined {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return instructions[low - 1];
}

/** Null on the line that ends one; undefined outside of them. */
function heredocAt(instruction: Instruction, offset: number, line: string): Place | null | undefined {
  const owner = instruction.trigger ?? instruction;
  if (offset <= instruction.head.end) return undefined;
  for (const heredoc of owner.heredocs) {
    const { body, terminator } = heredoc;
    if (offset < body.start) return undefined;
    if (offset < body.end || (offset === body.end && !terminator)) return { at: "heredoc", instruction, heredoc, line };
    if (terminator && offset <= terminator.end) return null;
  }
  return undefined;
}

/** Every line above is a directive. */
function isHead({ text, instructions }: Dockerfile, lineStart: number): boolean {
  if ((instructions[0]?.span.start ?? text.length) < lineStart) return false;
  const above = text
    .slice(0, lineStart)
    .replace(/^\uFEFF/, "")
    .split("\n")
    .slice(0, -1);
  return above.every((line) => directiveAt(line.trim(), { start: 0, end: line.trim().length }) !== undefined);
}

/** The instruction's logical text up to the cursor; "behind" a continuation; undefined when it ends further up. */
function upTo(
  { text, escape }: Dockerfile,
  { span }: Instruction,
  offset: number,
  lineStart: number,
): Logical | "behind" | undefined {
  const cut = text.slice(0, offset);
  const newline = cut.indexOf("\n", span.start);
  const reader = { text: cut, at: newline === -1 ? offset : newline + 1 };
  const end = newline === -1 ? offset : newline;
  const first = { start: span.start, end: end > span.start && cut[end - 1] === "\r" ? end - 1 : end };
  const { logical, open, end: reached } = readContinued(reader, first, escape);
  if (reader.at < offset) return undefined;
  if (reached >= lineStart) return open ? "behind" : logical;
  return open ? logical : undefined;
}

function readInstruction(dockerfile: Dockerfile, instruction: Instruction, offset: number, logical: Logical): Place {
  const reading: Reading = { dockerfile, instruction, offset, logical, source: dockerfile.text };
  const [first = ""] = /^\S*/.exec(logical.text) ?? [];
  if (first.length === logical.text.length && !isContinued(reading))
    return keywordPlace(dockerfile.text, offset, first, {
      trigger: false,
      head: isHead(dockerfile, instruction.span.start),
    });
  if (first.toUpperCase() !== "ONBUILD") return readBehind(reading, first, first.length, false);
  const [gap = "", inner = ""] = /^\s*(\S*)/.exec(logical.text.slice(first.length)) ?? [];
  const end = first.length + gap.length;
  if (end === logical.text.length && (inner === "" || !isContinued(reading)))
    return keywordPlace(dockerfile.text, offset, inner, { trigger: true, head: false });
  return readBehind(reading, inner, end, true);
}

interface Reading {
  readonly dockerfile: Dockerfile;
  readonly instruction: Instruction;
  readonly offset: number;
  /** Up to the cursor. */
  readonly logical: Logical;
  readonly source: string;
}

/** The cursor is on a line that has nothing in front of it: what stands above is finished. */
const isContinued = ({ source, offset, logical }: Reading): boolean =>
  logical.sourceAt(logical.text.length) !== offset &&
  source.slice(logical.sourceAt(logical.text.length), offset).includes("\n");

function readBehind(reading: Reading, keyword: string, keywordEnd: number, trigger: boolean): Place {
  const { logical, instruction } = reading;
  const { text } = logical;
  const flags: GivenFlag[] = [];
  const of = (part: Part, argumentsStart: number): Place => ({
    at: "instruction",
    name: keyword.toUpperCase(),
    keyword: logical.span(keywordEnd - keyword.length, keywordEnd),
    trigger,
    flags,
    argumentsBefore: text.slice(argumentsStart),
    part,
    instruction,
  });
  let at = keywordEnd;
  for (;;) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    if (!/^-(?:-|$)/.test(text.slice(at, at + 2))) break;
    const end = endOfQuotedWord(text, at, "\\");
    if (end === text.length && !isContinued(reading)) return of(flagPart(reading, at), text.length);
    if (end - at <= 2) return of(argumentPart(reading, end), end);
    const equals = text.slice(at, end).indexOf("=");
    flags.push({
      name: text.slice(at, equals === -1 ? end : at + equals),
      value: equals === -1 ? undefined : unquote(text.slice(at + equals + 1, end)),
    });
    at = end;
  }
  return of(argumentPart(reading, at), at);
}

function flagPart(reading: Reading, start: number): Part {
  const { logical } = reading;
  const written = logical.text.slice(start);
  const equals = written.indexOf("=");
  if (equals === -1) return { in: "flag", ...typedFrom(reading, start, /^[^\s=]*/) };
  const flag = written.slice(0, equals);
  if (flag !== "--mount") return { in: "flag value", flag, ...typedFrom(reading, start + equals + 1, /^\S*/) };
  const fieldStart = start + Math.max(equals, lastComma(written)) + 1;
  const field = logical.text.slice(fieldStart);
  const fieldEquals = field.indexOf("=");
  const fields = otherFields(reading, written.slice(equals + 1, fieldStart - start));
  if (fieldEquals === -1) return { in: "mount key", fields, ...typedFrom(reading, fieldStart, /^[^\s,=]*/) };
  const key = unquote(field.slice(0, fieldEquals)).toLowerCase();
  return { in: "mount value", key, fields, ...typedFrom(reading, fieldStart + fieldEquals + 1, /^[^\s,]*/) };
}

/** Outside of quotes. */
function lastComma(text: string): number {
  let quoted = false;
  let found = -1;
  for (let at = 0; at < text.length; at++)
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "," && !quoted) found = at;
  return found;
}

/** Those in front of the cursor, and those of the same mount behind it. */
function otherFields({ instruction, offset }: Reading, before: string): readonly GivenField[] {
  const given = before
    .split(",")
    .filter((field) => field.trim() !== "")
    .map((field): GivenField => {
      const equals = field.indexOf("=");
      if (equals === -1) return { key: unquote(field).toLowerCase(), value: undefined };
      return { key: unquote(field.slice(0, equals)).toLowerCase(), value: unquote(field.slice(equals + 1)) };
    });
  const flags = (instruction.trigger ?? instruction).flags;
  const mount = flags.find(({ span }) => span.start < offset && offset <= span.end);
  const behind = (mount?.fields ?? []).filter(({ span }) => span.start > offset);
  return [...given, ...behind.map(({ key, value }) => ({ key, value }))];
}

function argumentPart(reading: Reading, start: number): Part {
  const { logical, dockerfile } = reading;
  const rest = logical.text.slice(start);
  const json = rest.startsWith("[") ? jsonPart(reading, start) : undefined;
  if (json) return json;
  const before: string[] = [];
  let at = start;
  for (;;) {
    while (at < logical.text.length && isBlank(logical.text.charCodeAt(at))) at++;
    const end = endOfQuotedWord(logical.text, at, dockerfile.escape);
    if (end === logical.text.length && (at === end || !isContinued(reading))) break;
    before.push(logical.text.slice(at, end));
    at = end;
  }
  const quote = openQuote(logical.text.slice(at), dockerfile.escape);
  return { in: "argument", before, form: "plain", quote, ...wordFrom(reading, at, quote) };
}

/** Within quotes around the whole word what is between them. */
function wordFrom(reading: Reading, start: number, quote: string): Typed {
  if (quote === "") return typedFrom(reading, start, /^\S*/);
  const isWhole = reading.logical.text.charAt(start) === quote;
  return typedFrom(reading, isWhole ? start + 1 : start, quote === "'" ? /^[^\s']*/ : /^[^\s"]*/);
}

function openQuote(word: string, escape: string): string {
  let quote = "";
  for (let at = 0; at < word.length; at++) {
    const character = word.charAt(at);
    if (character === escape && quote !== "'") at++;
    else if (quote) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
  }
  return quote;
}

/** In an array that is not closed yet. */
function jsonPart(reading: Reading, start: number): Part | undefined {
  const { text } = reading.logical;
  const before: string[] = [];
  let string = -1;
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (string === -1) {
      if (character === "]") return undefined;
      if (character === '"') string = at + 1;
    } else if (character === "\\") at++;
    else if (character === '"') {
      before.push(text.slice(string, at));
      string = -1;
    }
  }
  if (string !== -1)
    return { in: "argument", before, form: "string", quote: '"', ...typedFrom(reading, string, /^[^"\s\]]*/) };
  return { in: "argument", before, form: "array", quote: "", ...typedFrom(reading, text.length, /^(?!)/) };
}

/** From a logical offset to the cursor, and on as far as `rest` goes. What continuations cut has no place to be replaced at. */
function typedFrom({ logical, offset, source, dockerfile }: Reading, start: number, rest: RegExp): Typed {
  const typed = logical.text.slice(start);
  const from = offset - typed.length;
  const behind = rest.exec(restOfLine(source, offset))?.[0] ?? "";
  // The character that continues the line is none of the word.
  const isCut =
    behind.endsWith(dockerfile.escape) && /^[ \t]*\r?$/.test(restOfLine(source, offset).slice(behind.length));
  const end = offset + behind.length - (isCut ? 1 : 0);
  if (source.slice(from, offset) !== typed) return { typed, span: { start: offset, end: offset } };
  return { typed, span: { start: from, end } };
}

function restOfLine(text: string, offset: number): string {
  const newline = text.indexOf("\n", offset);
  const end = newline === -1 ? text.length : newline;
  return text.slice(offset, end > offset && text[end - 1] === "\r" ? end - 1 : end);
}
