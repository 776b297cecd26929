/** A change that takes whole lines away, without the comments on them: each stays, on a line of its own. */
import { type Edit, replace } from "../../text/edit.ts";
import type { YamlComment } from "../../text/yaml.ts";
import type { Change, ComposeFile } from "./model.ts";

export function keepingComments(compose: ComposeFile, change: Change): Change {
  if ("refusal" in change) return change;
  const edits: Edit[] = [];
  for (const edit of change.edits) {
    const lost = lostIn(compose, edit);
    const kept = lost.length === 0 ? edit : withComments(compose, edit, lost);
    if (!kept) return { refusal: "there are comments beside it" };
    edits.push(kept);
  }
  return { edits };
}

const lostIn = ({ comments, text }: ComposeFile, edit: Edit): readonly YamlComment[] =>
  comments.filter(
    ({ span }) =>
      edit.span.start <= span.start &&
      span.end <= edit.span.end &&
      !edit.text.includes(text.slice(span.start, span.end)),
  );

/** Undefined where the edit is about a part of a line. */
function withComments(
  { text, eol }: ComposeFile,
  { span, text: inserted }: Edit,
  lost: readonly YamlComment[],
): Edit | undefined {
  if (inserted.trim() !== "") return undefined;
  const removed = text.slice(span.start, span.end);
  const lines = lost.map((comment) => indentation(removed) + text.slice(comment.span.start, comment.span.end));
  const beginsLine = span.start === 0 || text[span.start - 1] === "\n";
  if (beginsLine && removed.endsWith("\n")) return replace(span, lines.map((line) => line + eol).join(""));
  if (/^\r?\n/.test(removed) && /^(?:$|\r?\n)/.test(text.slice(span.end)))
    return replace(span, lines.map((line) => eol + line).join(""));
  if (beginsLine && span.end === text.length) return replace(span, lines.join(eol));
  return undefined;
}

/** Of the first line that says something. */
const indentation = (removed: string): string => /^[ \t]*(?=[^\s])/m.exec(removed)?.[0] ?? "";
