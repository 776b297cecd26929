/** Commands as lines of a heredoc, and as parts of a chain: continuations, comments and quotes between the two. */
import type { Comment, Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";

/**
 * A stretch of an instruction as lines of a script: the shell's own continuation, no comments and no blank lines in between, which
 * would end the command there. Undefined where a line ends inside of single quotes: there the shell would keep the line break.
 */
export function scriptLines(
  { text, escape }: Dockerfile,
  { comments, emptyLines }: Instruction,
  { start, end }: Span,
): readonly string[] | undefined {
  const gone = [...comments.map(({ span }) => span), ...emptyLines];
  const lines: string[] = [];
  let at = start;
  for (const line of text.slice(start, end).split("\n")) {
    const span = { start: at, end: at + line.length };
    at = span.end + 1;
    if (gone.some((each) => each.start <= span.end && each.end >= span.start && isWithin(text, each, span))) continue;
    lines.push(line.trimEnd());
  }
  const last = lines.length - 1;
  const continued = lines.map((line, index) => {
    if (index === last) return line;
    return line.endsWith(escape) ? `${line.slice(0, -1).trimEnd()} \\` : `${line} \\`;
  });
  return last > 0 && breaksInQuotes(continued) ? undefined : continued;
}

/** Whether the line has nothing but that. */
const isWithin = (text: string, { start, end }: Span, line: Span): boolean =>
  text.slice(line.start, Math.max(line.start, start)).trim() === "" &&
  text.slice(Math.min(line.end, end), line.end).trim() === "";

function breaksInQuotes(lines: readonly string[]): boolean {
  let quote = "";
  for (const line of lines) {
    for (let at = 0; at < line.length; at++) {
      const character = line.charAt(at);
      if (quote === "'") quote = character === "'" ? "" : quote;
      else if (character === "\\") at++;
      else if (quote === '"') quote = character === '"' ? "" : quote;
      else if (character === "'" || character === '"') quote = character;
    }
    if (quote === "'") return true;
  }
  return false;
}

export const commentsIn = (comments: readonly Comment[], { start, end }: Span): readonly Comment[] =>
  comments.filter(({ span }) => span.start >= start && span.end <= end);

/** `$( … ; … )`: dash hands `set -e` on to it, bash does not. */
export const hasSubstitutedList = (text: string): boolean =>
  /\$\((?!\()[^()]*[;\n][^()]*\)|`[^`]*[;\n][^`]*`/.test(text);
