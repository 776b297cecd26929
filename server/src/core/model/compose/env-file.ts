/**
 * Files of environment variables: `.env` and `env_file` as compose-go's dotenv/parser.go reads them, and those of
 * `format: raw` as docker/cli's kvfile does.
 */
import type { Span } from "../../text/edit.ts";
import { interpolate, interpolationsIn } from "./interpolation.ts";

export interface EnvEntry extends Span {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** With escapes and variables replaced. Undefined when the environment gives it: `KEY` alone, or a variable set elsewhere. */
  readonly value?: string;
  /** The value as written, with its quotes; undefined for `KEY` alone. */
  readonly valueSpan?: Span;
}

export interface EnvProblem extends Span {
  readonly message: string;
  /** False: compose takes it, and means something else by it. */
  readonly refused: boolean;
}

export interface EnvFile {
  /** In order; the last of a name counts. */
  readonly entries: readonly EnvEntry[];
  readonly problems: readonly EnvProblem[];
}

export interface EnvFileOptions {
  /** `raw`: the text behind the equals sign is the value. */
  readonly format?: "raw" | undefined;
  /** What the environment has, which comes before what the file has. */
  readonly environment?: (name: string) => string | undefined;
}

/** Compose stops at the first problem it refuses; here reading goes on with the next line. */
export function parseEnvFile(text: string, { format, environment = () => undefined }: EnvFileOptions = {}): EnvFile {
  return format === "raw" ? parseRaw(text, environment) : new Reader(text, environment).read();
}

const BOM = "\uFEFF";
/** unicode.IsSpace, and what dotenv takes for a blank within a line. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/y;
const LINE_SPACE = /[\t\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/y;
const BLANK = /[\t\v\f\r \u0085\u00a0]*/y;
const TRAILING_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const EXPORT = /export(?=[\t\n\f\r ])/y;
const NAME = /[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]*/uy;

class Reader {
  private readonly entries: EnvEntry[] = [];
  private readonly problems: EnvProblem[] = [];
  private readonly values = new Map<string, string | undefined>();
  private at: number;
  private readonly text: string;
  private readonly environment: (name: string) => string | undefined;

  constructor(text: string, environment: (name: string) => string | undefined) {
    this.text = text;
    this.environment = environment;
    this.at = text.startsWith(BOM) ? BOM.length : 0;
  }

  read(): EnvFile {
    while (this.toStatement()) this.statement();
    return { entries: this.entries, problems: this.problems };
  }

  /** Steps over blanks, empty lines and lines of comment. */
  private toStatement(): boolean {
    for (;;) {
      this.at = endOf(SPACE, this.text, this.at);
      if (this.text[this.at] !== "#") return this.at < this.text.length;
      this.at = this.lineEnd(this.at);
    }
  }

  private statement(): void {
    const { text } = this;
    const start = this.at;
    const afterExport = endOf(EXPORT, text, start);
    const keyStart = afterExport === start ? start : endOf(BLANK, text, afterExport);
    const nameEnd = endOf(NAME, text, keyStart);
    const keyEnd = trimmedEnd(text, keyStart, nameEnd);
    const key = text.slice(keyStart, keyEnd);
    const stop = text[nameEnd];
    if (stop === undefined) return this.withoutLineBreak(start, keyStart);
    if (stop !== "=" && stop !== ":" && stop !== "\n") return this.strange(nameEnd);
    if (key.includes(" ")) {
      const message = `the name of a variable cannot contain a blank, as "${shown(key)}" does`;
      return this.refuse({ start: keyStart, end: keyEnd }, message, this.lineEnd(nameEnd));
    }
    if (stop === "\n") {
      this.at = nameEnd + 1;
      if (key !== "") this.add({ key, keyStart, keyEnd, start, end: keyEnd }, this.environment(key));
      return;
    }
    const valueStart = endOf(BLANK, text, nameEnd + 1);
    const quote = text[valueStart];
    if (quote === '"' || quote === "'") return this.quoted({ key, keyStart, keyEnd, start }, valueStart, quote);
    const lineEnd = this.lineEnd(valueStart);
    const comment = text.slice(valueStart, lineEnd).indexOf(" #");
    const end = trimmedEnd(text, valueStart, comment === -1 ? lineEnd : valueStart + comment);
    this.at = Math.min(lineEnd + 1, text.length);
    const valueSpan = { start: valueStart, end };
    this.assign({ key, keyStart, keyEnd, start, end, valueSpan }, text.slice(valueStart, end), valueStart);
  }

  private quoted(entry: Omit<EnvEntry, "end">, valueStart: number, quote: string): void {
    const { text } = this;
    let value = "";
    let escaped = false;
    for (let at = valueStart + 1; at < text.length; at++) {
      const char = text[at] ?? "";
      if (char === quote && !escaped) {
        const valueSpan = { start: valueStart, end: at + 1 };
        this.at = at + 1;
        const whole = { ...entry, end: at + 1, valueSpan };
        if (quote === "'") return this.add(whole, value);
        return this.assign(whole, withEscapes(value));
      }
      if (char === "\\" && !escaped) {
        escaped = true;
        continue;
      }
      value += escaped && char !== quote ? `\\${char}` : char;
      escaped = false;
    }
    const lineEnd = this.lineEnd(valueStart);
    this.refuse({ start: valueStart, end: lineEnd }, `the value of ${shown(entry.key)} has no closing quote`, lineEnd);
  }

  /** `offset`: where the value stands in the file, when it stands there as it is. */
  private assign(entry: EnvEntry, value: string, offset?: number): void {
    const { problems } = interpolationsIn(value);
    const span = entry.valueSpan ?? entry;
    for (const { start, end, message } of problems) {
      const place = offset === undefined ? span : { start: offset + start, end: offset + end };
      this.problems.push({ start: place.start, end: place.end, message, refused: true });
    }
    const valueOf = (name: string): string | undefined => this.environment(name) ?? this.values.get(name);
    this.add(entry, interpolate(value, valueOf, { unset: "unknown" }));
    if (entry.key === "") this.nameless(entry);
  }

  private add(entry: EnvEntry, value: string | undefined): void {
    this.values.set(entry.key, value);
    this.entries.push(value === undefined ? entry : { ...entry, value });
  }

  /** dotenv looks for the end of a name only at `=`, `:` and a line break, and else takes all of it for a value. */
  private withoutLineBreak(start: number, keyStart: number): void {
    const end = trimmedEnd(this.text, start, this.text.length);
    this.at = this.text.length;
    if (keyStart === this.text.length) return this.refuse({ start, end }, "export has no name behind it", this.at);
    const message = `${shown(this.text.slice(keyStart, end))} needs a line break behind it: compose takes it for a value without a name`;
    this.problems.push({ start: keyStart, end, message, refused: false });
    const valueSpan = { start: keyStart, end };
    this.add({ key: "", keyStart, keyEnd: keyStart, start, end, valueSpan }, this.text.slice(keyStart, end));
  }

  private nameless({ start, end }: Span): void {
    this.problems.push({ start, end, message: "a value without a name before it", refused: false });
  }

  private strange(at: number): void {
    const char = String.fromCodePoint(this.text.codePointAt(at) ?? 0);
    const span = { start: at, end: at + char.length };
    this.refuse(span, `the name of a variable cannot contain ${JSON.stringify(char)}`, this.lineEnd(at));
  }

  private refuse({ start, end }: Span, message: string, goOn: number): void {
    this.problems.push({ start, end, message, refused: true });
    this.at = goOn;
  }

  private lineEnd(at: number): number {
    const newline = this.text.indexOf("\n", at);
    return newline === -1 ? this.text.length : newline;
  }
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && TRAILING_SPACE.test(text[at - 1] ?? "")) at--;
  return at;
}

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const ESCAPE = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\a", "\u0007"],
  ["\\b", "\b"],
  ["\\f", "\f"],
  ["\\n", "\n"],
  ["\\r", "\r"],
  ["\\t", "\t"],
  ["\\v", "\v"],
  ["\\\\", "\\"],
  ['\\"', '"'],
  // A dollar sign that no variable begins with.
  ["\\$", "$$"],
]);

const withEscapes = (text: string): string =>
  text.replace(ESCAPE, (escape) => ESCAPES.get(escape) ?? (escape.startsWith("\\0") ? octal(escape.slice(2)) : escape));

/** Go wants three digits behind the backslash; with fewer, only the zero is lost. */
function octal(digits: string): string {
  const value = /^[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : 256;
  return value < 256 ? String.fromCharCode(value) : `\\${digits}`;
}

function parseRaw(text: string, environment: (name: string) => string | undefined): EnvFile {
  const entries: EnvEntry[] = [];
  const problems: EnvProblem[] = [];
  for (let at = text.startsWith(BOM) ? BOM.length : 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const next = newline === -1 ? text.length : newline + 1;
    const lineEnd = newline === -1 ? text.length : newline;
    const end = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
    const start = Math.min(endOf(LINE_SPACE, text, at), end);
    at = next;
    const line = text.slice(start, end);
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const key = equals === -1 ? line : line.slice(0, equals);
    const keyEnd = start + key.length;
    const span = { start, end: Math.max(keyEnd, start + 1) };
    if (key === "") problems.push({ ...span, message: "a value without a name before it", refused: true });
    else if (/[ \t]/.test(key))
      problems.push({
        ...span,
        message: `the name of a variable cannot contain a blank, as "${shown(key)}" does`,
        refused: true,
      });
    else {
      const entry = { key, keyStart: start, keyEnd, start, end };
      const value = equals === -1 ? environment(key) : line.slice(equals + 1);
      const valueSpan = { start: keyEnd + 1, end };
      entries.push({ ...entry, ...(value !== undefined && { value }), ...(equals !== -1 && { valueSpan }) });
    }
  }
  return { entries, problems };
}
