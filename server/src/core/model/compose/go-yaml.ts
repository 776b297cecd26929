/**
 * What compose's YAML library (go-yaml 3) takes a scalar for. It reads more plain scalars as numbers than YAML 1.2 does (`1_000`,
 * `0b11`, `017` as octal), and a date as a time, which compose has no place for.
 */
import type { YamlEntry, YamlNode, YamlScalar } from "../../text/yaml.ts";

export type ScalarKind = "string" | "integer" | "number" | "boolean" | "null" | "date";

const INTEGER = /^[-+]?(?:0x[\da-f]+|0b[01]+|0o?[0-7]*|[1-9]\d*)$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE =
  /^\d{4}-(\d{1,2})-(\d{1,2})(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const NULL = /^(?:~|null|Null|NULL)?$/;

const TAGGED: Readonly<Record<string, ScalarKind>> = {
  "!!int": "integer",
  "!!float": "number",
  "!!bool": "boolean",
  "!!null": "null",
  "!!timestamp": "date",
};

/** A tag of one's own (`!override`) makes text of what it marks. */
export function scalarKind({ tag, style, text, value }: YamlScalar): ScalarKind {
  if (tag !== undefined) return TAGGED[tag] ?? (value === null && tag.startsWith("!!") ? "null" : "string");
  return style === "plain" ? plainKind(text) : "string";
}

/** A key counts as text only when it is; compose refuses the others. A quoted one is longer than its text. */
export function keyKind({ key, keySpan }: YamlEntry): ScalarKind {
  return keySpan.end - keySpan.start === key.length ? plainKind(key) : "string";
}

function plainKind(text: string): ScalarKind {
  if (NULL.test(text)) return "null";
  const first = text.charCodeAt(0);
  const isDigitOrSign = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (isDigitOrSign) {
    const digits = text.includes("_") ? text.replaceAll("_", "") : text;
    if (INTEGER.test(digits)) return "integer";
    if (FLOAT.test(digits)) return Number.isInteger(Number(digits)) ? "integer" : "number";
    if (isDate(text)) return "date";
  }
  if (first === 0x2e || isDigitOrSign) return NOT_FINITE.test(text) || FLOAT.test(text) ? "number" : "string";
  return BOOLEAN.test(text) ? "boolean" : "string";
}

function isDate(text: string): boolean {
  const [, month = "0", day = "0"] = DATE.exec(text) ?? [];
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
}

/** An alias whose anchor is not there says nothing of what it stands for. */
export const isUnknownAlias = (node: YamlNode): boolean =>
  node.kind === "scalar" && node.via?.kind === "alias" && node.text === "" && scalarKind(node) === "null";
