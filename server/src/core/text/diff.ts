import type { Edit } from "./edit.ts";

/**
 * Edits that turn `before` into `after`, one for each run of changed lines, trimmed to the characters that differ.
 * Lines are matched by longest common subsequence; above `MAX_CELLS` comparisons the middle becomes one edit.
 */
export function minimalEdits(before: string, after: string): Edit[] {
  if (before === after) return [];
  const a = splitLines(before);
  const b = splitLines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;

  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  const edits: Edit[] = [];
  let at = lengthOf(a.slice(0, head));
  let removed = "";
  let added = "";
  const flush = (): void => {
    if (removed !== added) edits.push(trimmed(at - removed.length, removed, added));
    removed = "";
    added = "";
  };
  for (const step of align(left, right)) {
    if (step.kind === "same") {
      flush();
      at += step.line.length;
    } else if (step.kind === "removed") {
      removed += step.line;
      at += step.line.length;
    } else added += step.line;
  }
  flush();
  return edits;
}

const MAX_CELLS = 4_000_000;

interface Step {
  readonly kind: "same" | "removed" | "added";
  readonly line: string;
}

function align(a: readonly string[], b: readonly string[]): Step[] {
  if (a.length * b.length > MAX_CELLS)
    return [...a.map((line): Step => ({ kind: "removed", line })), ...b.map((line): Step => ({ kind: "added", line }))];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const diagonal = common[(i + 1) * width + j + 1] ?? 0;
      const best = Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
      common[i * width + j] = a[i] === b[j] ? diagonal + 1 : best;
    }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const mine = a[i];
    const theirs = b[j];
    if (mine !== undefined && mine === theirs) {
      steps.push({ kind: "same", line: mine });
      i++;
      j++;
    } else if (
      mine !== undefined &&
      (theirs === undefined || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      steps.push({ kind: "removed", line: mine });
      i++;
    } else if (theirs !== undefined) {
      steps.push({ kind: "added", line: theirs });
      j++;
    }
  }
  return steps;
}

/** Cuts what both sides begin and end with, without cutting a surrogate pair or a CRLF in two. */
function trimmed(start: number, removed: string, added: string): Edit {
  let head = 0;
  while (head < removed.length && head < added.length && removed[head] === added[head]) head++;
  if (splitsPair(removed, head) || splitsPair(added, head)) head--;
  let tail = 0;
  while (
    tail < removed.length - head &&
    tail < added.length - head &&
    removed[removed.length - 1 - tail] === added[added.length - 1 - tail]
  )
    tail++;
  if (tail > 0 && (splitsPair(removed, removed.length - tail) || splitsPair(added, added.length - tail))) tail--;
  return {
    span: { start: start + head, end: start + removed.length - tail },
    text: added.slice(head, added.length - tail),
  };
}

const splitsPair = (text: string, at: number): boolean =>
  at > 0 && (/[\uD800-\uDBFF]/.test(text[at - 1] ?? "") || (text[at - 1] === "\r" && text[at] === "\n"));

const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0);
