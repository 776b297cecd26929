/**
 * Edits at a place of a compose file: the smallest that does the work, in the file's own indentation, quoting and form. Comments,
 * order and anchors stay; what stands elsewhere, or is used elsewhere through an anchor, is not changed: the reason is given instead.
 */
import { type Edit, insert, remove, replace } from "../../text/edit.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { type EditOptions, elsewhere, neededElsewhere, refusalFor } from "./editable.ts";
import { scalarKind } from "./go-yaml.ts";
import {
  beginsLine,
  blockEnd,
  columnOf,
  commentsIn,
  contentEnd,
  dashOf,
  endsOpen,
  hasOddKey,
  isSeparated,
  type Layout,
  layoutOf,
  lineEnd,
  lineStart,
  nextLine,
  padOf,
  type Place,
  placesOf,
  propsEnd,
  runsOn,
  sizeOf,
  slotOf,
} from "./layout.ts";
import type { Change, ComposeFile } from "./model.ts";
import {
  collectionLines,
  entryLines,
  flowText,
  inlineScalar,
  isCollection,
  isEmpty,
  isPlain,
  itemLines,
  literalHeader,
  literalLines,
  type Plain,
  type Quoting,
  quoted,
  valueLines,
} from "./written.ts";

export { type EditOptions, sharedBy } from "./editable.ts";
export { reorderItems, reorderKeys } from "./reorder.ts";
export type { Plain } from "./written.ts";

/** Where a key goes: behind the last of these that is there, else at the end. */
export interface Placing {
  readonly after?: readonly string[];
  /** In front of all others. */
  readonly first?: boolean;
}

const UNUSUAL = "it is written in a form that is left alone";

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
 * Without a key. A comment on a line above stays: it may be about more than this key, and only a person can tell. What stands
 * behind the value, or between its lines, is about what goes, and goes too.
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
  return removeOne(compose, map, index);
}

/** Without an item of a list, unless it is the only one: what an empty list means depends on the key. */
export function removeItem(compose: ComposeFile, list: YamlList, item: YamlNode, options: EditOptions = {}): Change {
  const refusal = refusalFor(compose, list, options);
  if (refusal !== undefined) return { refusal };
  const index = list.items.indexOf(item);
  return index < 0 ? { refusal: "it is not in the list" } : removeOne(compose, list, index);
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

/** The quotes most texts of the file have that have any. */
export const prevailingQuotes = (compose: ComposeFile): "single" | "double" => layoutOf(compose).quote;

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

const isFlow = (compose: ComposeFile, node: YamlMap | YamlList): boolean =>
  node.flow || (placesOf(compose).get(node)?.flow ?? false);

/** JSON wants quotes around all texts; where every key has them, it is taken for JSON. */
const flowQuoting = (compose: ComposeFile, map: YamlMap): Quoting =>
  map.written.every(({ keySpan }) => compose.text[keySpan.start] === '"')
    ? { quote: "double", always: true }
    : { quote: layoutOf(compose).quote };

/** As the items beside it, when all texts there have quotes. */
function itemQuoting(compose: ComposeFile, list: YamlList): Quoting {
  const texts = list.items.filter((item) => item.kind === "scalar" && typeof item.value === "string");
  const styles = texts.map((item) => (item.kind === "scalar" ? item.style : "plain"));
  const last = styles.at(-1);
  if ((last === "single" || last === "double") && styles.every((style) => style === "single" || style === "double"))
    return { quote: last, always: true };
  return { quote: layoutOf(compose).quote };
}

/** The blanks behind a dash. */
const gapBehind = ({ text }: ComposeFile, dash: number): number =>
  / +(?=[^\s#])/y.exec(text.slice(dash + 1))?.[0].length ?? 1;

const valueAt = (node: YamlMap | YamlList, index: number): YamlNode | undefined =>
  node.kind === "map" ? node.written[index]?.value : node.items[index];

/** Where an entry or an item begins: its key, its dash, or what stands behind a bracket or comma. */
function startAt(compose: ComposeFile, node: YamlMap | YamlList, index: number): number {
  if (!isFlow(compose, node))
    return node.kind === "map" ? (node.written[index]?.keySpan.start ?? node.span.start) : dashOf(compose, node, index);
  const before = valueAt(node, index - 1);
  const from = before ? commaBehind(compose, contentEnd(compose, before)) : node.span.start + 1;
  return from + (/^(?:\s|(?<![^\s,[{])#[^\n]*)*/.exec(compose.text.slice(from))?.[0].length ?? 0);
}

/** Behind the comma that follows, whatever comments stand before it; where it was looked for when there is none. */
const commaBehind = ({ text }: ComposeFile, at: number): number =>
  at + (/^(?:\s|(?<=\s)#[^\n]*)*,/.exec(text.slice(at))?.[0].length ?? 0);

function addBehind(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  column: number,
  write: (oneLine: boolean) => readonly string[],
): Change {
  const last = valueAt(node, index);
  const starts = startAt(compose, node, index);
  if (!last || compose.text.slice(lineStart(compose, starts), starts).includes("\t")) return { refusal: UNUSUAL };
  const at = blockEnd(compose, contentEnd(compose, last), column);
  const blank = isSeparated(compose, node) && !endsOpen(compose, last) ? compose.eol : "";
  const lines = write(runsOn(compose, at, column));
  return { edits: [insert(at, compose.eol + blank + lines.join(compose.eol))] };
}

/** Behind comments at the head of the file, which are about all of it; above those that are about the first key. */
function addInFront(compose: ComposeFile, map: YamlMap, start: number, lines: readonly string[]): Change {
  const { eol } = compose;
  const blank = isSeparated(compose, map) ? eol : "";
  const indentation = " ".repeat(columnOf(compose, start));
  return { edits: [insert(start, lines.join(eol).trimStart() + eol + blank + indentation)] };
}

function addToFlow(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  first: boolean,
  text: string,
): Change {
  const start = startAt(compose, node, first ? 0 : index);
  if (first) return { edits: [insert(start, `${text}, `)] };
  const last = valueAt(node, index);
  if (!last) return { refusal: UNUSUAL };
  const end = contentEnd(compose, last);
  if (!beginsLine(compose, start)) return { edits: [insert(end, `, ${text}`)] };
  // A line for each: the new one gets its own, and comments stay behind what they were behind.
  const line = compose.eol + " ".repeat(columnOf(compose, start)) + text;
  const lineBreak = lineEnd(compose, end);
  const rest = compose.text.slice(end, lineBreak);
  if (/^[ \t]*,[ \t]*(?:#.*)?$/.test(rest)) return { edits: [insert(lineBreak, `${line},`)] };
  if (/^[ \t]*(?:#.*)?$/.test(rest) && commaBehind(compose, end) === end)
    return { edits: rest === "" ? [insert(end, `,${line}`)] : [insert(end, ","), insert(lineBreak, line)] };
  return { edits: [insert(end, `,${line}`)] };
}

function removeOne(compose: ComposeFile, node: YamlMap | YamlList, index: number): Change {
  if (sizeOf(node) === 1) return { refusal: "nothing else is there" };
  const value = valueAt(node, index);
  if (!value || (!isFlow(compose, node) && hasOddKey(compose, node))) return { refusal: UNUSUAL };
  const start = startAt(compose, node, index);
  const end = contentEnd(compose, value);
  const refusal = neededElsewhere(compose, { start, end: Math.max(end, value.span.end) });
  if (refusal !== undefined) return { refusal };
  if (isFlow(compose, node)) return removeFromFlow(compose, node, index, start, end);
  if (!beginsLine(compose, start)) return removeBehindDash(compose, node, index, start, end);
  return { edits: [remove(linesOf(compose, node, index, start, end))] };
}

/** The lines of an entry, with the blank lines that would stand twice without it. */
function linesOf(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  start: number,
  end: number,
): { start: number; end: number } {
  const { text } = compose;
  const before = valueAt(node, index - 1);
  const from = lineStart(compose, start);
  const last = blockEnd(compose, end, columnOf(compose, start));
  const to = nextLine(compose, last);
  const blanks = /^(?:[ \t]*\r?\n)+/.exec(text.slice(to))?.[0].length ?? 0;
  if (text.slice(to).trim() === "") {
    // At the end of the text: what set it apart from the one before goes, and the text ends as it did.
    if (before && endsOpen(compose, before)) return { start: from, end: to };
    const above = text.slice(before ? lineEnd(compose, contentEnd(compose, before)) : from, from);
    const blank = /(?:\r?\n[ \t]*)*\r?\n$/.exec(above)?.[0];
    if (blank !== undefined) return { start: from - blank.length, end: last };
    return { start: from, end: to };
  }
  const above = text.slice(0, from);
  const opensBlank = /(?:^\uFEFF?|\n[ \t]*\r?\n)$/.test(above);
  const joins =
    opensBlank || (before ? endsOpen(compose, before) : lineEnd(compose, slotBefore(compose, node)) + 2 >= from);
  return { start: from, end: to + (joins ? blanks : 0) };
}

const slotBefore = (compose: ComposeFile, node: YamlNode): number => {
  const place = placesOf(compose).get(node);
  return place ? slotOf(compose, place) : 0;
};

/** The first of several behind a dash: the next one moves up, unless comments stand in between. */
function removeBehindDash(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  start: number,
  end: number,
): Change {
  const next = startAt(compose, node, index + 1);
  const line = lineEnd(compose, end);
  if (commentsIn(compose, line, next).length === 0) return { edits: [remove({ start, end: next })] };
  const blanks = /[ \t]*$/.exec(compose.text.slice(0, start))?.[0].length ?? 0;
  return { edits: [remove({ start: start - blanks, end: line })] };
}

function removeFromFlow(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  index: number,
  start: number,
  end: number,
): Change {
  const isLast = index === sizeOf(node) - 1;
  const before = valueAt(node, index - 1);
  const previous = before ? contentEnd(compose, before) : start;
  const lineBreak = lineEnd(compose, end);
  if (beginsLine(compose, start) && /^[ \t]*,?[ \t]*(?:#.*)?$/.test(compose.text.slice(end, lineBreak))) {
    const line = remove({ start: lineStart(compose, start), end: nextLine(compose, lineBreak) });
    const comma = commaBehind(compose, previous);
    const dangles = isLast && before && commaBehind(compose, end) === end && comma > previous;
    return { edits: dangles ? [remove({ start: comma - 1, end: comma }), line] : [line] };
  }
  const stretch = isLast ? { start: previous, end } : { start, end: startAt(compose, node, index + 1) };
  if (commentsIn(compose, stretch.start, stretch.end).length > 0) return { refusal: "there are comments beside it" };
  return { edits: [remove(stretch)] };
}

/** @param node written here, or the alias that is */
function replaced(compose: ComposeFile, node: YamlNode, value: Plain): Change {
  const place = placesOf(compose).get(node);
  if (!place) return { refusal: UNUSUAL };
  const end = contentEnd(compose, node);
  const slot = slotOf(compose, place);
  const refusal = node.via ? undefined : neededInside(compose, node);
  if (refusal !== undefined) return { refusal };
  const isBlock = node.kind !== "scalar" && !node.via && !node.flow;
  const commentsEnd = isBlock ? lineEnd(compose, end) : end;
  if (commentsIn(compose, node.span.start, commentsEnd).some(({ span }) => !isHeader(compose, node, span.start)))
    return { refusal: "there are comments in it" };
  if (!fitsTag(node, value)) return { refusal: `it is marked as ${node.tag ?? ""}` };

  const layout = layoutOf(compose);
  const column = place.flow || !place.parent ? 0 : columnAt(compose, place);
  const oneLine = runsOn(compose, end, column);
  const quoting = { ...quotingOf(compose, node, place), oneLine };
  const isEmptyText = node.kind === "scalar" && !node.via && node.span.start >= end && node.style === "plain";
  const isFlowForm = node.kind !== "scalar" && !node.via && node.flow && sizeOf(node) > 0;
  if (place.flow || !place.parent || (isFlowForm && isCollection(value))) {
    if (isEmptyText)
      return { edits: [insert(end, `${gapAt(compose, place, slot)}${flowText(value, layout, quoting)}`)] };
    const pads =
      node.kind !== "scalar" && node.flow && sizeOf(node) > 0
        ? { mapPad: padOf(compose, node), listPad: padOf(compose, node) }
        : {};
    return { edits: [replace({ start: node.span.start, end }, flowText(value, { ...layout, ...pads }, quoting))] };
  }
  const block = isBlockText(node) && typeof value === "string" ? blockText(compose, node, end, value) : undefined;
  if (block) return block;

  const isItem = place.parent.kind === "list";
  const lines = isItem
    ? itemValueLines(compose, node, slot, value, column, layout, quoting)
    : valueLines(value, column, layout, quoting);
  if (isBlock) return replacedBlock(compose, node, end, slot, isItem, lines, value);
  return replacedInline(compose, node, end, slot, isEmptyText, lines);
}

/** What stands behind a dash; below it when an anchor or a tag stands there, which would be taken for the first key's. */
function itemValueLines(
  compose: ComposeFile,
  node: YamlNode,
  slot: number,
  value: Plain,
  column: number,
  layout: Layout,
  quoting: Quoting,
): readonly string[] {
  if (isCollection(value) && !isEmpty(value) && propsEnd(compose, slot, false) > slot)
    return ["", ...collectionLines(value, column + 2, layout, quoting)];
  const isBeside = lineStart(compose, node.span.start) === lineStart(compose, slot) && node.span.end > node.span.start;
  const gap = isBeside ? Math.max(1, columnOf(compose, node.span.start) - column - 1) : 1;
  const [first = "", ...rest] = itemLines(value, column, layout, quoting, gap);
  return [first.slice(column + 1 + gap), ...rest];
}

/** A colon is missing in `{key}`. */
const gapAt = ({ text }: ComposeFile, { parent }: Place, slot: number): string =>
  parent?.kind === "map" && text[slot - 1] !== ":" ? ": " : " ";

/** An anchor inside that is used outside; the node's own stays in front of the new value. */
function neededInside(compose: ComposeFile, node: YamlNode): string | undefined {
  const others = compose.anchors.filter((anchor) => anchor.node !== node);
  return neededElsewhere({ ...compose, anchors: others }, node.span);
}

/** The comment behind the `|` of a text of several lines. */
const isHeader = (compose: ComposeFile, node: YamlNode, at: number): boolean =>
  isBlockText(node) && at < lineEnd(compose, node.span.start);

const isBlockText = (node: YamlNode): boolean =>
  node.kind === "scalar" && !node.via && (node.style === "literal" || node.style === "folded");

/** A tag stays, so it has to be true of the new value: `!reset` lets none hold, and behind a tag of one's own numbers are texts. */
function fitsTag({ tag }: YamlNode, value: Plain): boolean {
  if (tag === undefined) return true;
  if (tag === "!!str") return typeof value === "string";
  return !tag.startsWith("!!") && tag !== "!reset" && (isCollection(value) || typeof value === "string");
}

function quotingOf(compose: ComposeFile, node: YamlNode, { parent }: Place): Quoting {
  if (node.kind === "scalar" && !node.via && (node.style === "single" || node.style === "double"))
    return { quote: node.style, always: true };
  if (parent?.kind === "map" && parent.flow) return flowQuoting(compose, parent);
  if (node.kind === "list" && !node.via && node.items.length > 0) return itemQuoting(compose, node);
  return { quote: layoutOf(compose).quote };
}

/** The column of the key or the dash that a value stands behind. */
function columnAt(compose: ComposeFile, { parent, index }: Place): number {
  if (parent?.kind === "map") return columnOf(compose, parent.written[index]?.keySpan.start ?? 0);
  return parent ? columnOf(compose, dashOf(compose, parent, index)) : 0;
}

/** A text of several lines goes on as one: the same mark, indentation and comment, other lines. */
function blockText(compose: ComposeFile, node: YamlNode, end: number, value: string): Change | undefined {
  if (value.trim() === "" || /^\s|[\t\r]| \n|\n\n$/.test(value)) return undefined;
  const { text, eol } = compose;
  const headEnd = lineEnd(compose, node.span.start);
  const head = text.slice(node.span.start, headEnd);
  const mark = /^([|>])[-+\d]*/.exec(head);
  const indentation = /^( *)\S/m.exec(text.slice(nextLine(compose, headEnd), end))?.[1]?.length;
  if (!mark || indentation === undefined) return undefined;
  // In a folded text one break is a blank, two are a break.
  const body = mark[1] === ">" ? value.replace(/\n$/, "").replaceAll("\n", "\n\n") : value;
  const lines = literalLines(body, indentation);
  const header = `${mark[1] ?? "|"}${literalHeader(value)}${head.slice(mark[0].length)}`;
  return { edits: [replace({ start: node.span.start, end }, [header, ...lines].join(eol))] };
}

/** Instead of a value on the line of its key; a comment behind it stays there when the new one goes below. */
function replacedInline(
  compose: ComposeFile,
  node: YamlNode,
  end: number,
  slot: number,
  isEmptyText: boolean,
  [first = "", ...rest]: readonly string[],
): Change {
  const { eol, text } = compose;
  const lineBreak = lineEnd(compose, end);
  const props = propsEnd(compose, slot, false);
  const below = rest.map((line) => eol + line).join("");
  const isBlock = isBlockText(node);
  const edits: Edit[] = [];
  if (isEmptyText) {
    if (first !== "") edits.push(insert(end, ` ${first}`));
  } else {
    if (first === "" && text.slice(props, node.span.start).trim() !== "")
      return { refusal: "there are comments in it" };
    const start = first === "" ? props : node.span.start;
    edits.push(replace({ start, end: isBlock ? markEnd(compose, node) : end }, first));
  }
  if (isBlock) edits.push(replace({ start: Math.min(end, lineEnd(compose, node.span.start)), end }, below));
  else if (below !== "") edits.push(insert(lineBreak, below));
  return { edits };
}

/** Behind the `|-` of a text of several lines. */
const markEnd = ({ text }: ComposeFile, { span }: YamlNode): number =>
  span.start + (/^[|>][-+\d]*/.exec(text.slice(span.start))?.[0].length ?? 0);

/** Instead of lines below a key, or behind a dash. */
function replacedBlock(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  end: number,
  slot: number,
  isItem: boolean,
  [first = "", ...rest]: readonly string[],
  value: Plain,
): Change {
  const { eol, text } = compose;
  const { start } = node.span;
  if (!beginsLine(compose, start)) return { edits: [replace({ start, end }, [first, ...rest].join(eol))] };
  const head = lineEnd(compose, propsEnd(compose, slot, false));
  if (text.slice(head, start).trim() !== "") return { refusal: "there are comments in it" };
  if (isCollection(value) && !isEmpty(value) && Array.isArray(value) === (node.kind === "list")) {
    const layout = layoutOf(compose);
    const quoting = node.kind === "list" ? itemQuoting(compose, node) : { quote: layout.quote };
    const lines = collectionLines(value, columnOf(compose, start), layout, quoting);
    return { edits: [replace({ start: lineStart(compose, start), end }, lines.join(eol))] };
  }
  if (isItem || first !== "") {
    const at = propsEnd(compose, slot, false);
    const below = rest.map((line) => eol + line).join("");
    return { edits: [insert(at, ` ${first}`), replace({ start: head, end }, below)] };
  }
  return { edits: [replace({ start: head, end }, rest.map((line) => eol + line).join(""))] };
}
