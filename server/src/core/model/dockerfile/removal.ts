/** Edits that take an instruction, or one `name=value` of it, away and leave comments where they are. */
import { type Edit, remove, replace } from "../../text/edit.ts";
import { linesSpan } from "./layout.ts";
import type { Dockerfile, Instruction, Pair } from "./model.ts";

/** Deletes the instruction's lines; comments between its continuation lines stay, one below the other. */
export function removeInstruction(dockerfile: Dockerfile, instruction: Instruction): Edit {
  const lines = linesSpan(dockerfile, instruction);
  const comments = instruction.comments
    .filter(({ span }) => span.end <= lines.end)
    .map(({ span }) => dockerfile.text.slice(span.start, span.end) + dockerfile.eol);
  return replace(lines, comments.join(""));
}

/** Deletes one of several pairs, with the blanks and continuations that set it apart from its neighbour. */
export function removePair(dockerfile: Dockerfile, instruction: Instruction, pair: Pair): Edit {
  const { pairs, comments } = instruction;
  const at = pairs.indexOf(pair);
  const before = pairs[at - 1];
  const after = pairs[at + 1];
  if (!before && !after) return removeInstruction(dockerfile, instruction);
  const span = before
    ? { start: before.span.end, end: pair.span.end }
    : { start: pair.span.start, end: after?.span.start ?? pair.span.end };
  const hasComment = comments.some((comment) => comment.span.start >= span.start && comment.span.end <= span.end);
  return remove(hasComment ? pair.span : span);
}
