/**
 * Edits at a place of a compose file: the smallest that does the work, in the file's own indentation, quoting and form. Comments,
 * order and anchors stay; what stands elsewhere, or is used elsewhere through an anchor, is not changed: the reason is given instead.
 */
import { replace } from "../../text/edit.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { addBehind, addInFront, addToFlow } from "./additions.ts";
import { type EditOptions, elsewhere, refusalFor, UNUSUAL } from "./editable.ts";
import { scalarKind } from "./go-yaml.ts";
import { columnOf, dashOf, hasOddKey, layoutOf, placesOf } from "./layout.ts";
import type { Change, ComposeFile } from "./model.ts";
import { keepingComments } from "./kept-comments.ts";
import { removeOne } from "./removals.ts";
import { replaced } from "./replacing.ts";
import { flowQuoting, gapBehind, isFlow, itemQuoting } from "./spots.ts";
import { entryLines, flowText, inlineScalar, isPlain, itemLines, type Plain, quoted } from "./written.ts";

export { type EditOptions, sharedBy } from "./editable.ts";
export { reorderItems, reorderKeys } from "./reorder.ts";
export type { Plain } from "./written.ts";

/** Where a key goes: behind the last of these that is there, else at the end. */
export interface Placing {
  readonly after?: readonly string[];
  /** In front of all others. */
  readonly first?: boolean;
}

/** A key that is not there yet. An own key of a mapping goes before one that a merge key brings. */
export function addKey(
  compose: ComposeFile,
  map: YamlNode,
  key: string,
  value: Plain,
  { after = [], first = false }: Placing = {},
  options: EditOptions = {},
): Change {
  if (map.kind !== "map" || map.written.length === 0) return setValue(compose, map, { [key]: value }, options);
  const refusal = refusalFor(compose, map, options);
  if (refusal !== undefined) return { refusal };
  if (map.written.some((entry) => entry.key === key)) return { refusal: `${key} is there already` };
  const found = map.written.findLastIndex((entry) => after.includes(entry.key));
  const index = found < 0 ? map.written.length - 1 : found;
  if (isFlow(compose, map)) {
    if (compose.text[map.span.start] !== "{") return { refusal: UNUSUAL };
    const quoting = flowQuoting(compose, map);
    const text = flowText({ [key]: value }, { ...layoutOf(compose), mapPad: "" }, quoting).slice(1, -1);
    return addToFlow(compose, map, index, first, text);
  }
  if (hasOddKey(compose, map)) return { refusal: UNUSUAL };
  const start = map.written[0]?.keySpan.start ?? map.span.start;
  const column = columnOf(compose, start);
  const layout = layoutOf(compose);
  const write = (oneLine: boolean): readonly string[] =>
    entryLines(key, value, column, layout, { quote: layout.quote, oneLine });
  return first ? addInFront(compose, map, start, write(true)) : addBehind(compose, map, index, column, write);
}

/** An item at the end of a list. */
export function addItem(compose: ComposeFile, list: YamlNode, value: Plain, options: EditOptions = {}): Change {
  if (list.kind !== "list" || list.items.length === 0) return setValue(compose, list, [value], options);
  const refusal = refusalFor(compose, list, options);
  if (refusal !== undefined) return { refusal };
  const index = list.items.length - 1;
  const quoting = itemQuoting(compose, list);
  const layout = layoutOf(compose);
  if (isFlow(compose, list)) return addToFlow(compose, list, index, false, flowText(value, layout, quoting));
  const column = columnOf(compose, list.span.start);
  const gap = gapBehind(compose, dashOf(compose, list, index));
  return addBehind(compose, list, index, column, (oneLine) =>
    itemLines(value, column, layout, { ...quoting, oneLine }, gap),
  );
}

/**
 * Without a key. Comments stay, those behind it and between its lines on lines of their own: what they say may be about more than
 * this key, and only a person can tell.
 */
export function removeKey(compose: ComposeFile, map: YamlMap, key: string, options: EditOptions = {}): Change {
  const refusal = refusalFor(compose, map, options);
  if (refusal !== undefined) return { refusal };
  const index = map.written.findIndex((entry) => entry.key === key);
  if (index < 0) {
    const via = map.entries.find((entry) => entry.key === key)?.via;
    return { refusal: via ? elsewhere(via) : `there is no ${key}` };
  }
  if (map.written.findLastIndex((entry) => entry.key === key) !== index) return { refusal: `${key} is there twice` };
  return keepingComments(compose, removeOne(compose, map, index));
}

/** Without an item of a list, unless it is the only one: what an empty list means depends on the key. */
export function removeItem(compose: ComposeFile, list: YamlList, item: YamlNode, options: EditOptions = {}): Change {
  const refusal = refusalFor(compose, list, options);
  if (refusal !== undefined) return { refusal };
  const index = list.items.indexOf(item);
  return index < 0 ? { refusal: "it is not in the list" } : keepingComments(compose, removeOne(compose, list, index));
}

/** Another value in the same place: quotes, block or flow form as they were, where the value can have them. */
export function setValue(compose: ComposeFile, node: YamlNode, value: Plain, options: EditOptions = {}): Change {
  const refusal = refusalFor(compose, node, options);
  return refusal === undefined ? replaced(compose, node, value) : { refusal };
}

/** A value of its own for a key whose value comes from an anchor: instead of the alias, or in front of what is merged in. */
export function override(
  compose: ComposeFile,
  map: YamlMap,
  key: string,
  value: Plain,
  placing: Placing = {},
  options: EditOptions = {},
): Change {
  const own = map.written.find((entry) => entry.key === key)?.value;
  if (!own) return addKey(compose, map, key, value, placing, options);
  if (own.via?.kind !== "alias") return setValue(compose, own, value, options);
  const refusal = refusalFor(compose, map, options);
  return refusal === undefined ? replaced(compose, own, value) : { refusal };
}

/** Another name for a key, in the quotes it has. */
export function renameKey(compose: ComposeFile, entry: YamlEntry, name: string, options: EditOptions = {}): Change {
  if (entry.via) return { refusal: elsewhere(entry.via) };
  const { start, end } = entry.keySpan;
  const isHere = (each: YamlEntry): boolean => each.keySpan.start === start && each.keySpan.end === end;
  const map = [...placesOf(compose).keys()].find((node) => node.kind === "map" && node.written.some(isHere));
  if (map?.kind !== "map") return { refusal: "it is not written in this file" };
  const refusal = refusalFor(compose, map, options);
  if (refusal !== undefined) return { refusal };
  if (map.written.some((each) => each.key === name && !isHere(each))) return { refusal: `${name} is there already` };
  const written = compose.text.slice(start, end);
  if (/^[*&!|>]/.test(written)) return { refusal: UNUSUAL };
  const mark = written[0] === '"' ? "double" : written[0] === "'" ? "single" : undefined;
  const text = mark ? quoted(name, mark) : inlineScalar(name, isFlow(compose, map), { quote: layoutOf(compose).quote });
  return { edits: [replace(entry.keySpan, text)] };
}

/** The same text in other quotes, or in none where it stays a text without them. */
export function setQuotes(
  compose: ComposeFile,
  node: YamlScalar,
  style: "plain" | "single" | "double",
  options: EditOptions = {},
): Change {
  const refusal = refusalFor(compose, node, options);
  if (refusal !== undefined) return { refusal };
  const { start, end } = node.span;
  const written = compose.text.slice(start, end);
  if (written === "" || /\n/.test(written) || node.style === "literal" || node.style === "folded")
    return { refusal: UNUSUAL };
  if (style !== "plain") return { edits: [replace({ start, end }, quoted(node.text, style))] };
  const place = placesOf(compose).get(node);
  if (!isPlain(node.text, place?.flow ?? true)) return { refusal: "without quotes it would mean something else" };
  return { edits: [replace({ start, end }, node.text)] };
}

/** The quotes most texts of the file have that have any; undefined when none has. */
export function prevailingQuotes(compose: ComposeFile): "single" | "double" | undefined {
  const isQuoted = (node: YamlNode): boolean =>
    node.kind === "scalar" && (node.style === "single" || node.style === "double");
  return [...placesOf(compose).keys()].some(isQuoted) ? layoutOf(compose).quote : undefined;
}

/** What a node comes to, to be written somewhere else: numbers as compose reads them, texts as texts. */
export function copyOf(node: YamlNode): Plain {
  if (node.kind === "list") return node.items.map(copyOf);
  if (node.kind === "map") return Object.fromEntries(node.entries.map(({ key, value }) => [key, copyOf(value)]));
  const kind = scalarKind(node);
  if (kind === "null") return null;
  if (kind === "boolean") return node.text.toLowerCase() === "true";
  if (kind === "integer" || kind === "number") return numberOf(node.text);
  return node.text;
}

function numberOf(text: string): number | string {
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
  const octal = /^0o?([0-7]+)$/.exec(digits);
  const amount = octal ? Number.parseInt(octal[1] ?? "", 8) : Number(digits.replace(/^0B/, "0b"));
  if (Number.isNaN(amount)) return text;
  return sign === "-" ? -amount : amount;
}
