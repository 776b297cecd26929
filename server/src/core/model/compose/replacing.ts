/** Another value in the same place, in the form and the quotes the old one has. */
import { type Edit, insert, replace } from "../../text/edit.ts";
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import { neededElsewhere, UNUSUAL } from "./editable.ts";
import {
  beginsLine,
  columnOf,
  commentsIn,
  contentEnd,
  dashOf,
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
import { flowQuoting, itemQuoting } from "./spots.ts";
import {
  collectionLines,
  flowText,
  isCollection,
  isEmpty,
  itemLines,
  literalHeader,
  literalLines,
  type Plain,
  type Quoting,
  valueLines,
} from "./written.ts";

/** @param node written here, or the alias that is */
export function replaced(compose: ComposeFile, node: YamlNode, value: Plain): Change {
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
