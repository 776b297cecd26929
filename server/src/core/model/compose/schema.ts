/**
 * What compose has against a file: the schema's rules, and those it checks behind the schema. Every value is judged as it is used,
 * merge keys and aliases followed; a fault in what is used several times is there once, where it is written.
 */
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { CHECKS } from "./schema-checks.ts";
import { keyKind, scalarKind } from "./go-yaml.ts";
import type { Place, Report, SchemaFault, Suggestion } from "./schema-fault.ts";
import { grammarProblem } from "./schema-grammars.ts";
import { hasVariables, unescaped } from "./interpolation.ts";
import { below, fileShape, type Shape } from "./schema-shapes.ts";
import { belongs, either, expected, found, nameOf, quoted, subject, withKind } from "./schema-words.ts";

export type { SchemaFault, Suggestion } from "./schema-fault.ts";
export { keysAt, valuesAt } from "./schema-shapes.ts";

export function schemaFaults(root: YamlNode): readonly SchemaFault[] {
  const faults = new Map<string, SchemaFault>();
  const visit = (node: YamlNode, place: Place): void => {
    if (node.tag === "!reset") return;
    const report: Report = (fault) => {
      const key = `${fault.span.start} ${fault.message}`;
      if (!faults.has(key)) faults.set(key, { path: place.path, ...fault });
    };
    if (!kindFits(node, place, report)) return;
    if (node.kind === "scalar") checkScalar(node, place, report);
    else if (node.kind === "list") checkList(node, place, report, visit);
    else checkMap(node, place, report, visit);
    CHECKS[place.at]?.(node, place, report);
  };
  visit(root, { shape: fileShape(), path: [], at: "", keySpan: { start: root.span.start, end: root.span.start } });
  return [...faults.values()].toSorted((a, b) => a.span.start - b.span.start);
}

type Visit = (node: YamlNode, place: Place) => void;

/** Where a value is marked: a block of lines by its key, nothing by its key, everything else itself. */
export function spanOf(node: YamlNode, { keySpan }: Place): Pick<SchemaFault, "span" | "at"> {
  const isBlock = node.kind !== "scalar" && !node.flow && !node.via;
  const isEmpty = node.span.start >= node.span.end;
  if (!isBlock && !isEmpty) return { span: node.span, at: "value" };
  return keySpan.start < keySpan.end ? { span: keySpan, at: "key" } : { span: firstOf(node), at: "value" };
}

/** Of a block its first key or item. */
const firstOf = (node: YamlNode): Span =>
  (node.kind === "map" ? node.written[0]?.keySpan : node.kind === "list" ? node.items[0]?.span : undefined) ??
  node.span;

function kindFits(node: YamlNode, place: Place, report: Report): boolean {
  const { is } = place.shape;
  const kind = node.kind === "scalar" ? scalarKind(node) : node.kind;
  if (is.length === 0) return kind !== "date" || place.shape.open;
  if (kind !== "date" && (is.includes(kind) || (kind === "integer" && is.includes("number")))) return true;
  // A variable may hold anything that is written without line breaks and brackets.
  const takesScalar = is.some((each) => each !== "list" && each !== "map" && each !== "null");
  if (node.kind === "scalar" && takesScalar && hasVariables(node.text)) return false;
  const suggestion = suggestedValue(node, place.shape);
  const name = subject(place.path);
  const wanted = expected(place.shape);
  const message =
    kind === "null" ? `${name} is empty; it has to be ${wanted}` : `${name} has to be ${wanted}, not ${found(node)}`;
  report({ ...spanOf(node, place), message: message + belongs(node, place), ...(suggestion && { suggestion }) });
  return false;
}

/** Scalars that only have to be written differently. */
function suggestedValue(node: YamlNode, { is, grammar, items, enum: values }: Shape): Suggestion | undefined {
  if (node.kind !== "scalar" || node.via || node.span.start >= node.span.end || values) return undefined;
  const kind = scalarKind(node);
  const { span, text } = node;
  if (is.includes("string") && kind !== "null") {
    if (grammar === "duration" && kind === "integer")
      return { span, text: `${text}s`, title: `Make it ${text} seconds`, same: false };
    if (grammar === undefined || grammar === "octal")
      return { span, text: `"${text}"`, title: `Quote ${text}`, same: true };
    return undefined;
  }
  if (!is.includes("list") || kind === "null" || node.style === "literal" || node.style === "folded") return undefined;
  if (!items?.is.includes("string") || /[\s,\\"]/.test(text)) return undefined;
  const item = node.style === "plain" && kind === "string" && !/[[\]{}]/.test(text) ? text : `"${text}"`;
  return { span, text: `[${item}]`, title: "Make it a list", same: false };
}

function checkScalar(node: YamlScalar, place: Place, report: Report): void {
  const { shape } = place;
  const kind = scalarKind(node);
  if (kind === "null" || (kind === "string" && hasVariables(node.text))) return;
  const text = kind === "string" ? unescaped(node.text) : node.text;
  const problem = kind === "string" ? textProblem(text, place) : undefined;
  if (problem) {
    report({ ...spanOf(node, place), message: problem.message, ...suggestionFor(node, problem.instead) });
    return;
  }
  const { min = -Infinity, max = Infinity } = shape;
  const value = kind !== "string" || shape.grammar === "int" || shape.grammar === "float" ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return;
  if (Number.isNaN(value) || (min === -Infinity && max === Infinity)) return;
  const range = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  report({ ...spanOf(node, place), message: `${subject(place.path)} has to be ${range}, not ${node.text}` });
}

interface TextProblem {
  readonly message: string;
  readonly instead?: string | undefined;
}

function textProblem(text: string, { shape, path }: Place): TextProblem | undefined {
  const name = subject(path);
  if (shape.enum && !shape.enum.includes(text)) {
    const instead = nearest(text, shape.enum);
    return { message: `${name} has to be ${either(shape.enum)}, not ${quoted(text)}`, instead };
  }
  if (shape.pattern && !shape.pattern.test(text)) {
    if (!shape.examples)
      return { message: `${name} ${quoted(text)} does not look as compose wants it: ${shape.pattern.source}` };
    const instead = nearest(text, shape.examples);
    return { message: `${name} cannot be ${quoted(text)}${didYouMean(text, shape.examples)}`, instead };
  }
  return shape.grammar && grammarProblem(shape.grammar, name, text);
}

function suggestionFor(node: YamlScalar, instead: string | undefined): Pick<SchemaFault, "suggestion"> {
  if (instead === undefined || node.via) return {};
  const quote = node.style === "double" ? '"' : node.style === "single" ? "'" : "";
  const text = `${quote}${instead}${quote}`;
  return { suggestion: { span: node.span, text, title: `Replace it with ${instead}`, same: false } };
}

function checkList(node: YamlList, place: Place, report: Report, visit: Visit): void {
  const { shape, path, at } = place;
  const { items } = shape;
  if (items)
    for (const [index, item] of node.items.entries())
      visit(item, { shape: items, path: [...path, index], at: `${at}.*`, keySpan: NOWHERE, parent: place });
  if (!shape.unique || node.items.length < 2) return;
  const seen = new Set<string>();
  for (const item of node.items) {
    if (item.kind !== "scalar") continue;
    if (seen.has(item.text))
      report({ span: item.span, at: "value", message: `${quoted(item.text)} is in ${String(path.at(-1))} twice` });
    seen.add(item.text);
  }
}

const NOWHERE: Span = { start: 0, end: 0 };

function checkMap(node: YamlMap, place: Place, report: Report, visit: Visit): void {
  const { shape, path, at } = place;
  for (const entry of node.entries) {
    const { key, keySpan, value } = entry;
    checkKeyKind(entry, place, report);
    const known = shape.keys.get(key);
    const next = known ?? below(shape, key);
    if (next) {
      const step = known ? key : "*";
      visit(value, {
        shape: next,
        path: [...path, key],
        at: at === "" ? step : `${at}.${step}`,
        keySpan,
        parent: place,
      });
    } else if (!shape.open && (shape.strict || !isExtension(key, shape)) && value.tag !== "!reset")
      report({
        span: keySpan,
        at: "key",
        path: [...path, key],
        ...unknownKey(entry, place),
        ...(IGNORANT.has(at) && NOBODY),
      });
  }
  for (const required of shape.required ?? [])
    if (!node.entries.some(({ key }) => key === required)) {
      const message = `${subject(path)} lacks ${required}, which it has to have`;
      report({ ...spanOf(node, place), message, missing: true });
    }
}

/** Places where compose passes over keys it does not know. */
const IGNORANT: ReadonlySet<string> = new Set(["include.*"]);
const NOBODY = { by: "nobody" } as const;

const isExtension = (key: string, { keys }: Shape): boolean => keys.size > 0 && key.startsWith("x-");

function checkKeyKind(entry: YamlEntry, { path }: Place, report: Report): void {
  const kind = keyKind(entry);
  if (kind === "string" || entry.key === "<<") return;
  const { key, keySpan: span } = entry;
  const what =
    kind === "null"
      ? "A key is empty"
      : `The key ${key} is ${withKind(kind)}, and compose takes keys that are text only`;
  const suggestion: Suggestion = { span, text: `"${key}"`, title: `Quote ${key}`, same: true };
  const message = `${what}${kind === "null" ? "; it has to be text" : ""}`;
  report({ span, at: "key", path: [...path, key], message, ...(key !== "" && { suggestion }) });
}

/** Keys that compose files of other times had, and what became of them. */
const GONE: Readonly<Record<string, string>> = {
  net: "network_mode",
  log_driver: "driver of logging",
  log_opt: "options of logging",
  volume_driver: "driver of a volume",
};

const FEW = 8;

function unknownKey({ key, keySpan, value }: YamlEntry, place: Place): Pick<SchemaFault, "message" | "suggestion"> {
  const { shape, path, at } = place;
  const name = subject(path);
  if (shape.named && shape.names)
    return {
      message: `${quoted(key)} cannot be a name in ${String(path.at(-1))}: letters, digits, dots, dashes and underscores only`,
    };
  if (at === "" && looksLikeService(value))
    return {
      message: `${key} looks like a service, and services stand below services:; a compose file has no such key`,
    };
  const elsewhere = homeOf(key, place) ?? (at === "services.*" ? renamed(key) : undefined);
  if (elsewhere !== undefined) return { message: `${name} has no key ${key}; ${elsewhere}` };
  const all = [...shape.keys.keys()];
  const near = nearest(key, all);
  const few = near === undefined && all.length <= FEW && all.length > 0 ? `; it has ${all.join(", ")}` : "";
  const message = `${name} has no key ${key}${didYouMean(key, all)}${few}`;
  if (near === undefined) return { message };
  return { message, suggestion: { span: keySpan, text: near, title: `Rename ${key} to ${near}`, same: false } };
}

const renamed = (key: string): string | undefined => {
  const now = Object.hasOwn(GONE, key) ? GONE[key] : undefined;
  return now === undefined ? undefined : `today that is ${now}`;
};

function looksLikeService(value: YamlNode): boolean {
  if (value.kind !== "map") return false;
  return value.entries.some(({ key }) => key === "image" || key === "build");
}

/** The place around or below this one that has such a key, as the end of a sentence. */
function homeOf(key: string, { shape, path, parent }: Place): string | undefined {
  const holders = [...shape.keys].filter(([, each]) => each.keys.has(key)).map(([holder]) => holder);
  if (holders.length === 1) return `it belongs into ${holders[0]}`;
  for (let at = parent, way = path.slice(0, -1); at !== undefined; at = at.parent, way = way.slice(0, -1))
    if (at.shape.keys.has(key)) return `it is a key of ${nameOf(way)}: is it indented too far?`;
  return undefined;
}
