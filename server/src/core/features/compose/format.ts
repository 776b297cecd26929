/**
 * A compose file in even layout: one width of indentation, one blank behind `:` and `-`, no blanks at line ends, at most one blank
 * line. Texts of several lines, flow collections, quotes, anchors and comments stay as they are; what the file says stays the same.
 */
import { columnOf, contentEnd, dashOf, hasOddKey, layoutOf, propsEnd } from "../../model/compose/layout.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { saidBy } from "../../model/compose/said.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, type Edit, replace } from "../../text/edit.ts";
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";

export interface FormatOptions {
  /** The width where the file has no nested mapping to tell. */
  readonly tabSize: number;
}

/** None where the file is no valid YAML, or has several documents. */
export function formatCompose(text: string, options: FormatOptions): Edit[] {
  const compose = parseCompose(text);
  if (!compose.root || compose.root.flow || compose.problems.length > 0) return [];
  const after = laidOut(compose, compose.root, options);
  if (after === undefined || after === text) return [];
  // Should a rare form have been misjudged, the file stays as it is.
  const result = parseCompose(after);
  const isSame =
    result.root !== undefined && result.problems.length === 0 && saidBy(result.root) === saidBy(compose.root);
  return isSame && result.comments.length === compose.comments.length ? minimalEdits(text, after) : [];
}

interface Line {
  readonly start: number;
  /** Before the line break. */
  readonly end: number;
  readonly eol: string;
}

/** A block that is open at a line: the column its entries had and will have. */
interface Level {
  readonly old: number;
  readonly now: number;
}

/** What becomes of the lines. */
interface Plan {
  readonly compose: ComposeFile;
  readonly lines: readonly Line[];
  readonly width: number;
  readonly list: number;
  /** The column each of these lines begins at. */
  readonly indents: Map<number, number>;
  /** Lines that begin an entry or an item, with the blocks that are open there. */
  readonly levels: Map<number, readonly Level[]>;
  /** Lines of texts below `|` and `>`: what they are indented by, and will be. */
  readonly bodies: Map<number, Level>;
  /** Lines whose end is inside a text or a flow collection. */
  readonly inside: Set<number>;
  /** Of blanks between words. */
  readonly edits: Edit[];
  /** Lines on which a text of several lines begins. */
  readonly heads: Set<number>;
}

function laidOut(compose: ComposeFile, root: YamlMap, { tabSize }: FormatOptions): string | undefined {
  const lines = linesIn(compose.text);
  const { width, list } = layoutOf(compose);
  const isNested = root.written.some(({ value }) => value.kind === "map" && !value.flow && !value.via);
  const plan: Plan = {
    compose,
    lines,
    width: isNested ? width : tabSize,
    list,
    indents: new Map(),
    levels: new Map(),
    bodies: new Map(),
    inside: new Set(),
    edits: [],
    heads: new Set(),
  };
  if (!planBlock(plan, root, 0, [])) return undefined;
  planComments(plan);
  return written(plan);
}

function linesIn(text: string): readonly Line[] {
  const first = text.startsWith("\uFEFF") ? 1 : 0;
  const lines: Line[] = [];
  let start = first;
  for (const { 0: eol, index } of text.slice(first).matchAll(/\r?\n|$/g)) {
    lines.push({ start, end: first + index, eol });
    start = first + index + eol.length;
  }
  return lines;
}

function lineAt({ lines }: Plan, at: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.start ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** False where it is written in a form that is left alone. */
function planBlock(plan: Plan, node: YamlMap | YamlList, now: number, outer: readonly Level[]): boolean {
  const { compose } = plan;
  if (hasOddKey(compose, node)) return false;
  const start = node.kind === "map" ? node.written[0]?.keySpan.start : node.span.start;
  if (start === undefined) return true;
  const level = { old: columnOf(compose, start), now };
  const levels = [...outer, level];
  if (node.kind === "list")
    return node.items.every((item, index) => {
      const dash = dashOf(compose, node, index);
      begin(plan, dash, levels);
      return planValue(plan, item, dash + 1, levels, { map: now + 2, list: now + 2 });
    });
  return node.written.every(({ keySpan, value }) => {
    begin(plan, keySpan.start, levels);
    const gap = /^[ \t]*/.exec(compose.text.slice(keySpan.end))?.[0].length ?? 0;
    const colon = keySpan.end + gap;
    if (gap > 0) plan.edits.push(replace({ start: keySpan.end, end: colon }, ""));
    return planValue(plan, value, colon + 1, levels, { map: now + plan.width, list: now + plan.list });
  });
}

/** What begins its line gets the column of its block; what stands behind a dash opens one more block there. */
function begin(plan: Plan, at: number, levels: readonly Level[]): void {
  const line = lineAt(plan, at);
  plan.levels.set(line, levels);
  if (isBlank(plan.compose.text.slice(plan.lines[line]?.start, at))) plan.indents.set(line, levels.at(-1)?.now ?? 0);
}

const isBlank = (text: string): boolean => text.trim() === "";

/** What stands behind a colon or a dash, and below it. */
function planValue(
  plan: Plan,
  node: YamlNode,
  slot: number,
  levels: readonly Level[],
  below: { readonly map: number; readonly list: number },
): boolean {
  const { compose, lines } = plan;
  const here = lineAt(plan, slot);
  const end = lines[here]?.end ?? slot;
  oneBlank(plan, slot, end);
  if (!node.via)
    for (const { index } of compose.text
      .slice(slot, propsEnd(compose, slot, false))
      .matchAll(/(?<=\S)[ \t]*(?=[&!]|$)/g))
      oneBlank(plan, slot + index, end);
  if (!node.via && node.kind === "scalar" && node.span.end <= node.span.start) return true;

  const line = lineAt(plan, node.span.start);
  const column = node.kind === "list" && !node.flow && !node.via ? below.list : below.map;
  for (let between = here + 1; between <= line; between++)
    if (!/^[ \t]*(?:#|$)/.test(textOf(plan, between))) plan.indents.set(between, column);
  if (node.kind !== "scalar" && !node.flow && !node.via) return planBlock(plan, node, column, levels);
  if (!node.via && node.kind === "scalar" && (node.style === "literal" || node.style === "folded"))
    return planBody(plan, node, line, levels, column);

  const last = lineAt(plan, contentEnd(compose, node));
  const parent = levels.at(-1) ?? { old: 0, now: 0 };
  const shift = line > here ? column - indentOf(plan, line) : parent.now - parent.old;
  for (let next = line; next < last; next++) {
    plan.inside.add(next);
    const indent = indentOf(plan, next + 1);
    if (!isBlank(textOf(plan, next + 1))) plan.indents.set(next + 1, Math.max(parent.now + 1, indent + shift));
  }
  return true;
}

/** A text below `|` or `>` keeps its own indentation behind the one it has as a whole. */
function planBody(plan: Plan, node: YamlNode, line: number, levels: readonly Level[], column: number): boolean {
  const { compose } = plan;
  const parent = levels.at(-1) ?? { old: 0, now: 0 };
  const digit = /^[|>][-+]?(\d)/.exec(compose.text.slice(node.span.start))?.[1];
  plan.heads.add(line);
  const last = lineAt(plan, Math.max(node.span.start, node.span.end - 1));
  let body: Level | undefined =
    digit === undefined ? undefined : { old: parent.old + Number(digit), now: parent.now + Number(digit) };
  for (let next = line + 1; next <= last; next++) {
    plan.inside.add(next);
    if (!isBlank(textOf(plan, next))) body ??= { old: indentOf(plan, next), now: column };
  }
  if (body) for (let next = line + 1; next <= last; next++) plan.bodies.set(next, body);
  return true;
}

const textOf = ({ compose, lines }: Plan, line: number): string =>
  compose.text.slice(lines[line]?.start, lines[line]?.end);

const indentOf = (plan: Plan, line: number): number => /^[ \t]*/.exec(textOf(plan, line))?.[0].length ?? 0;

/** In front of the next word on the line; comments keep their distance. */
function oneBlank({ compose, edits }: Plan, at: number, end: number): void {
  const gap = /^[ \t]*/.exec(compose.text.slice(at, end))?.[0] ?? "";
  const next = compose.text[at + gap.length];
  if (gap === " " || gap === "" || at + gap.length >= end || next === "#") return;
  if (edits.at(-1)?.span.start !== at) edits.push(replace({ start: at, end: at + gap.length }, " "));
}

/** Comments on lines of their own stay with what they belong to: what follows in their column, or what they stand in. */
function planComments(plan: Plan): void {
  const { compose, levels, indents, inside } = plan;
  const starts = [...levels.keys()].sort((a, b) => a - b);
  let passed = 0;
  for (const { span } of compose.comments) {
    const line = lineAt(plan, span.start);
    if (indents.has(line) || inside.has(line - 1) || !/^[ \t]*#/.test(textOf(plan, line))) continue;
    while ((starts[passed] ?? Infinity) < line) passed++;
    const before = starts[passed - 1];
    const next = starts[passed];
    indents.set(line, commentColumn(plan, indentOf(plan, line), before, next));
  }
}

function commentColumn(plan: Plan, column: number, before: number | undefined, next: number | undefined): number {
  const { levels, indents, heads, width } = plan;
  const open = before === undefined ? [] : (levels.get(before) ?? []);
  if (next !== undefined) {
    const nextColumn = indentOf(plan, next);
    if (column === nextColumn || nextColumn > (open.at(-1)?.old ?? -1)) return indents.get(next) ?? nextColumn;
  }
  const exact = open.findLast(({ old }) => old === column);
  if (exact) return exact.now;
  const within = open.findLastIndex(({ old }) => old < column);
  if (within < 0) return 0;
  const deeper = open[within + 1];
  if (deeper) return deeper.now;
  // Below a text of several lines it would become part of it.
  const { now } = open[within] ?? { now: 0 };
  return before !== undefined && heads.has(before) ? now : now + width;
}

function written(plan: Plan): string {
  const { compose, lines, indents, bodies, inside } = plan;
  const { text, eol } = compose;
  const edits = [...plan.edits].sort((a, b) => a.span.start - b.span.start);
  let nextEdit = 0;
  const out: string[] = [];
  let blanks = 0;
  const last = lines.findLastIndex((_, index) => !isBlank(textOf(plan, index)));
  for (const [index, line] of lines.entries()) {
    const body = bodies.get(index);
    const isBody = inside.has(index) && (body !== undefined || inside.has(index - 1));
    const source = textOf(plan, index);
    if (body) {
      const isEmpty = isBlank(source) && source.length <= body.old;
      out.push((isEmpty ? "" : " ".repeat(body.now) + source.slice(body.old)) + line.eol);
      blanks = 0;
      continue;
    }
    if (!isBody && isBlank(source)) {
      blanks++;
      if (out.length > 0 && blanks === 1 && index < last) out.push(line.eol);
      continue;
    }
    blanks = 0;
    const mine: Edit[] = [];
    for (let edit = edits[nextEdit]; edit && edit.span.start <= line.end; edit = edits[++nextEdit])
      mine.push({ span: { start: edit.span.start - line.start, end: edit.span.end - line.start }, text: edit.text });
    const edited = applyEdits(source, mine);
    const indent = indents.get(index);
    const indented = indent === undefined ? edited : " ".repeat(indent) + edited.trimStart();
    out.push((inside.has(index) ? indented : indented.trimEnd()) + line.eol);
  }
  const after = out.join("");
  const bom = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  // Behind a text of several lines a line break may be part of it.
  const endsInBody = bodies.has(lines.length - 1);
  return bom + (after.endsWith("\n") || endsInBody ? after : after + eol);
}
