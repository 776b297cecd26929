/** Whole lines: where an instruction's lines begin and end, and edits that add or delete some. */
import { type Edit, insert, type Span } from "../../text/edit.ts";
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";

/** From the beginning of its first line to behind the line ending of its last one. */
export function linesSpan({ text }: Dockerfile, { span }: Instruction): Span {
  const newline = text.indexOf("\n", Math.max(span.end, span.start));
  return { start: text.lastIndexOf("\n", span.start - 1) + 1, end: newline === -1 ? text.length : newline + 1 };
}

/** New lines above the instruction and above the comments that stand directly on it. */
export function insertAbove(dockerfile: Dockerfile, instruction: Instruction, lines: readonly string[]): Edit {
  return insert(aboveComments(dockerfile, instruction), lines.map((line) => line + dockerfile.eol).join(""));
}

/** New lines directly below the instruction, heredocs included. */
export function insertBelow(dockerfile: Dockerfile, instruction: Instruction, lines: readonly string[]): Edit {
  const { end } = linesSpan(dockerfile, instruction);
  const text = lines.map((line) => line + dockerfile.eol).join("");
  const open = end === dockerfile.text.length && !dockerfile.text.endsWith("\n");
  return insert(end, open ? dockerfile.eol + text.slice(0, -dockerfile.eol.length) : text);
}

/** The start of the comment lines that stand directly above, without a blank line between. */
export function aboveComments(dockerfile: Dockerfile, instruction: Instruction): number {
  let { start } = linesSpan(dockerfile, instruction);
  for (;;) {
    const comment = dockerfile.comments.findLast(({ span }) => span.end < start);
    const lineStart = comment && dockerfile.text.lastIndexOf("\n", comment.span.start - 1) + 1;
    if (!comment || lineStart === undefined || !/^\r?\n$/.test(dockerfile.text.slice(comment.span.end, start)))
      return start;
    start = lineStart;
  }
}

/** The keyword in the case the file writes keywords in. */
export const keywordLike = (dockerfile: Dockerfile, keyword: string): string =>
  casing(dockerfile).lower ? keyword.toLowerCase() : keyword;

const casing = perDocument(({ instructions }) => {
  const lower = instructions.filter(({ keyword }) => keyword.text === keyword.text.toLowerCase()).length;
  return { lower: lower * 2 > instructions.length };
});
