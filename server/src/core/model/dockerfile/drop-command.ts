/** Takes one command out of a list of commands, the rest of the layout untouched. */
import { type Edit, remove, type Span } from "../../text/edit.ts";
import type { Dockerfile } from "./model.ts";
import type { ShellCommand, ShellScript } from "./shell.ts";

/** Blanks, continuations and line ends. */
const GAP = String.raw`(?:[ \t\r\n]|[\\\`](?=[ \t]*\r?\n))*`;
const AFTER = new RegExp(`^${GAP}(&&|;)${GAP}`);
const BEFORE = new RegExp(`${GAP}(&&|;)${GAP}$`);
const COMMENTS = /^[ \t]*#.*$/gm;
const GOES_ON = new RegExp(`^${GAP}(?:$|&&|;)`);

/**
 * The command with the `&&` or `;` that joins it to a neighbour. Undefined where it stands alone, something depends on
 * its exit status, or a comment would be lost.
 */
export function dropCommand({ text }: Dockerfile, script: ShellScript, command: ShellCommand): Edit | undefined {
  if (script.broken || command.isolated || command.conditional || command.asked || command.joinedBy === "||")
    return undefined;
  const { start, end } = outermost(script, command);
  const after = AFTER.exec(text.slice(end, script.span.end));
  const before = BEFORE.exec(text.slice(script.span.start, start));
  const next = after ? end + after[0].length : undefined;
  const rest = text.slice(end, script.span.end).replace(COMMENTS, "");
  if (next !== undefined && next < script.span.end && (!before || before[1] === after?.[1] || before[1] === ";"))
    return remove({ start, end: next });
  if (before && GOES_ON.test(rest) && !isComment(text, start)) {
    const from = start - before[0].length;
    return from > script.span.start ? remove({ start: from, end }) : undefined;
  }
  return script.heredoc ? wholeLine(text, { start, end }) : undefined;
}

/** With the `sudo` or `env` in front. */
function outermost(script: ShellScript, command: ShellCommand): Span {
  const start = script.commands
    .filter(({ span }) => span.start <= command.span.start && span.end === command.span.end)
    .reduce((first, { span }) => Math.min(first, span.start), command.span.start);
  return { start, end: command.span.end };
}

/** True when the line above is a comment: what joins the command stands somewhere else. */
function isComment(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf("\n", at - 1);
  return lineStart > 0 && /^[ \t]*#/.test(text.slice(text.lastIndexOf("\n", lineStart - 1) + 1, lineStart));
}

function wholeLine(text: string, { start, end }: Span): Edit | undefined {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", end);
  const to = newline === -1 ? text.length : newline + 1;
  const isAlone = /^[ \t]*$/.test(text.slice(from, start)) && /^[ \t]*\r?\n?$/.test(text.slice(end, to));
  return isAlone ? remove({ start: from, end: to }) : undefined;
}
