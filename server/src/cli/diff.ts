/** A unified diff that `git apply` and `patch` take. */
import type { Edit } from "../core/text/edit.ts";

const CONTEXT = 3;

/** Lines `[start, end)` of the old text become `lines`. Line ends are part of a line. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** `edits` turn `before` into the new text, in order and not overlapping; empty when there are none. `isNew`: there was no file. */
export function unifiedDiff(name: string, before: string, edits: readonly Edit[], isNew = false): string {
  const old = splitLines(before);
  const hunks = grouped(changesOf(before, old, edits));
  if (hunks.length === 0) return "";
  let shift = 0;
  const shown = hunks.map((changes) => {
    const { text, grown } = hunk(old, changes, shift);
    shift += grown;
    return text;
  });
  return `--- ${isNew ? "/dev/null" : quoted(`a/${name}`)}\n+++ ${quoted(`b/${name}`)}\n${shown.join("")}`;
}

/** Edits widened to whole lines and cut to those that differ; edits that share a line become one change. */
function changesOf(before: string, old: readonly string[], edits: readonly Edit[]): readonly Change[] {
  const starts = [0, ...Array.from(before.matchAll(/\n/g), ({ index }) => index + 1)];
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  const groups: { start: number; end: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const start = lineOf(edit.span.start);
    const end = lineOf(edit.span.end) + 1;
    const group = groups.at(-1);
    if (group && start < group.end) {
      group.end = end;
      group.edits.push(edit);
    } else groups.push({ start, end, edits: [edit] });
  }
  return groups.map(({ start, end, edits: inside }) => {
    const text = rewritten(before, starts[start] ?? before.length, starts[end] ?? before.length, inside);
    return trimmed(old, { start, end: Math.min(end, old.length), lines: splitLines(text) });
  });
}

function trimmed(old: readonly string[], { start, end, lines }: Change): Change {
  let head = 0;
  while (start + head < end && head < lines.length && old[start + head] === lines[head]) head++;
  let tail = 0;
  while (end - tail > start + head && lines.length - tail > head && old[end - 1 - tail] === lines.at(-1 - tail)) tail++;
  return { start: start + head, end: end - tail, lines: lines.slice(head, lines.length - tail) };
}

function rewritten(before: string, from: number, to: number, edits: readonly Edit[]): string {
  let out = "";
  let at = from;
  for (const { span, text } of edits) {
    out += before.slice(at, span.start) + text;
    at = span.end;
  }
  return out + before.slice(at, to);
}

/** Changes whose context would meet go into one hunk. */
function grouped(changes: readonly Change[]): readonly (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    if (last && change.start - last.end <= 2 * CONTEXT) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function hunk(old: readonly string[], changes: readonly Change[], shift: number): { text: string; grown: number } {
  const first = changes[0]?.start ?? 0;
  const from = Math.max(0, first - CONTEXT);
  const to = Math.min(old.length, (changes.at(-1)?.end ?? first) + CONTEXT);
  const body: string[] = [];
  let at = from;
  for (const { start, end, lines } of changes) {
    body.push(...marked(" ", old.slice(at, start)), ...marked("-", old.slice(start, end)), ...marked("+", lines));
    at = end;
  }
  body.push(...marked(" ", old.slice(at, to)));
  const grown = changes.reduce((sum, { start, end, lines }) => sum + lines.length - (end - start), 0);
  const header = `@@ -${range(from, to - from)} +${range(from + shift, to - from + grown)} @@\n`;
  return { text: header + body.join(""), grown };
}

/** Lines count from 1; an empty range stands behind the line it names. */
const range = (start: number, length: number): string => `${length === 0 ? start : start + 1},${length}`;

const marked = (sign: string, lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`));

const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/** As git quotes a name that a header could not hold; a name with blanks ends in a tab, as GNU diff writes it. */
function quoted(name: string): string {
  if (/["\\\n\t\r]/.test(name)) return `"${name.replace(/["\\\n\t\r]/g, (character) => ESCAPES[character] ?? "")}"`;
  return name.includes(" ") ? `${name}\t` : name;
}
