/** Keys that could be written at a place, with what usually stands behind them. */
import { docOf, KEY_DOCS, type KeyDoc, referenceOf } from "../../model/compose/keys.ts";
import type { Shape } from "../../model/compose/schema-shapes.ts";
import { expected } from "../../model/compose/schema-words.ts";
import { isPlain, quoted } from "../../model/compose/written.ts";
import type { Completion, Setting } from "./completion-model.ts";
import type { Cursor } from "./cursor.ts";
import { documentationOf } from "./documentation.ts";

export function keyCompletions(setting: Setting): readonly Completion[] {
  const { cursor, shape, at } = setting;
  if (cursor.at === "value" || !shape) return [];
  // A list that was begun has items, and no keys.
  const isWord = /^\w*$/.test(cursor.typed) && (cursor.quote === "" || cursor.at === "key");
  // A mapping in brackets begins with a brace.
  const isMapping = isWord && (cursor.flow ? cursor.at === "key" : cursor.at === "item" || isMappingAt(cursor));
  const keys = isMapping ? [...shape.keys].filter(([key]) => !cursor.keys.has(key)) : [];
  const ranked = keys
    .map(([key, each]) => ({ key, each, rank: rankOf([...at, key].join("."), key, each, shape) }))
    .sort((a, b) => a.rank - b.rank);
  return [
    ...ranked.map(({ key, each }) => keyCompletion(setting, key, each, [...at, key])),
    ...(isMapping && shape.keys.size > 0 && !cursor.keys.has("<<") ? mergeKey(setting) : []),
    ...(cursor.at === "key" && !cursor.flow && cursor.keys.size === 0 ? itemCompletions(setting, shape) : []),
  ];
}

/** The items beside it are none, or belong to the key above, whose list is not indented. */
export const isMappingAt = ({ items, keys }: Cursor): boolean => items.size === 0 || keys.size > 0;

/** `<<`, where the file has anchors to merge. */
function mergeKey({ text, cursor }: Setting): readonly Completion[] {
  const anchors = anchorsIn(text);
  if (anchors.length === 0 || cursor.hasColon || cursor.quote !== "") return [];
  const about = "Merges the keys of an anchored mapping; those that are written here come before them.";
  return [
    { label: "<<", kind: "key", about, span: cursor.span, text: "<<: *", snippet: `<<: *\${1|${anchors.join(",")}|}` },
  ];
}

/** The names of anchors in a text. */
export const anchorsIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/(?<=[\s[,{])&([\w.-]+)/g)].map(([, name = ""]) => name)),
];

const PLACES: ReadonlyMap<string, number> = new Map(Object.keys(KEY_DOCS).map((path, index) => [path, index]));

/** Those that have to be there first, then as the documentation has them: what is used most before the rest. */
function rankOf(path: string, key: string, { deprecated }: Shape, { required = [] }: Shape): number {
  const place = PLACES.get(path) ?? PLACES.size;
  if (deprecated) return PLACES.size + place;
  return required.includes(key) ? place - PLACES.size : place;
}

function keyCompletion(setting: Setting, key: string, shape: Shape, path: readonly string[]): Completion {
  const doc = docOf(path);
  return {
    label: key,
    kind: "key",
    detail: expected(shape),
    about: documentationOf(doc, referenceOf(path)),
    ...keyText(setting, key, shape, doc),
    deprecated: shape.deprecated,
  };
}

/** A name that people choose, as a key. */
export const nameAsKey = (setting: Setting, name: string): Pick<Completion, "span" | "text" | "snippet"> =>
  keyText(setting, isPlain(name, setting.cursor.flow) ? name : quoted(name, "double"), setting.shape?.named, undefined);

/** The key and what begins its value: on its line, or below it in the file's own indentation. */
function keyText(
  { cursor, glance, eol }: Setting,
  key: string,
  shape: Shape | undefined,
  doc: KeyDoc | undefined,
): Pick<Completion, "span" | "text" | "snippet"> {
  const { span, flow, quote, hasColon, column } = cursor;
  if (hasColon || quote !== "") return { span, text: key };
  const kind = kindOf(shape, doc);
  if (kind === "bare") return { span, text: `${key}:` };
  if (flow) return inFlow(span, key, kind, shape, doc);
  if (kind === "text")
    return { span, text: `${key}: `, snippet: `${key}: ${inlineSnippet(shape, doc, column, glance.unit, eol)}` };
  const isList = kind === "list";
  const pad = " ".repeat(column + (isList ? glance.dash : glance.unit));
  const lead = `${key}:${eol}${pad}${isList ? "- " : ""}`;
  const lines = doc?.usual ?? (shape && !isList ? requiredLines(shape) : ["$0"]);
  const indented = lines.map((line) => deeper(line, glance.unit)).join(`${eol}${pad}${isList ? "  " : ""}`);
  return { span, text: lead, snippet: `${lead}${indented}` };
}

/** `bare`: a name that needs nothing behind it. */
type ValueKind = "text" | "list" | "map" | "bare";

function kindOf(shape: Shape | undefined, doc: KeyDoc | undefined): ValueKind {
  if (doc) return doc.form ?? "text";
  if (!shape) return "text";
  if (shape.is.includes("null")) return shape.is.includes("map") ? "bare" : "text";
  if (shape.is[0] === "map" || (shape.is.includes("map") && shape.is[0] !== "string")) return "map";
  return shape.is[0] === "list" ? "list" : "text";
}

function inFlow(
  span: Completion["span"],
  key: string,
  kind: ValueKind,
  shape: Shape | undefined,
  doc: KeyDoc | undefined,
): Pick<Completion, "span" | "text" | "snippet"> {
  if (kind === "text") {
    const isLong = doc?.usual !== undefined && doc.usual.length > 1;
    return { span, text: `${key}: `, snippet: `${key}: ${isLong ? "$0" : inlineSnippet(shape, doc, 0, 2, "\n")}` };
  }
  const [open, close] = kind === "list" ? ["[", "]"] : ["{", "}"];
  return { span, text: `${key}: ${open}${close}`, snippet: `${key}: ${open}$0${close === "}" ? "\\}" : close}` };
}

/** What stands behind the key of a text. */
function inlineSnippet(
  shape: Shape | undefined,
  doc: KeyDoc | undefined,
  column: number,
  unit: number,
  eol: string,
): string {
  if (doc?.usual) {
    const pad = " ".repeat(column + unit);
    return doc.usual.map((line) => deeper(line, unit)).join(`${eol}${pad}`);
  }
  const snippet = valueSnippet(shape, 1);
  return snippet === "$1" ? "$0" : snippet;
}

/** A choice where the values are known. */
function valueSnippet(shape: Shape | undefined, nth: number): string {
  const values = shape ? choicesOf(shape) : [];
  if (values.length === 0) return `$${nth}`;
  return `\${${nth}|${values.map((value) => value.replace(/[\\,|]/g, "\\$&")).join(",")}|}`;
}

function choicesOf({ is, enum: values, examples = [] }: Shape): readonly string[] {
  const texts = (values ?? examples).map((value) => (isPlain(value, false) ? value : quoted(value, "double")));
  return is[0] === "boolean" ? ["true", "false", ...texts] : texts;
}

/** The keys a mapping has to have, one a line; else a place for any. */
const requiredLines = ({ required = [], keys }: Shape): readonly string[] =>
  required.length === 0 ? ["$0"] : required.map((key, index) => `${key}: ${valueSnippet(keys.get(key), index + 1)}`);

/** The table indents by two; the file by its own unit. */
const deeper = (line: string, unit: number): string =>
  line.replace(/^(?: {2})+/, (blanks) => " ".repeat((blanks.length / 2) * unit));

/** Below a key whose list has not begun, or between its items: an item as it usually is. */
function itemCompletions({ cursor, at, eol, glance }: Setting, shape: Shape): readonly Completion[] {
  const doc = docOf(at);
  const [first = ""] = doc?.usual ?? [];
  if (!shape.items || doc?.form !== "list" || first === "" || /^\$\{?[01]/.test(first)) return [];
  const pad = " ".repeat(cursor.column + 2);
  const snippet = `- ${doc.usual?.map((line) => deeper(line, glance.unit)).join(`${eol}${pad}`) ?? ""}`;
  const label = `- ${first.replace(/\$\{\d:([^}]*)\}/g, "$1").replace(/\$\d/g, "")}`.trimEnd();
  return [
    { label, kind: "value", span: cursor.span, text: "- ", snippet, about: documentationOf(doc, referenceOf(at)) },
  ];
}
