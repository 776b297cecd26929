/** Takes commands out of the list they stand in, with the `&&` or `;` that joins them to their neighbours. */
import { type Edit, remove, type Span } from "../../text/edit.ts";
import type { Dockerfile } from "./model.ts";
import type { ShellCommand, ShellScript } from "./shell.ts";

const GAP = "(?:[ \\t]|[\\\\`][ \\t]*\\r?\\n)*";
const JOINER = new RegExp(`^${GAP}(?:&&|;)${GAP}$`);
const BEFORE = new RegExp(`${GAP}(?:&&|;)${GAP}$`);
const BEHIND = new RegExp(`^${GAP}(?:&&|;)${GAP}`);
const COMMENT_LINES_AT_END = /\r?\n(?:[ \t]*#[^\n]*\n)*[ \t]*$/;
/** A continuation, comment lines, and the joiner of what comes next. */
const COMMENTED = /([ \t]*[\\`][ \t]*)(\r?\n(?:[ \t]*#[^\n]*\n)*[ \t]*#[^\r\n]*)(\r?\n[ \t]*(?:&&|;)[ \t]*)$/;

/** Undefined where one of them is not in a plain list of commands. Comments between the commands stay. */
export function dropCommands(
  dockerfile: Dockerfile,
  script: ShellScript,
  commands: readonly ShellCommand[],
): readonly Edit[] | undefined {
  if (script.broken || !commands.every(isPlain)) return undefined;
  const { text } = dockerfile;
  const parts = commands.map((command) => outermost(script, command)).toSorted((a, b) => a.start - b.start);
  const groups: Span[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last && JOINER.test(text.slice(last.end, part.start))) groups[groups.length - 1] = { ...last, end: part.end };
    else groups.push(part);
  }
  const edits = groups.map((group) => dropGroup(text, script, group));
  return edits.some((edit) => edit === undefined) ? undefined : edits.flatMap((edit) => edit ?? []);
}

/** Nothing asks whether it worked, and nothing runs it only sometimes. */
const isPlain = ({ isolated, conditional, asked, joinedBy }: ShellCommand): boolean =>
  !isolated && !conditional && !asked && joinedBy !== "||";

/** With the `sudo` or `env` in front of it. */
function outermost({ commands }: ShellScript, { span }: ShellCommand): Span {
  const starts = commands.filter((each) => each.span.end === span.end).map((each) => each.span.start);
  return { start: Math.min(span.start, ...starts), end: span.end };
}

function dropGroup(text: string, script: ShellScript, { start, end }: Span): readonly Edit[] | undefined {
  const inFront = text.slice(script.span.start, start);
  const following = text.slice(end, script.span.end);
  // `rm x || true`: what stands behind belongs to it.
  if (/^[ \t]*(?:\|\||\||&(?!&)|[<>])/.test(following)) return undefined;
  const before = BEFORE.exec(inFront)?.[0];
  if (before !== undefined && inFront.charAt(inFront.length - before.length - 1) !== "\n")
    return [remove({ start: start - before.length, end })];
  const behind = BEHIND.exec(following)?.[0];
  if (behind !== undefined && (inFront.trim() === "" || BEFORE.test(inFront.replace(COMMENT_LINES_AT_END, "\n"))))
    return [remove({ start, end: end + behind.length })];
  const commented = following.trim() === "" ? COMMENTED.exec(inFront) : null;
  if (commented) {
    const [whole, continuation = "", , joiner = ""] = commented;
    const from = start - whole.length;
    return [remove({ start: from, end: from + continuation.length }), remove({ start: start - joiner.length, end })];
  }
  return script.heredoc ? wholeLine(text, script, { start, end }) : undefined;
}

function wholeLine(text: string, { span }: ShellScript, part: Span): readonly Edit[] | undefined {
  const start = text.lastIndexOf("\n", part.start - 1) + 1;
  const newline = text.indexOf("\n", part.end);
  if (start < span.start || newline === -1) return undefined;
  const alone = text.slice(start, part.start).trim() === "" && text.slice(part.end, newline).trim() === "";
  return alone ? [remove({ start, end: newline + 1 })] : undefined;
}

/** The same for one command, where one edit will do. */
export function dropCommand(dockerfile: Dockerfile, script: ShellScript, command: ShellCommand): Edit | undefined {
  const edits = dropCommands(dockerfile, script, [command]);
  return edits?.length === 1 ? edits[0] : undefined;
}
