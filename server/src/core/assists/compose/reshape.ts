/**
 * Other forms of what is written: a value in the place of a value, a list's items as a mapping's entries and the other way round.
 * Every comment survives: behind its line where that stays, on a line of its own above where it does not.
 */
import { neededElsewhere, refusalFor } from "../../model/compose/editable.ts";
import {
  beginsLine,
  columnOf,
  commentsIn,
  contentEnd,
  dashOf,
  layoutOf,
  lineEnd,
  lineStart,
  nextLine,
  placesOf,
  propsEnd,
  slotOf,
} from "../../model/compose/layout.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import {
  collectionLines,
  entryLines,
  flowText,
  inlineScalar,
  isCollection,
  isEmpty,
  type Plain,
  type Quoting,
} from "../../model/compose/written.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";

const REFUSALS = {
  elsewhere: "it is not written in this file",
  comment: "a comment stands in it",
  layout: "it does not begin on a line of its own",
};

/** Why a node's form cannot be changed here without being felt elsewhere. */
function obstacle(compose: ComposeFile, node: YamlNode): string | undefined {
  if (node.tag !== undefined) return `it is tagged ${node.tag}`;
  return refusalFor(compose, node) ?? neededElsewhere(compose, node.span);
}

/** How a value that is written anew is quoted: as most of the file. */
const quotingOf = (compose: ComposeFile): Quoting => ({ quote: layoutOf(compose).quote });

/** How the new value looks. */
export interface Look {
  /** Quotes around all texts. */
  readonly quoted?: boolean;
  /** On one line, where that is short enough to read. */
  readonly inline?: boolean;
}

const READABLE = 100;

/** Another value in the place of a node. */
export function reshapeValue(compose: ComposeFile, node: YamlNode, value: Plain, look: Look = {}): Change {
  const refusal = obstacle(compose, node);
  const place = placesOf(compose).get(node);
  if (refusal !== undefined || !place?.parent) return { refusal: refusal ?? REFUSALS.elsewhere };
  const quoting: Quoting = { ...quotingOf(compose), ...(look.quoted && { always: true }) };
  const layout = layoutOf(compose);
  const end = contentEnd(compose, node);
  const { parent, index } = place;
  const isLine =
    place.flow ||
    (node.kind !== "scalar" && node.flow && isCollection(value) && !Object.values(value).some(isCollection));
  if (isLine) {
    if (commentsIn(compose, node.span.start, end).length > 0) return { refusal: REFUSALS.comment };
    return { edits: [replace({ start: node.span.start, end }, flowText(value, layout, quoting))] };
  }
  const line = look.inline ? flowText(value, layout, { quote: "double", always: true }) : lineOf(value, quoting);
  const inline = !isCollection(value) || isEmpty(value) || (look.inline === true && line.length <= READABLE);
  if (parent.kind === "list") {
    const dash = dashOf(compose, parent, index);
    // More blanks than one can stand behind the dash; what comes below lines up with them.
    const column =
      lineStart(compose, node.span.start) === lineStart(compose, dash) ? columnOf(compose, node.span.start) : -1;
    if (column < 0) return { refusal: REFUSALS.layout };
    const [first = "", ...rest] =
      isCollection(value) && !isEmpty(value) ? collectionLines(value, column, layout, quoting) : [line];
    return { edits: region(compose, node.span.start, end, dash, first.trimStart(), rest) };
  }
  const entry = parent.written[index];
  if (!entry) return { refusal: REFUSALS.elsewhere };
  const from = propsEnd(compose, slotOf(compose, place), false);
  const column = columnOf(compose, entry.keySpan.start);
  if (inline) return { edits: region(compose, from, end, entry.keySpan.start, ` ${line}`, []) };
  if (!beginsLine(compose, entry.keySpan.start) && !/^[ ]*(?:- +)*$/.test(before(compose, entry.keySpan.start)))
    return { refusal: REFUSALS.layout };
  const below = collectionLines(value, column + (Array.isArray(value) ? layout.list : layout.width), layout, quoting);
  return { edits: region(compose, from, end, entry.keySpan.start, "", below) };
}

const before = (compose: ComposeFile, at: number): string => compose.text.slice(lineStart(compose, at), at);

const lineOf = (value: Plain, quoting: Quoting): string => {
  if (isCollection(value)) return Array.isArray(value) ? "[]" : "{}";
  return inlineScalar(value, false, quoting);
};

/**
 * `first` instead of what stands between two offsets, and `rest` on the lines below; comments in between move above the line that
 * `head` is on. What stands behind `end` on its line stays there.
 */
function region(
  compose: ComposeFile,
  start: number,
  end: number,
  head: number,
  first: string,
  rest: readonly string[],
): readonly Edit[] {
  const comments = commentsIn(compose, start, end);
  const indent = " ".repeat(columnOf(compose, head));
  const above = comments.map(({ span }) => indent + compose.text.slice(span.start, span.end).trimEnd() + compose.eol);
  const below = rest.map((line) => compose.eol + line);
  const behind = lineEnd(compose, end);
  return [
    ...(above.length > 0 ? [insert(lineStart(compose, head), above.join(""))] : []),
    ...(behind === end
      ? [replace({ start, end }, first + below.join(""))]
      : [replace({ start, end }, first), insert(behind, below.join(""))]
    ).filter(({ span, text }) => text !== "" || span.end > span.start),
  ];
}

/** The entries that take the place of a list's items, one for each. */
export function listToMap(
  compose: ComposeFile,
  list: YamlList,
  entries: readonly (readonly [key: string, value: Plain])[],
): Change {
  const refusal = obstacle(compose, list);
  const place = placesOf(compose).get(list);
  if (refusal !== undefined || place?.parent?.kind !== "map") return { refusal: refusal ?? REFUSALS.elsewhere };
  if (list.flow) return reshapeValue(compose, list, Object.fromEntries(entries));
  const key = place.parent.written[place.index];
  if (!key) return { refusal: REFUSALS.elsewhere };
  const layout = layoutOf(compose);
  const quoting = quotingOf(compose);
  const column = columnOf(compose, list.span.start);
  const keyColumn = columnOf(compose, key.keySpan.start);
  const shift = column > keyColumn ? 0 : layout.width;
  const edits = list.items.flatMap((item, index) => {
    const [name, value] = entries[index] ?? ["", null];
    const [first = "", ...rest] = entryLines(name, value, column + shift, layout, quoting);
    const dash = dashOf(compose, list, index);
    const text = value === null ? first.replace(/ null$/, "") : first;
    return region(compose, dash, contentEnd(compose, item), dash, text.trimStart(), rest);
  });
  return { edits: shift === 0 ? edits : shifted(compose, list, shift, edits) };
}

/** The lines of a list moved to the right, comments between its items as well. */
function shifted(compose: ComposeFile, list: YamlList, shift: number, edits: readonly Edit[]): readonly Edit[] {
  const blanks = " ".repeat(shift);
  const moved: Edit[] = [];
  const last = contentEnd(compose, list);
  for (let at = lineStart(compose, list.span.start); at <= last; ) {
    const end = lineEnd(compose, at);
    if (compose.text.slice(at, end).trim() !== "") moved.push(insert(at, blanks));
    const next = nextLine(compose, end);
    if (next <= at || next >= compose.text.length) break;
    at = next;
  }
  const above = edits.map((edit) =>
    edit.span.start === edit.span.end && edit.text.endsWith("\n") ? { ...edit, text: blanks + edit.text } : edit,
  );
  // Comments that move above a line are inserted where that line's blanks are: they come first.
  return [...above, ...moved];
}

/** The items that take the place of a mapping's entries, one for each. */
export function mapToList(compose: ComposeFile, map: YamlMap, items: readonly string[]): Change {
  const refusal = obstacle(compose, map);
  if (refusal !== undefined) return { refusal };
  if (map.written.length !== map.entries.length) return { refusal: "it has a merge key or repeats a key" };
  if (map.flow) return reshapeValue(compose, map, items);
  const quoting = quotingOf(compose);
  const edits = map.written.flatMap(({ keySpan, value }, index) => {
    const end = Math.max(keySpan.end, contentEnd(compose, value));
    const start = complexKey(compose, keySpan.start);
    return region(compose, start, end, start, `- ${inlineScalar(items[index] ?? "", false, quoting)}`, []);
  });
  return { edits };
}

/** An anchor or a tag can stand before a key; it goes with it. */
const complexKey = (compose: ComposeFile, at: number): number => {
  const start = lineStart(compose, at);
  const words = compose.text.slice(start, at);
  return /^ *(?:[&!]\S* +)+$/.test(words) ? start + (/^ */.exec(words)?.[0].length ?? 0) : at;
};
