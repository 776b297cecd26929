/** Another order of what stands in a mapping or a list: whole entries move, with the comments that belong to them. */
import { applyEdits, asOne, type Edit, replace } from "../../text/edit.ts";
import { parseYaml, type YamlList, type YamlMap, type YamlNode } from "../../text/yaml.ts";
import { type EditOptions, refusalFor, UNUSUAL } from "./editable.ts";
import {
  blockEnd,
  columnOf,
  commentsIn,
  contentEnd,
  dashOf,
  endsOpen,
  hasOddKey,
  lineStart,
  placesOf,
} from "./layout.ts";
import type { Change, ComposeFile } from "./model.ts";
import { saidBy } from "./said.ts";

/** Keys in this order; those it does not name stay behind them, in the order they have. Which keys there are stays as it is. */
export function reorderKeys(compose: ComposeFile, map: YamlMap, order: readonly string[]): Change {
  const rank = (index: number): number => {
    const found = order.indexOf(map.written[index]?.key ?? "");
    return found < 0 ? order.length : found;
  };
  const indexes = [...map.written.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
  return reordered(compose, map, indexes, { shared: true });
}

/** Items in the order of these indexes; each of the list's has to be there once. */
export const reorderItems = (
  compose: ComposeFile,
  list: YamlList,
  order: readonly number[],
  options: EditOptions = {},
): Change => reordered(compose, list, order, options);

/** What moves as a whole. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

function reordered(
  compose: ComposeFile,
  node: YamlMap | YamlList,
  order: readonly number[],
  options: EditOptions,
): Change {
  const refusal = refusalFor(compose, node, options);
  if (refusal !== undefined) return { refusal };
  if (order.every((from, to) => from === to)) return { edits: [] };
  const values = node.kind === "map" ? node.written.map(({ value }) => value) : node.items;
  if (order.length !== values.length) return { refusal: UNUSUAL };
  const isFlow = node.flow || (placesOf(compose).get(node)?.flow ?? false);
  const found = isFlow ? flowPieces(compose, node, values) : linePieces(compose, node, values);
  if ("refusal" in found) return found;

  const { pieces } = found;
  const clash = anchorBehindUse(compose, pieces, order);
  if (clash !== undefined) return { refusal: `the anchor &${clash} would come behind its use` };
  const first = pieces[0];
  const last = pieces.at(-1);
  if (!first || !last) return { edits: [] };
  const { text } = compose;
  const indentation = " ".repeat(isFlow ? 0 : columnOf(compose, values[0] ? startOf(compose, node, 0) : first.start));
  // The first one may stand behind a dash; the others begin their lines.
  const isInline = !isFlow && first.start !== lineStart(compose, first.start);
  let after = "";
  for (const [to, from] of order.entries()) {
    const slot = pieces[to];
    const piece = pieces[from];
    if (!slot || !piece) return { refusal: UNUSUAL };
    const words = text.slice(piece.start, piece.end);
    after += !isInline ? words : to === 0 ? words.trimStart() : indentation + words.trimStart();
    after += text.slice(slot.end, pieces[to + 1]?.start ?? slot.end);
  }
  const edit = shortened(text, replace({ start: first.start, end: last.end }, after));
  const canStandAlone = !isFlow && !isInline && compose.anchors.length === 0;
  const isSame = canStandAlone ? saysItAlone(node, order, after) : saysTheSame(compose, node, order, edit);
  return isSame ? { edits: asOne(text, [edit]) } : { refusal: "something else would be read then" };
}

/** Read by itself, where nothing in it can be about the rest of the file. */
function saysItAlone(node: YamlMap | YamlList, order: readonly number[], after: string): boolean {
  const { root, problems } = parseYaml(after);
  return root !== undefined && problems.length === 0 && saidBy(root) === saidBy(node, node, order);
}

function saysTheSame(compose: ComposeFile, node: YamlMap | YamlList, order: readonly number[], edit: Edit): boolean {
  const result = parseYaml(applyEdits(compose.text, [edit]), { tolerant: true }).root;
  return result !== undefined && compose.root !== undefined && saidBy(result) === saidBy(compose.root, node, order);
}

/** Without what is the same at its beginning and at its end. */
function shortened(text: string, { span, text: after }: Edit): Edit {
  const most = Math.min(span.end - span.start, after.length);
  let head = 0;
  while (head < most && text[span.start + head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && text[span.end - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return replace({ start: span.start + head, end: span.end - tail }, after.slice(head, after.length - tail));
}

type Pieces = { readonly pieces: readonly Piece[] } | { readonly refusal: string };

const startOf = (compose: ComposeFile, node: YamlMap | YamlList, index: number): number =>
  node.kind === "map" ? (node.written[index]?.keySpan.start ?? node.span.start) : dashOf(compose, node, index);

function linePieces(compose: ComposeFile, node: YamlMap | YamlList, values: readonly YamlNode[]): Pieces {
  if (hasOddKey(compose, node)) return { refusal: UNUSUAL };
  if (values.some((value) => endsOpen(compose, value)))
    return { refusal: "a text in it keeps the blank lines below it" };
  const pieces: Piece[] = [];
  const column = columnOf(compose, startOf(compose, node, 0));
  for (const [index, value] of values.entries()) {
    const start = startOf(compose, node, index);
    const above = pieces.at(-1)?.end ?? node.span.start;
    const isBehindDash = compose.text.slice(lineStart(compose, start), start).trim() !== "";
    pieces.push({
      start: isBehindDash ? start : headOf(compose, start, index === 0 ? undefined : above),
      end: blockEnd(compose, contentEnd(compose, value), column),
    });
  }
  return { pieces };
}

/**
 * The start of the comment lines right above what begins at `start`, or of its own line. Comments at the top of the file are about
 * all of it, and stay there.
 */
function headOf(compose: ComposeFile, start: number, above = 0): number {
  const { text } = compose;
  let head = lineStart(compose, start);
  while (head > above && head > 0) {
    const line = lineStart(compose, head - 1);
    if (line >= head || line < above || !/^[ \t]*#/.test(text.slice(line, head))) break;
    head = line;
  }
  return text.slice(0, head).replace("\uFEFF", "") === "" ? lineStart(compose, start) : head;
}

function flowPieces(compose: ComposeFile, node: YamlMap | YamlList, values: readonly YamlNode[]): Pieces {
  if (commentsIn(compose, node.span.start, node.span.end).length > 0) return { refusal: "there are comments in it" };
  const pieces = values.map((value, index): Piece => {
    const before = values[index - 1];
    const from = before ? contentEnd(compose, before) : node.span.start + 1;
    const gap = /^\s*,?\s*/.exec(compose.text.slice(from))?.[0].length ?? 0;
    return { start: from + gap, end: contentEnd(compose, value) };
  });
  return { pieces };
}

/** The name of an anchor that would be used before it is there. */
function anchorBehindUse(
  { anchors }: ComposeFile,
  pieces: readonly Piece[],
  order: readonly number[],
): string | undefined {
  const placeOf = (at: number): number => {
    const piece = pieces.findIndex(({ start, end }) => start <= at && at <= end);
    return piece < 0 ? -1 : order.indexOf(piece);
  };
  return anchors.find(({ node, uses }) => {
    const place = placeOf(node.span.start);
    return place >= 0 && uses.some(({ start }) => placeOf(start) >= 0 && placeOf(start) < place);
  })?.name;
}
