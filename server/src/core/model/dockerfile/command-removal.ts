/** Takes commands out of the lists they stand in, and the RUN away when they are all it does. */
import { type Edit, remove, type Span } from "../../text/edit.ts";
import type { Comment, Dockerfile, Instruction } from "./model.ts";
import type { Program } from "./programs.ts";
import { removeInstruction } from "./removal.ts";
import { commandsOf, scriptsOf, type ShellScript } from "./shell.ts";

/**
 * The edits for commands that always succeed and that nothing else depends on: the others stay joined as they were, comments stay
 * where they are. Undefined where that cannot be had: in a pipeline or behind `||`, as all that a condition or a loop does, with a
 * redirection that belongs to more.
 */
export function removeCommands(dockerfile: Dockerfile, programs: readonly Program[]): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const parts = new Map<ShellScript, Range[]>();
  for (const { command, instruction } of programs) {
    const outermost = commandsOf(dockerfile, instruction).find(({ span }) => span.end === command.span.end);
    const script = scriptsOf(dockerfile, instruction).find((each) => outermost && each.commands.includes(outermost));
    if (instruction.json && isOwn(dockerfile, instruction)) edits.push(removeWhole(dockerfile, instruction));
    else if (!script || !outermost || script.broken) return undefined;
    else parts.set(script, [...(parts.get(script) ?? []), rangeOf(script, outermost.span)]);
  }
  for (const [script, ranges] of parts) {
    const dropped = removeFrom(dockerfile, script, ranges);
    if (!dropped) return undefined;
    edits.push(...dropped);
  }
  return edits;
}

/** Offsets in a script's text. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** One way to take a range out: with the operator in front of it, or with the one behind. */
interface Cut extends Range {
  /** Without the blanks that set it apart. */
  readonly core: Range;
  readonly leading: boolean;
}

/** False for the script of `sh -c "…"`, which is a part of its RUN. */
const isOwn = (dockerfile: Dockerfile, instruction: Instruction): boolean => dockerfile.all.includes(instruction);

const removeWhole = (dockerfile: Dockerfile, instruction: Instruction): Edit =>
  removeInstruction(dockerfile, dockerfile.instructions[instruction.index] ?? instruction);

function rangeOf({ spanOf, text }: ShellScript, { start, end }: Span): Range {
  const offsetOf = (source: number): number => {
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spanOf(middle, middle).start < source) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { start: offsetOf(start), end: offsetOf(end) };
}

function removeFrom(
  dockerfile: Dockerfile,
  script: ShellScript,
  ranges: readonly Range[],
): readonly Edit[] | undefined {
  const { instruction, heredoc } = script;
  const own = isOwn(dockerfile, instruction);
  // Behind the line of a RUN stand the bodies of its heredocs.
  const text = heredoc ? script.text : instruction.body.text;
  const groups = neighbours(text, ranges);
  const [first] = groups;
  if (first && text.slice(0, first.start).trim() === "" && text.slice(first.end).trim() === "")
    return own ? [removeWhole(dockerfile, instruction)] : undefined;
  const edits = groups.map((group) => removeGroup(dockerfile, { ...script, text }, group));
  return edits.some((edit) => edit === undefined) ? undefined : edits.flatMap((edit) => edit ?? []);
}

/** Blanks and, in a heredoc, the shell's own continuations. */
const GAP = "(?:\\s|\\\\\\n)*";
const JOINED = new RegExp(`^${GAP}(?:&&|;|\\n)${GAP}$`);
const GAP_AHEAD = new RegExp(`^${GAP}`);

/** In order; those that stand side by side as one. */
function neighbours(text: string, ranges: readonly Range[]): readonly Range[] {
  const groups: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = groups.at(-1);
    if (last && JOINED.test(text.slice(last.end, range.start))) groups.splice(-1, 1, { ...last, end: range.end });
    else groups.push(range);
  }
  return groups;
}

function removeGroup(dockerfile: Dockerfile, script: ShellScript, group: Range): readonly Edit[] | undefined {
  const { instruction, heredoc, text, spanOf } = script;
  const source = spanOf(group.start, group.end);
  const inside = (comments: readonly Comment[], { start, end }: Span): readonly Comment[] =>
    comments.filter(({ span }) => span.start >= start && span.end <= end);
  if (!heredoc && instruction.heredocs.some(({ marker }) => marker.start >= source.start && marker.end <= source.end))
    return undefined;
  const line = heredoc && ownLine(text, group);
  if (line) return line === "needed" ? undefined : [remove(spanOf(line.start, line.end))];
  const cuts = cutsOf(text, group).map((cut) => ({ ...cut, source: sourceOf(script, cut) }));
  const linesIn = ({ start, end }: Span): number => dockerfile.text.slice(start, end).split("\n").length;
  const [plain] = cuts
    .filter((cut) => inside(instruction.comments, cut.source).length === 0)
    .sort((a, b) => linesIn(a.source) - linesIn(b.source));
  if (plain) return [remove(plain.source)];
  for (const { core } of cuts) {
    const span = spanOf(core.start, core.end);
    const lines = inside(instruction.comments, span).length === 0 && wholeLines(dockerfile, span);
    if (lines) return [remove(lines)];
  }
  const leading = cuts.find((cut) => cut.leading);
  const isLast = text.slice(group.end).trim() === "" && instruction.heredocs.length === 0;
  if (!leading || !isLast || !isOwn(dockerfile, instruction)) return undefined;
  const operator = spanOf(leading.core.start, leading.core.end).start;
  return aroundComments(dockerfile, inside(instruction.comments, leading.source), leading.source, operator, source);
}

/** From directly behind what is left in front, to where what is left behind begins. */
function sourceOf({ spanOf }: ShellScript, { start, end, leading }: Cut): Span {
  return leading
    ? { start: start === 0 ? spanOf(0, 0).start : spanOf(start - 1, start).end, end: spanOf(start, end).end }
    : { start: spanOf(start, start).start, end: spanOf(end, end).start };
}

/** Words that want a command behind them, or before them. */
const OPENS = /(?:^|[\s;])(?:then|do|else|\{|\()$/;
const CLOSES = /^(?:fi|done|else|elif|esac|\}|\)|;;)(?![\w-])/;
const LEFT = /(?:&&|\|\||;;|;|\||&)$/;
const RIGHT = /^(?:[ \t]|\\\n)*(&&|\|\||;;|;|\||&|\)|\n|$)/;
const COMMENT_LINES = /(?<![^\n])(?:[ \t]*#[^\n]*\n\s*)+$/;

function cutsOf(text: string, { start, end }: Range): readonly Cut[] {
  const found = RIGHT.exec(text.slice(end));
  const before = endOfWords(text, start);
  const left = LEFT.exec(text.slice(Math.max(0, before - 2), before))?.[0] ?? "";
  if (!found || /^\|\|?$/.test(left)) return [];
  const right = found[1] ?? "";
  // `rm this || true`: what stands behind belongs to it.
  if (/^(?:\|\|?|&)$/.test(right)) return [];
  // `a && this; that && b` is a list of two: without them b would hang on a.
  if (left === "&&" && right === "&&" && /;|\n/.test(text.slice(start, end))) return [];
  const operator = { start: before - left.length, end: end + found[0].length };
  const leading: Cut = {
    start: endOfWords(text, operator.start),
    end,
    core: { start: operator.start, end },
    leading: true,
  };
  const gap = GAP_AHEAD.exec(text.slice(operator.end))?.[0].length ?? 0;
  const trailing: Cut = {
    start,
    end: operator.end + gap,
    core: { start, end: operator.end },
    leading: false,
  };
  const opens = left === "" && beginsList(text, before, start);
  const follows = text.slice(trailing.end);
  const canLead = left === "&&" || (left === ";" && right !== "&&");
  const canTrail =
    right === "&&"
      ? opens || left !== ""
      : right === ";" && (opens || left === ";" || left === "&") && follows !== "" && !CLOSES.test(follows);
  return [...(canLead ? [leading] : []), ...(canTrail ? [trailing] : [])];
}

/** The first of its script, behind `then`, `{` and the like, or on a new line of a heredoc. */
const beginsList = (text: string, before: number, start: number): boolean =>
  before === 0 ||
  OPENS.test(text.slice(Math.max(0, before - 5), before)) ||
  /(?<!\\)\n/.test(text.slice(before, start));

/** Back over blanks and, in a heredoc, continuations. */
function endOfWords(text: string, from: number): number {
  let at = from;
  while (at > 0 && (/\s/.test(text.charAt(at - 1)) || text.slice(at - 1, at + 1) === "\\\n")) at--;
  return at;
}

/** A stretch that has a heredoc's lines for itself; `needed` where something would be empty or hang in the air without it. */
function ownLine(text: string, { start, end }: Range): Range | "needed" | undefined {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const rest = /^[ \t]*;?[ \t]*(?:\n|$)/.exec(text.slice(end));
  if (text.slice(lineStart, start).trim() !== "") return undefined;
  const inFront = text.slice(0, lineStart);
  const before = inFront.replace(COMMENT_LINES, "").trimEnd();
  const hangs = /(?:&&|\|\||\||\\)$/.test(before);
  if (hangs) return before === inFront.trimEnd() ? undefined : "needed";
  if (!rest) return undefined;
  const follows = text.slice(end + rest[0].length).trimStart();
  if (OPENS.test(before) && CLOSES.test(follows)) return "needed";
  return { start: lineStart, end: end + rest[0].length };
}

/** The lines of a stretch that has them for itself, up to the next one of the same instruction. */
function wholeLines({ text, escape }: Dockerfile, { start, end }: Span): Span | undefined {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const alone = text.slice(from, start).trim() === "" && text.slice(end, newline).trim() === escape;
  return newline !== -1 && alone ? { start: from, end: newline + 1 } : undefined;
}

/** The end of an instruction without its last command: the comments in front of that stand behind the instruction then. */
function aroundComments(
  { text }: Dockerfile,
  comments: readonly Comment[],
  { start, end }: Span,
  operator: number,
  command: Span,
): readonly Edit[] | undefined {
  const first = comments[0]?.span.start ?? end;
  const last = comments.at(-1)?.span.end ?? end;
  if (last > command.start || (operator > first && operator < last)) return undefined;
  const lineEnd = text.slice(start, first).lastIndexOf("\n");
  const carriage = text.charAt(start + lineEnd - 1) === "\r" ? 1 : 0;
  return [remove({ start, end: start + lineEnd - carriage }), remove({ start: last, end })];
}
