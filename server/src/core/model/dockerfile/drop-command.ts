/** Takes one command out of the list it stands in, with the `&&` or `;` that joins it to a neighbour. */
import { type Edit, remove, type Span } from "../../text/edit.ts";
import type { Dockerfile } from "./model.ts";
import type { ShellCommand, ShellScript } from "./shell.ts";

/** Blanks, continuations and line ends. */
const GAP = String.raw`(?:[ \t\r\n]|[\\\`](?=[ \t]*\r?\n))*`;
const BEHIND = new RegExp(`^${GAP}(&&|;)${GAP}`);
const BEFORE = new RegExp(`${GAP}(&&|;)${GAP}$`);
const COMMENTS = /^[ \t]*#.*$/gm;
const GOES_ON = new RegExp(`^${GAP}(?:$|&&|;)`);

/** Undefined where it stands alone, something depends on its exit status, or a comment would be lost. */
export function dropCommand({ text }: Dockerfile, script: ShellScript, command: ShellCommand): Edit | undefined {
  if (script.broken || command.isolated || command.conditional || command.asked || command.joinedBy === "||")
    return undefined;
  const { start, end } = outermost(script, command);
  const behind = BEHIND.exec(text.slice(end, script.span.end));
  const before = BEFORE.exec(text.slice(script.span.start, start));
  const next = behind ? end + behind[0].length : undefined;
  // `a && x; b`: what joins b stays, so that b still runs when a fails.
  const isSameJoiner = !before || before[1] === behind?.[1] || before[1] === ";";
  if (next !== undefined && next < script.span.end && isSameJoiner) return remove({ start, end: next });
  const rest = text.slice(end, script.span.end).replace(COMMENTS, "");
  if (before && GOES_ON.test(rest) && !isComment(text, start)) {
    const from = start - before[0].length;
    return from > script.span.start ? remove({ start: from, end }) : undefined;
  }
  return script.heredoc ? wholeLine(text, { start, end }) : undefined;
}

/** With the `sudo` or `env` in front of it. */
function outermost({ commands }: ShellScript, { span }: ShellCommand): Span {
  const starts = commands.filter((each) => each.span.end === span.end).map((each) => each.span.start);
  return { start: Math.min(span.start, ...starts), end: span.end };
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
