/** Takes one command out of the list it stands in, with the `&&` or `;` that joins it to a neighbour. */
import { type Edit, remove } from "../../text/edit.ts";
import type { Dockerfile } from "./model.ts";
import type { ShellCommand, ShellScript } from "./shell.ts";

const BEFORE = /(?:[ \t]|[\\`][ \t]*\r?\n)*(?:&&|;)(?:[ \t]|[\\`][ \t]*\r?\n)*$/;
const BEHIND = /^(?:[ \t]|[\\`][ \t]*\r?\n)*(?:&&|;)(?:[ \t]|[\\`][ \t]*\r?\n)*/;

/** Undefined where it is not one of a plain list, or where a comment stands between. */
export function dropCommand(dockerfile: Dockerfile, script: ShellScript, command: ShellCommand): Edit | undefined {
  if (script.broken || command.isolated || command.conditional || command.asked) return undefined;
  const { text } = dockerfile;
  const { start, end } = outermost(script, command);
  const inScript = text.slice(script.span.start, start);
  const before = BEFORE.exec(inScript)?.[0];
  if (before !== undefined && command.joinedBy !== "||") return remove({ start: start - before.length, end });
  const behind = BEHIND.exec(text.slice(end, script.span.end))?.[0];
  if (behind !== undefined && /^\s*$/.test(inScript)) return remove({ start, end: end + behind.length });
  return script.heredoc ? wholeLine(text, script, { start, end }) : undefined;
}

/** With the `sudo` or `env` in front of it. */
function outermost({ commands }: ShellScript, { span }: ShellCommand): { start: number; end: number } {
  const starts = commands.filter((each) => each.span.end === span.end).map((each) => each.span.start);
  return { start: Math.min(span.start, ...starts), end: span.end };
}

function wholeLine(text: string, { span }: ShellScript, part: { start: number; end: number }): Edit | undefined {
  const start = text.lastIndexOf("\n", part.start - 1) + 1;
  const newline = text.indexOf("\n", part.end);
  if (start < span.start || newline === -1) return undefined;
  const alone = text.slice(start, part.start).trim() === "" && text.slice(part.end, newline).trim() === "";
  return alone ? remove({ start, end: newline + 1 }) : undefined;
}
