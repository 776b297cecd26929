/** Adds a command at the end of a RUN in the layout the RUN has. */
import { type Edit, insert } from "../../text/edit.ts";
import type { Dockerfile } from "./model.ts";
import type { ShellScript } from "./shell.ts";
import { onSince } from "./shell-options.ts";

/**
 * The command runs when everything before it worked, and the exit status stays that of a failure before it. Undefined
 * where the end of the script is no place for one more command.
 */
export function appendCommand(dockerfile: Dockerfile, script: ShellScript, command: string): Edit | undefined {
  const last = script.statements.at(-1);
  const lastCommand = script.commands.findLast(({ isolated, conditional }) => !isolated && !conditional);
  // `… || exit 1` only leaves after a failure: the new command is not reached then, and is otherwise.
  const leaves =
    lastCommand?.wrappers.includes("exec") || (lastCommand?.name === "exit" && lastCommand.joinedBy !== "||");
  if (script.broken || !last || leaves) return undefined;
  if (script.heredoc) return appendLine(dockerfile, script, command);
  if (script.instruction.heredocs.length > 0 || dockerfile.text.slice(last.start, last.end).endsWith("&"))
    return undefined;
  return insert(last.end, joined(dockerfile, script, command));
}

/** A heredoc's line of its own. Without `set -e` the last line alone decides, so it has to be joined to that one. */
function appendLine(dockerfile: Dockerfile, script: ShellScript, command: string): Edit | undefined {
  const last = script.statements.at(-1);
  if (!last) return undefined;
  if (onSince(dockerfile, script, "e", "errexit") === undefined) return insert(last.end, ` && ${command}`);
  const lineEnd = dockerfile.text.indexOf("\n", last.end);
  if (lineEnd === -1) return undefined;
  return insert(lineEnd + 1, `${indentAt(dockerfile.text, last.start)}${command}${dockerfile.eol}`);
}

function joined(dockerfile: Dockerfile, script: ShellScript, command: string): string {
  const { text, eol, escape } = dockerfile;
  const { head } = script.instruction;
  const lists = script.commands.filter(
    ({ isolated, conditional, wrappers }) => !isolated && !conditional && wrappers.length === 0,
  );
  const before = lists.findLast(({ joinedBy }) => joinedBy !== undefined);
  // With `set -e` a `;` stops at a failure just as `&&` does; without it, the exit status would become the new command's.
  const semicolon = before?.joinedBy === ";" && onSince(dockerfile, script, "e", "errexit") !== undefined;
  const joiner = semicolon ? ";" : "&&";
  if (!text.slice(head.start, head.end).includes("\n")) return semicolon ? `; ${command}` : ` && ${command}`;
  const lineStart = before ? text.slice(text.lastIndexOf("\n", before.span.start - 1) + 1, before.span.start) : "";
  const ownLine = /^[ \t]*$/.test(lineStart) && lineStart !== "";
  if (semicolon)
    return ownLine
      ? `; ${escape}${eol}${lineStart}${command}`
      : `; ${escape}${eol}${lastIndent(text, head.end)}${command}`;
  if (/^[ \t]*&&[ \t]*$/.test(lineStart)) return ` ${escape}${eol}${lineStart}${command}`;
  if (ownLine) return ` ${joiner} ${escape}${eol}${lineStart}${command}`;
  return ` ${escape}${eol}${lastIndent(text, head.end)}${joiner} ${command}`;
}

const lastIndent = (text: string, end: number): string => indentAt(text, end) || "    ";

/** The blanks the line of an offset begins with. */
export const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";
