/** Where in a compose file a cursor is, told from the lines around it: the text need not parse. */
import { columnOf, isOpen, type Line, linesIn, opensText, unquoted } from "./lines.ts";
import { type FlowPlace, readFlow } from "./flow.ts";
import type { Span } from "../../text/edit.ts";

/** Keys, and 0 for an item of a list. */
export type Path = readonly (string | number)[];

export interface Cursor {
  /** Of what is written here: of the value, of the item, or of the mapping that a key would be added to. */
  readonly path: Path;
  /**
   * `key`: a key of the mapping at `path`, or the first word of what that says in some other form. `item`: behind a dash or a comma: an item,
   * or the first key of one. `value`: behind a colon.
   */
  readonly at: "key" | "item" | "value";
  /** What is replaced: the word the cursor is in. */
  readonly span: Span;
  /** Its part before the cursor. */
  readonly typed: string;
  readonly quote: "" | '"' | "'";
  /** Within brackets. */
  readonly flow: boolean;
  /** Where a key would stand on its line. */
  readonly column: number;
  /** The colon the cursor is behind has no blank behind it yet. */
  readonly glued: boolean;
  /** There is a colon behind the word already. */
  readonly hasColon: boolean;
  /** The other keys of the mapping. */
  readonly keys: ReadonlySet<string>;
  /** The other items of the list. */
  readonly items: ReadonlySet<string>;
}

/** A text as lines, with what is seen at a glance. */
export interface Glance {
  readonly cursor: Cursor | undefined;
  /** Names of services, networks and so on, by section, without the one that is being typed. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** The lines of the entry of a section the cursor is in, its name included; without the cursor's line. */
  readonly entry: { readonly section: string; readonly name: string; readonly text: string } | undefined;
  /** By how much a level is indented. */
  readonly unit: number;
  /** How far dashes stand to the right of their key. */
  readonly dash: number;
}

interface Frame {
  readonly column: number;
  readonly step: string | number;
  /** Something may stand below it. */
  readonly open: boolean;
  /** Where its line is. */
  readonly line: number;
}

export function glanceAt(text: string, offset: number): Glance {
  const lines = linesIn(text);
  const reader = createReader(text, lines, offset);
  for (let index = 0; index < lines.length; ) index = reader.read(index);
  return reader.glance();
}

interface Reader {
  /** Reads a line and what belongs to it; gives the number of the next one. */
  read(index: number): number;
  glance(): Glance;
}

function createReader(text: string, lines: readonly Line[], offset: number): Reader {
  const stack: Frame[] = [];
  const names = new Map<string, string[]>();
  let cursor: Cursor | undefined;
  let found: { readonly index: number; readonly frames: readonly Frame[] } | undefined;
  const units = new Map<number, number>();
  const gaps = new Map<number, number>();

  const sectionOf = (section: string): string[] => {
    const known = names.get(section) ?? [];
    names.set(section, known);
    return known;
  };

  const holds = ({ start, end }: Line): boolean => start <= offset && offset <= end;

  const push = (frame: Frame): void => {
    while (stack.length > 0 && isDone(stack.at(-1), frame)) stack.pop();
    const parent = stack.at(-1);
    if (parent && parent.line !== frame.line && typeof parent.step === "string") {
      const counts = typeof frame.step === "string" ? units : gaps;
      const step = frame.column - parent.column;
      counts.set(step, (counts.get(step) ?? 0) + 1);
    }
    stack.push(frame);
  };

  /** The frames that a word at a column would be below. */
  const framesAt = (column: number, isDash = false): readonly Frame[] => {
    const frames = [...stack];
    while (frames.length > 0 && isDone(frames.at(-1), { column, step: isDash ? 0 : "" })) frames.pop();
    return frames;
  };

  const pushLine = (line: Line, index: number): void => {
    const open = isOpen(text, line);
    for (const [nth, column] of line.dashes.entries())
      push({ column, step: 0, open: nth + 1 < line.dashes.length || line.key !== undefined || open, line: index });
    if (line.key) push({ column: line.key.column, step: line.key.text, open, line: index });
    if (!line.key || (holds(line) && offset <= line.key.colon)) return;
    const [section, entry] = stack;
    if (stack.length === 2 && typeof section?.step === "string" && typeof entry?.step === "string")
      sectionOf(section.step).push(entry.step);
  };

  /** The cursor on a line in block style. */
  const inBlock = (line: Line, index: number): Cursor | undefined => {
    const comment = commentStart(text, line);
    if (comment !== undefined && offset > comment) return undefined;
    // `- data:/x:` is a mapping to YAML, and to somebody who is typing a mount.
    const isMount =
      line.key !== undefined && line.dashes.length > 0 && offset === line.key.colon + 1 && /[:/.]/.test(line.key.text);
    if (line.key && offset > line.key.colon && !isMount) {
      found = { index, frames: [...stack] };
      return valueAt(text, line, offset, pathOf(stack), comment);
    }
    const isBehindDash = line.dashes.length > 0 && offset > line.start + (line.dashes.at(-1) ?? 0);
    if (line.dashes.length > 0 && !isBehindDash) return undefined;
    const start = Math.min(line.key?.start ?? line.value, offset);
    const isBare = line.blank || line.content >= line.end;
    const column = (isBare ? offset : start) - line.start;
    // What is on this line was read as a part of what it is in.
    const frames = isBehindDash ? stack.slice(0, line.key ? -1 : undefined) : framesAt(column);
    found = { index, frames };
    const parent = frames.at(-1);
    if (parent && !parent.open && parent.line !== index) return undefined;
    const quote = quoteAt(text, start);
    const from = quote === "" ? start : start + 1;
    if (offset < from) return undefined;
    const end = (isMount ? offset : line.key?.end) ?? wordEnd(text, { start: from, end: comment ?? line.end }, quote);
    const others = around(text, lines, index, column, isBehindDash);
    return {
      path: pathOf(frames),
      at: isBehindDash ? "item" : "key",
      span: { start: from, end: Math.max(end, offset) },
      typed: text.slice(from, offset),
      quote,
      flow: false,
      column,
      glued: false,
      hasColon: line.key !== undefined && !isMount,
      ...others,
    };
  };

  /** What brackets the value of a line opens, and the line behind them. */
  const readBrackets = (line: Line, index: number): number => {
    const { end, place } = readFlow(text, line.value, columnOf(line), offset);
    if (place) {
      found = { index, frames: [...stack] };
      cursor = flowCursor(text, place, pathOf(stack), offset);
    }
    let next = index + 1;
    while (next < lines.length && (lines[next]?.start ?? 0) < end) next++;
    return next;
  };

  return {
    read(index) {
      const line = lines[index];
      if (!line) return index + 1;
      if (line.blank) {
        if (holds(line) && text[line.content] !== "#") cursor = inBlock(line, index);
        return index + 1;
      }
      if (/^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(line.start, line.start + 4))) {
        stack.length = 0;
        return index + 1;
      }
      pushLine(line, index);
      const opening = text[line.value];
      const hasBrackets = line.value < line.end && (opening === "[" || opening === "{");
      if (holds(line) && !(hasBrackets && offset > line.value)) cursor = inBlock(line, index);
      if (hasBrackets) return readBrackets(line, index);
      const depth = line.key?.column ?? line.dashes.at(-1) ?? columnOf(line);
      if (opensText(text, line)) return textEnd(lines, index, depth, offset);
      return stringLines(text, lines, index, depth);
    },
    glance: () => ({
      cursor,
      names,
      entry: entryAround(text, lines, found),
      unit: mostOf(units, 2),
      dash: mostOf(gaps, 2),
    }),
  };
}

/** A frame is left when something begins at its column or before it; a dash may stand right below its key. */
const isDone = (top: Frame | undefined, { column, step }: Pick<Frame, "column" | "step">): boolean =>
  top !== undefined &&
  (top.column > column || (top.column === column && (typeof step === "string" || typeof top.step === "number")));

const pathOf = (frames: readonly Frame[]): Path => frames.map(({ step }) => step);

/** The line behind a text in block style. */
function textEnd(lines: readonly Line[], index: number, depth: number, offset: number): number {
  let next = index + 1;
  for (let line = lines[next]; line; line = lines[++next]) {
    const isEmpty = line.content === line.end && line.dashes.length === 0;
    // An empty line is a part of the text, unless somebody is about to write something else there.
    const isLeft = line.start <= offset && offset <= line.end && offset - line.start <= depth;
    if (isEmpty ? isLeft : columnOf(line) <= depth) break;
  }
  return next;
}

/** The line behind a quoted text that goes over several; the next line when it does not. */
function stringLines(text: string, lines: readonly Line[], index: number, depth: number): number {
  const line = lines[index];
  const quote = line ? quoteAt(text, line.value) : "";
  if (!line || quote === "" || closes(text, line.value + 1, line.end, quote)) return index + 1;
  for (let next = index + 1; next < lines.length; next++) {
    const below = lines[next];
    if (!below || (!below.blank && columnOf(below) <= depth)) return index + 1;
    if (closes(text, below.start, below.end, quote)) return next + 1;
  }
  return index + 1;
}

function closes(text: string, from: number, to: number, quote: string): boolean {
  for (let at = from; at < to; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) return true;
  }
  return false;
}

const quoteAt = (text: string, at: number): Cursor["quote"] => {
  const char = text[at];
  return char === '"' || char === "'" ? char : "";
};

/** Where a comment begins on a line, outside of quotes. */
function commentStart(text: string, { start, end }: Line): number | undefined {
  let quote = "";
  for (let at = start; at < end; at++) {
    const char = text[at] ?? "";
    const isFirst = at === start || /[\s:,[{-]/.test(text[at - 1] ?? "");
    if (quote !== "") {
      if (quote === '"' && char === "\\") at++;
      else if (char === quote) quote = "";
    } else if ((char === '"' || char === "'") && isFirst) quote = char;
    else if (char === "#" && (at === start || /\s/.test(text[at - 1] ?? ""))) return at;
  }
  return undefined;
}

/** The end of the word that begins at a place. */
function wordEnd(text: string, { start, end }: Span, quote: Cursor["quote"]): number {
  const rest = text.slice(start, end);
  if (quote === "") return start + rest.trimEnd().length;
  for (let at = 0; at < rest.length; at++) {
    if (quote === '"' && rest[at] === "\\") at++;
    else if (rest[at] === quote) return start + at;
  }
  return end;
}

/** Behind the colon of a line's key. */
function valueAt(
  text: string,
  line: Line,
  offset: number,
  path: Path,
  comment: number | undefined,
): Cursor | undefined {
  const { key, end } = line;
  if (!key || opensText(text, line)) return undefined;
  const begin = Math.min(line.value, offset);
  const quote = quoteAt(text, begin);
  const start = quote === "" || offset === begin ? begin : begin + 1;
  const last = wordEnd(text, { start, end: comment ?? end }, offset === begin ? "" : quote);
  return {
    path,
    at: "value",
    span: { start, end: Math.max(last, offset) },
    typed: text.slice(start, offset),
    quote: offset === begin ? "" : quote,
    flow: false,
    column: key.column,
    glued: offset === key.colon + 1,
    hasColon: false,
    keys: new Set(),
    items: new Set(),
  };
}

function flowCursor(text: string, place: FlowPlace, base: Path, offset: number): Cursor {
  const { frames, quote } = place;
  // Of a text over several lines the last one counts.
  const before = text.slice(place.start, offset);
  const start = place.start + (/^[\s\S]*[\r\n][ \t]*/.exec(before)?.[0].length ?? 0);
  const inner = frames.at(-1);
  const path = [
    ...base,
    ...frames.flatMap((frame): Path => {
      if (frame.kind === "[") return [0];
      return frame.key === undefined ? [] : [unquoted(frame.key)];
    }),
  ];
  const at = inner?.kind === "[" ? "item" : inner?.key === undefined ? "key" : "value";
  const rest = text.slice(start).split(/[\r\n]/, 1)[0] ?? "";
  const length =
    quote === ""
      ? (/[,\]}]|:(?=\s|$)| #/.exec(rest.slice(offset - start))?.index ?? rest.length) + offset - start
      : undefined;
  const end =
    length === undefined
      ? wordEnd(text, { start, end: start + rest.length }, quote)
      : start + rest.slice(0, length).trimEnd().length;
  const behind = text.slice(quote === "" ? Math.max(end, offset) : end + 1);
  return {
    path,
    at,
    span: { start, end: Math.max(end, offset) },
    typed: text.slice(start, offset),
    quote,
    flow: true,
    column: 0,
    glued: at === "value" && text[offset - 1] === ":",
    hasColon: at === "key" && /^[ \t]*:/.test(behind),
    keys: new Set(inner?.keys.map(unquoted)),
    items: new Set(inner?.items.map(unquoted)),
  };
}

/** The other keys of the mapping and the other items of the list that a word on a line is in. */
function around(
  text: string,
  lines: readonly Line[],
  index: number,
  column: number,
  isBehindDash: boolean,
): Pick<Cursor, "keys" | "items"> {
  const keys = new Set<string>();
  const items = new Set<string>();
  const dash = isBehindDash ? lines[index]?.dashes.at(-1) : undefined;
  for (const direction of [-1, 1]) {
    let sameItem = direction === 1 || dash === undefined;
    for (let next = index + direction; ; next += direction) {
      const line = lines[next];
      if (!line) break;
      if (line.blank) continue;
      const left = columnOf(line);
      const ownDash = line.dashes.at(-1);
      const isItem = ownDash === (dash ?? column);
      if (isItem && !line.key) items.add(unquoted(scalarOn(text, line)));
      if (isItem && dash !== undefined) sameItem = false;
      // The first key of an item stands behind its dash.
      if (sameItem && line.key?.column === column && (left === column || direction === -1)) keys.add(line.key.text);
      if (left < (dash ?? column) || (left === dash && ownDash === undefined)) break;
    }
  }
  return { keys, items };
}

const scalarOn = (text: string, line: Line): string =>
  text.slice(line.value, commentStart(text, line) ?? line.end).trimEnd();

function entryAround(
  text: string,
  lines: readonly Line[],
  found: { readonly index: number; readonly frames: readonly Frame[] } | undefined,
): Glance["entry"] {
  const [section, entry] = found?.frames ?? [];
  if (!found || typeof section?.step !== "string" || typeof entry?.step !== "string") return undefined;
  const kept: string[] = [];
  for (let index = entry.line; index < lines.length; index++) {
    const line = lines[index];
    if (!line || (index > entry.line && !line.blank && columnOf(line) <= entry.column)) break;
    if (index === found.index && index !== entry.line) continue;
    kept.push(text.slice(line.start, line.end));
  }
  return { section: section.step, name: entry.step, text: kept.join("\n") };
}

/** What occurs most often, the smaller of two. */
function mostOf(counts: ReadonlyMap<number, number>, usual: number): number {
  const sorted = [...counts].toSorted(([a, many], [b, more]) => more - many || a - b);
  return sorted[0]?.[0] ?? usual;
}
