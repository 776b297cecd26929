/** How a compose file is laid out: where a node has its place, where it ends, how wide the file indents and how it quotes. */
import type { YamlComment, YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import { perCompose } from "./fields.ts";
import type { ComposeFile } from "./model.ts";

/** Where a node is written. */
export interface Place {
  readonly parent: YamlMap | YamlList | undefined;
  /** Among the parent's entries as written, or its items. */
  readonly index: number;
  /** Inside `{}` or `[]`. */
  readonly flow: boolean;
}

/** Every node that is written in this file; what an alias stands for is there once, where the anchor is. */
export const placesOf = perCompose(({ root }): ReadonlyMap<YamlNode, Place> => {
  const places = new Map<YamlNode, Place>();
  const visit = (node: YamlNode, place: Place): void => {
    places.set(node, place);
    if (node.via || node.kind === "scalar") return;
    const flow = place.flow || node.flow;
    const children = node.kind === "map" ? node.written.map(({ value }) => value) : node.items;
    for (const [index, child] of children.entries()) visit(child, { parent: node, index, flow });
  };
  if (root) visit(root, { parent: undefined, index: 0, flow: false });
  return places;
});

export interface Layout {
  /** Blanks a nested mapping is indented by. */
  readonly width: number;
  /** Blanks the `-` of a list stands further right than the key above it. */
  readonly list: number;
  /** Around texts that need quotes. */
  readonly quote: "single" | "double";
  /** Blanks inside `{ }` and `[ ]`. */
  readonly mapPad: string;
  readonly listPad: string;
}

/** As most of the file has it. */
export const layoutOf = perCompose((compose): Layout => {
  const widths = new Map<number, number>();
  const lists = new Map<number, number>();
  const mapPads = new Map<string, number>();
  const listPads = new Map<string, number>();
  let single = 0;
  let double = 0;
  for (const [node, { parent, index }] of placesOf(compose)) {
    if (node.via) continue;
    if (node.kind === "scalar") {
      if (node.style === "single") single++;
      if (node.style === "double") double++;
      continue;
    }
    if (node.flow) {
      if (sizeOf(node) > 0) count(node.kind === "map" ? mapPads : listPads, padOf(compose, node));
      continue;
    }
    const entry = parent?.kind === "map" ? parent.written[index] : undefined;
    if (!entry || lineStart(compose, entry.keySpan.start) === lineStart(compose, node.span.start)) continue;
    const step = columnOf(compose, node.span.start) - columnOf(compose, entry.keySpan.start);
    if (node.kind === "list") count(lists, step);
    else if (step > 0) count(widths, step);
  }
  const width = mostOf(widths) ?? 2;
  return {
    width,
    list: mostOf(lists) ?? width,
    quote: single > double ? "single" : "double",
    mapPad: mostOf(mapPads) ?? "",
    listPad: mostOf(listPads) ?? "",
  };
});

/** The blanks behind the opening brace, when that is all there is between. */
export const padOf = ({ text }: ComposeFile, { span }: YamlNode): string =>
  /^[ \t]*(?=[^\s])/.exec(text.slice(span.start + 1, span.end))?.[0] ?? "";

const count = <T>(counts: Map<T, number>, value: T): void => void counts.set(value, (counts.get(value) ?? 0) + 1);

const mostOf = <T>(counts: ReadonlyMap<T, number>): T | undefined =>
  [...counts].reduce<readonly [T | undefined, number]>(
    (best, next) => (next[1] > best[1] ? next : best),
    [undefined, 0],
  )[0];

export const sizeOf = (node: YamlMap | YamlList): number =>
  node.kind === "map" ? node.written.length : node.items.length;

/** Behind a byte order mark. */
export function lineStart({ text }: ComposeFile, at: number): number {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}

/** Before the line break. */
export function lineEnd({ text }: ComposeFile, at: number): number {
  const end = text.indexOf("\n", at);
  if (end < 0) return text.length;
  return end > at && text[end - 1] === "\r" ? end - 1 : end;
}

/** Where the line behind the one that ends here starts; the end of the text when that is the last. */
export const nextLine = ({ text }: ComposeFile, end: number): number =>
  text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);

export const columnOf = (compose: ComposeFile, at: number): number => at - lineStart(compose, at);

/** Where a node can say something: behind the colon of its key, the dash of its item. */
export function slotOf(compose: ComposeFile, { parent, index }: Place): number {
  const { text } = compose;
  if (parent?.kind === "map") {
    const end = parent.written[index]?.keySpan.end ?? parent.span.start;
    return end + (/^\s*:(?=[\s,\]}]|$)/.exec(text.slice(end))?.[0].length ?? (text[end] === ":" ? 1 : 0));
  }
  if (parent?.kind !== "list") return compose.root?.span.start ?? 0;
  return parent.flow ? (parent.items[index]?.span.start ?? parent.span.start) : dashOf(compose, parent, index) + 1;
}

/** The dash of an item of a list that has a line for each. */
export function dashOf(compose: ComposeFile, list: YamlList, index: number): number {
  if (index === 0) return list.span.start;
  const { text } = compose;
  const column = columnOf(compose, list.span.start);
  const before = list.items[index - 1];
  const item = list.items[index];
  if (!before || !item) return list.span.start;
  let line = lineEnd(compose, contentEnd(compose, before));
  while (line < item.span.start) {
    const start = nextLine(compose, line);
    if (text[start + column] === "-" && text.slice(start, start + column).trim() === "") return start + column;
    const end = lineEnd(compose, start);
    if (end <= line) break;
    line = end;
  }
  return item.span.start;
}

/** The anchor and the tag that stand in front of a value, from its slot on; with the blanks before them. */
export function propsEnd(compose: ComposeFile, slot: number, flow: boolean): number {
  const props = flow ? /^(?:[ \t]*[&!][^\s,[\]{}]*)+/ : /^(?:[ \t]*[&!]\S*)+/;
  return slot + (props.exec(compose.text.slice(slot, lineEnd(compose, slot)))?.[0].length ?? 0);
}

/** Behind the last character of what a node says; comments behind it are not part of it, nor is its last line break. */
export function contentEnd(compose: ComposeFile, node: YamlNode): number {
  const { text } = compose;
  const { start, end } = node.span;
  if (node.via) return end;
  if (node.kind !== "scalar") {
    if (node.flow) return end;
    const last = node.kind === "map" ? node.written.at(-1)?.value : node.items.at(-1);
    return last ? contentEnd(compose, last) : end;
  }
  if (node.style === "literal" || node.style === "folded") {
    const written = text.slice(start, end);
    // With `+` the empty lines at its end belong to it.
    const keeps = /^[|>]\d?\+/.test(written);
    return start + (keeps ? written.replace(/\r?\n$/, "") : written.replace(/[ \t\r\n]+$/, "")).length;
  }
  const place = placesOf(compose).get(node);
  if (end > start || !place) return start + text.slice(start, end).trimEnd().length;
  const slot = slotOf(compose, place);
  return propsEnd(compose, slot, place.flow);
}

/** The end of the last line that belongs to what ends at `end` in a column: comments that stand further right do. */
export function blockEnd(compose: ComposeFile, end: number, column: number): number {
  const { text } = compose;
  let last = lineEnd(compose, end);
  let line = last;
  while (line < text.length) {
    const start = nextLine(compose, line);
    if (start >= text.length) break;
    line = lineEnd(compose, start);
    const words = text.slice(start, line).trimStart();
    if (words === "") continue;
    if (!words.startsWith("#") || line - start - words.length <= column) break;
    last = line;
  }
  return last;
}

/** A text of several lines that ends here would go on with what follows: blanks without a word, comments that stand further right. */
export const runsOn = (compose: ComposeFile, end: number, column: number): boolean =>
  /^(?:[ \t]+|[^\n]*\n(?:\r?\n)*[ \t]+)\r?(?:\n|$)/.test(compose.text.slice(end)) ||
  blockEnd(compose, end, column) > lineEnd(compose, end);

/** Comments that begin within a stretch. */
export const commentsIn = ({ comments }: ComposeFile, start: number, end: number): readonly YamlComment[] =>
  comments.filter(({ span }) => span.start >= start && span.start < end);

/** Only blanks and the dashes of lists stand before it on its line. */
export const beginsLine = (compose: ComposeFile, at: number): boolean =>
  /^[ ]*$/.test(compose.text.slice(lineStart(compose, at), at));

/** Keys are not all at the beginning of a line, or behind its dashes: `? key`, `&anchor key`. */
export const hasOddKey = (compose: ComposeFile, node: YamlMap | YamlList): boolean =>
  node.kind === "map" &&
  node.written.some(({ keySpan }) => {
    const before = compose.text.slice(lineStart(compose, keySpan.start), keySpan.start);
    return !/^ *(?:- *)*$/.test(before) || !/^\s*:/.test(compose.text.slice(keySpan.end));
  });

/** At least half of what stands in it is set apart by blank lines. At the top level that is what people do. */
export function isSeparated(compose: ComposeFile, node: YamlMap | YamlList): boolean {
  const values = node.kind === "map" ? node.written.map(({ value }) => value) : node.items;
  if (values.length < 2) return node === compose.root;
  const ends = values.map((value) => contentEnd(compose, value));
  const starts =
    node.kind === "map" ? node.written.map(({ keySpan }) => keySpan.start) : values.map(({ span }) => span.start);
  const gaps = starts.slice(1).map((start, index) => compose.text.slice(ends[index], start));
  return gaps.filter((gap) => /\n[ \t]*\r?\n/.test(gap)).length * 2 >= gaps.length;
}

/** Blank lines below it would be part of it: it ends in a text that keeps them (`|+`). */
export function endsOpen(compose: ComposeFile, node: YamlNode): boolean {
  if (node.via) return false;
  if (node.kind === "scalar")
    return (
      (node.style === "literal" || node.style === "folded") && /^[|>]\d?\+/.test(compose.text.slice(node.span.start))
    );
  const last = node.flow ? undefined : node.kind === "map" ? node.written.at(-1)?.value : node.items.at(-1);
  return last !== undefined && endsOpen(compose, last);
}
