/** Whether a value is of a kind its place takes, and whether its text is. */
import type { Span } from "../../text/edit.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { YamlNode, YamlScalar } from "../../text/yaml.ts";
import { isUnknownAlias, scalarKind } from "./go-yaml.ts";
import { hasVariables, unescaped } from "./interpolation.ts";
import type { Place, Report, SchemaFault, Suggestion } from "./schema-fault.ts";
import { grammarProblem } from "./schema-grammars.ts";
import type { Shape } from "./schema-shapes.ts";
import { belongs, either, expected, found, quoted, subject } from "./schema-words.ts";

/** Where a value is marked: a block of lines by its key, nothing by its key, everything else itself. */
export function spanOf(node: YamlNode, { keySpan }: Place): Pick<SchemaFault, "span" | "at"> {
  const isBlock = node.kind !== "scalar" && !node.flow && !node.via;
  const isEmpty = node.span.start >= node.span.end;
  if (!isBlock && !isEmpty) return { span: node.span, at: "value" };
  return keySpan.start < keySpan.end ? { span: keySpan, at: "key" } : { span: firstOf(node), at: "value" };
}

/** Of a block its first key or item. */
function firstOf(node: YamlNode): Span {
  if (node.kind === "scalar") return node.span;
  return (node.kind === "map" ? node.written[0]?.keySpan : node.items[0]?.span) ?? node.span;
}

/** False as well where a variable leaves it open. */
export function kindFits(node: YamlNode, place: Place, report: Report): boolean {
  const { is } = place.shape;
  const kind = node.kind === "scalar" ? scalarKind(node) : node.kind;
  if (is.length === 0) return true;
  if (isUnknownAlias(node)) return false;
  if (kind !== "date" && (is.includes(kind) || (kind === "integer" && is.includes("number")))) return true;
  const takesScalar = is.some((each) => each !== "list" && each !== "map" && each !== "null");
  if (node.kind === "scalar" && takesScalar && hasVariables(node.text)) return false;
  const suggestion = suggestedValue(node, place.shape);
  const wanted = `${subject(place)} ${kind === "null" ? "is empty; it " : ""}has to be ${expected(place.shape)}`;
  const message = kind === "null" ? wanted : `${wanted}, not ${found(node)}`;
  report({ ...spanOf(node, place), message: message + belongs(node, place), ...(suggestion && { suggestion }) });
  return false;
}

/** Scalars that only have to be written differently. */
function suggestedValue(node: YamlNode, { is, grammar, items, enum: values }: Shape): Suggestion | undefined {
  if (node.kind !== "scalar" || node.via || node.span.start >= node.span.end || values) return undefined;
  const kind = scalarKind(node);
  const { span, text } = node;
  if (kind === "null") return undefined;
  if (is.includes("string")) {
    if (grammar === "duration" && kind === "integer")
      return { span, text: `${text}s`, title: `Make it ${text} seconds`, same: false };
    return grammar === undefined ? { span, text: `"${text}"`, title: `Quote ${text}`, same: true } : undefined;
  }
  if (!is.includes("list") || node.style === "literal" || node.style === "folded") return undefined;
  if (!items?.is.includes("string") || /[\s,\\"]/.test(text)) return undefined;
  const item = node.style === "plain" && kind === "string" && !/[[\]{}]/.test(text) ? text : `"${text}"`;
  return { span, text: `[${item}]`, title: "Make it a list", same: false };
}

export function checkScalar(node: YamlScalar, place: Place, report: Report): void {
  const { shape } = place;
  const kind = scalarKind(node);
  if (kind === "null" || (kind === "string" && hasVariables(node.text))) return;
  const text = kind === "string" ? unescaped(node.text) : node.text;
  const problem = kind === "string" ? textProblem(text, place) : undefined;
  const isNumber = kind !== "string" || shape.grammar === "int" || shape.grammar === "float";
  if (problem) {
    const { message, instead, by } = problem;
    report({ ...spanOf(node, place), message, ...(by && { by }), ...insteadOf(node, instead) });
  } else if (isNumber) checkRange(node, Number(text), place, report);
}

function checkRange(node: YamlScalar, value: number, place: Place, report: Report): void {
  const { min = -Infinity, max = Infinity } = place.shape;
  if (Number.isNaN(value) || (value >= min && value <= max)) return;
  const range = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  report({ ...spanOf(node, place), message: `${subject(place)} has to be ${range}, not ${node.text}` });
}

interface TextProblem extends Pick<SchemaFault, "message" | "by"> {
  readonly instead?: string | undefined;
}

function textProblem(text: string, place: Place): TextProblem | undefined {
  const { shape, at } = place;
  const name = subject(place);
  if (shape.enum && !shape.enum.includes(text)) {
    const instead = nearest(text, shape.enum);
    const words = shape.is.includes("list") ? [...shape.enum, "a list"] : shape.enum;
    return { message: `${name} has to be ${either(words)}, not ${quoted(text)}`, instead };
  }
  if (shape.pattern && !shape.pattern.test(text)) return patternProblem(text, name, shape);
  if (shape.grammar === undefined) return undefined;
  const problem = grammarProblem(shape.grammar, name, text);
  if (!problem || !EXTERNAL.test(at)) return problem;
  return { message: `${problem.message}; what it is called elsewhere goes into name`, by: "compose" };
}

/** `external: name`: other engines take any text for true, and the file may be for them. */
const EXTERNAL = /^(?:networks|secrets|configs)\.\*\.external$/;

/** Patterns are those of places that have known values too. */
const patternProblem = (text: string, name: string, { examples = [] }: Shape): TextProblem => ({
  message: `${name} cannot be ${quoted(text)}${didYouMean(text, examples)}`,
  instead: nearest(text, examples),
});

function insteadOf(node: YamlScalar, instead: string | undefined): Pick<SchemaFault, "suggestion"> {
  if (instead === undefined || node.via || node.style === "literal" || node.style === "folded") return {};
  const quote = { double: '"', single: "'", plain: "" }[node.style];
  const text = `${quote}${instead}${quote}`;
  return { suggestion: { span: node.span, text, title: `Replace it with ${instead}`, same: false } };
}
