/** The layout of some lines of a compose file, where those can be changed alone: an indentation that others share stays. */
import { parseCompose } from "../../model/compose/parse.ts";
import { saidBy } from "../../model/compose/said.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, contains, type Edit, type Span } from "../../text/edit.ts";
import { formatCompose, type FormatOptions } from "./format.ts";

/** None where the file would say something else with only these lines changed. */
export function formatComposeRange(text: string, range: Span, options: FormatOptions): Edit[] {
  const lines = wholeLines(text, range);
  const edits = formatCompose(text, options)
    .flatMap((edit) => byLine(text, edit))
    .filter(({ span }) => contains(lines, span));
  if (edits.length === 0) return [];
  const before = parseCompose(text);
  const after = parseCompose(applyEdits(text, edits));
  if (!before.root || !after.root || after.problems.length > 0) return [];
  const isSame = saidBy(before.root) === saidBy(after.root) && before.comments.length === after.comments.length;
  return isSame ? edits : [];
}

/** Without the break behind the last line. A range that ends where a line begins does not hold that line. */
function wholeLines(text: string, { start, end }: Span): Span {
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const lineEnd = text.indexOf("\n", last);
  return { start: text.lastIndexOf("\n", start - 1) + 1, end: lineEnd === -1 ? text.length : lineEnd };
}

/** An edit of several lines as one of each, where no line goes or comes. */
function byLine(text: string, edit: Edit): readonly Edit[] {
  const { start, end } = wholeLines(text, edit.span);
  const before = text.slice(start, Math.max(end, edit.span.end));
  const after = text.slice(start, edit.span.start) + edit.text + text.slice(edit.span.end, start + before.length);
  const [old, now] = [before.split("\n"), after.split("\n")];
  if (old.length !== now.length) return [edit];
  let at = start;
  return old.flatMap((line, index) => {
    const from = at;
    at += line.length + 1;
    return minimalEdits(line, now[index] ?? "").map(({ span, text: put }) => ({
      span: { start: from + span.start, end: from + span.end },
      text: put,
    }));
  });
}
