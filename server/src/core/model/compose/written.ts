/** Plain values as YAML: quoted where a reader of YAML 1.1 or 1.2 would take the text for something else. */
import type { YamlScalar } from "../../text/yaml.ts";
import { scalarKind } from "./go-yaml.ts";
import type { Layout } from "./layout.ts";

/** What is written: a text, a number, a list, a mapping. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export type Collection = Exclude<Plain, string | number | boolean | null>;

/** As other texts around it have it: always in these quotes, or only where they are needed. */
export interface Quoting {
  readonly quote: "single" | "double";
  readonly always?: boolean;
  /** What stands below would be read as part of a text of several lines. */
  readonly oneLine?: boolean;
}

/** YAML 1.1 has these for true, false and nothing; `=` and `<<` have a meaning of their own. */
const WORDS = /^(?:y|yes|n|no|true|false|on|off|null|~|=|<<)$/i;
/** Numbers to base 60, with underscores, octal, hexadecimal, binary, with exponents; times. */
const NUMBERS =
  /^[-+]?(?:[\d_]+(?::[0-5]?\d)+(?:\.[\d_]*)?|0b[01_]+|0o?[0-7_]+|0x[\da-f_]+|(?:[\d_]+\.?[\d_]*|\.[\d_]+)(?:e[-+]?\d+)?|\.(?:inf|nan))$/i;
const DATE = /^\d{4}-\d\d?-\d\d?(?:[Tt \t].*)?$/;
const INDICATORS = /^[,[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)|^(?:---|\.\.\.)(?:\s|$)/;
const CONTROL = /[^\t\x20-\x7E\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|[\u2028\u2029\uFEFF]/u;

/** Every reader takes it for this text when it stands there without quotes. */
export function isPlain(text: string, flow: boolean): boolean {
  if (text === "" || text !== text.trim() || CONTROL.test(text) || text.includes("\t")) return false;
  if (INDICATORS.test(text) || /:(?:\s|$)|\s#/.test(text)) return false;
  // Compose's YAML library stumbles over a question mark in flow form, wherever it stands.
  if (flow && (/[,[\]{}?]/.test(text) || /^[-?:]/.test(text))) return false;
  if (WORDS.test(text) || NUMBERS.test(text) || DATE.test(text)) return false;
  const scalar: YamlScalar = { kind: "scalar", value: text, text, style: "plain", span: { start: 0, end: 0 } };
  return scalarKind(scalar) === "string";
}

export function quoted(text: string, quote: "single" | "double"): string {
  if (quote === "single" && !CONTROL.test(text) && !text.includes("\t")) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replaceAll(
    /[\x7F-\x9F\u2028\u2029\uFEFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text without a break, or a number, as it stands on one line. */
export function inlineScalar(
  value: string | number | boolean | null,
  flow: boolean,
  { quote, always = false }: Quoting,
): string {
  if (typeof value === "string") return !always && isPlain(value, flow) ? value : quoted(value, quote);
  if (typeof value === "number" && !Number.isFinite(value)) return numberless(value);
  return String(value);
}

const numberless = (value: number): string => (Number.isNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf");

export const isCollection = (value: Plain): value is Collection => typeof value === "object" && value !== null;

const isList = (value: Collection): value is readonly Plain[] => Array.isArray(value);

export const isEmpty = (value: Plain): boolean => isCollection(value) && Object.keys(value).length === 0;

/** On one line, as `{a: b}` and `[a, b]`. */
export function flowText(value: Plain, layout: Layout, quoting: Quoting): string {
  if (!isCollection(value)) return inlineScalar(value, true, quoting);
  if (isEmpty(value)) return isList(value) ? "[]" : "{}";
  const parts = isList(value)
    ? value.map((item) => flowText(item, layout, quoting))
    : Object.entries(value).map(
        ([key, each]) => `${inlineScalar(key, true, quoting)}: ${flowText(each, layout, quoting)}`,
      );
  const pad = isList(value) ? layout.listPad : layout.mapPad;
  return isList(value) ? `[${pad}${parts.join(", ")}${pad}]` : `{${pad}${parts.join(", ")}${pad}}`;
}

/** A text of several lines that can stand as it is below a `|`. */
const isLiteral = (text: string): boolean =>
  /[^\n]\n[^\n]/.test(text) && !/^[ \n]|\t|[ ]\n|\n\n$/.test(text) && !CONTROL.test(text.replaceAll("\n", ""));

export const literalHeader = (text: string): string => (text.endsWith("\n") ? "" : "-");

export const literalLines = (text: string, column: number): readonly string[] =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(column) + line));

/** The lines of `key: value` at a column, each with its indentation. */
export function entryLines(
  key: string,
  value: Plain,
  column: number,
  layout: Layout,
  quoting: Quoting,
): readonly string[] {
  const name = `${" ".repeat(column)}${inlineScalar(key, false, { quote: quoting.quote })}:`;
  const [first = "", ...rest] = valueLines(value, column, layout, quoting);
  return [name + (first === "" ? "" : ` ${first}`), ...rest];
}

/** What stands behind the colon of a key at a column, and the lines below it. */
export function valueLines(value: Plain, column: number, layout: Layout, quoting: Quoting): readonly string[] {
  if (isCollection(value) && !isEmpty(value))
    return ["", ...collectionLines(value, column + (isList(value) ? layout.list : layout.width), layout, quoting)];
  if (typeof value === "string" && !quoting.oneLine && isLiteral(value))
    return [`|${literalHeader(value)}`, ...literalLines(value, column + layout.width)];
  return [isCollection(value) ? flowText(value, layout, quoting) : inlineScalar(value, false, quoting)];
}

/** A mapping or a list with a line for each. */
export function collectionLines(
  value: Collection,
  column: number,
  layout: Layout,
  quoting: Quoting,
): readonly string[] {
  if (isList(value)) return value.flatMap((item) => itemLines(item, column, layout, quoting));
  return Object.entries(value).flatMap(([key, each]) => entryLines(key, each, column, layout, quoting));
}

/** The lines of `- item` at a column, with so many blanks behind the dash. */
export function itemLines(item: Plain, column: number, layout: Layout, quoting: Quoting, gap = 1): readonly string[] {
  const dash = `${" ".repeat(column)}-${" ".repeat(gap)}`;
  if (isCollection(item) && !isEmpty(item)) {
    const [first = "", ...rest] = collectionLines(item, column + 1 + gap, layout, quoting);
    return [dash + first.trimStart(), ...rest];
  }
  const [first = "", ...rest] = valueLines(item, column, { ...layout, width: 1 + gap }, quoting);
  return [dash + first, ...rest];
}
