/** Without an entry or an item: what set it apart from its neighbours goes along. */
import { remove } from "../../text/edit.ts";
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import { neededElsewhere, UNUSUAL } from "./editable.ts";
import {
  beginsLine,
  blockEnd,
  columnOf,
  commentsIn,
  contentEnd,
  endsOpen,
  hasOddKey,
  lineEnd,
  lineStart,
  nextLine,
  placesOf,
  sizeOf,
  slotOf,
} from "./layout.ts";
import type { Change, ComposeFile } from "./model.ts";
import { commaBehind, isFlow, startAt, valueAt } from "./spots.ts";

export function removeOne(compose: ComposeFile, node: YamlMap | YamlList, index: number): Change {
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
