/** Instructions that no edit of a fix touches are read as before, byte for byte and in their order. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import type { Edit } from "../../text/edit.ts";
import { plain } from "./units.ts";

export function untouched(before: Dockerfile, after: Dockerfile, edits: readonly Edit[]): readonly string[] {
  const now = new Map(after.instructions.map((each) => [each.span.start, textOf(after, each)]));
  const spoilt = before.instructions.find(
    (each) =>
      !edits.some((edit) => isAbout(edit, each)) && now.get(moved(each.span.start, edits)) !== textOf(before, each),
  );
  return spoilt ? [`${spoilt.name} ${short(spoilt)}, which the fix is not about, would not be read as before`] : [];
}

const textOf = ({ text }: Dockerfile, { span }: Instruction): string => text.slice(span.start, span.end);

const short = ({ args }: Instruction): string => {
  const text = plain(args.text);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

/** Whole lines above and below an instruction are not the instruction. */
function isAbout({ span, text }: Edit, { span: own }: Instruction): boolean {
  if (span.end < own.start || span.start > own.end) return false;
  if (span.end === own.start && span.start < own.end) return text !== "" && !text.endsWith("\n");
  if (span.start === own.end) return !/^\r?\n/.test(text) && !(text === "" && span.end > span.start);
  return true;
}

const moved = (offset: number, edits: readonly Edit[]): number =>
  edits.reduce((at, { span, text }) => (span.end <= offset ? at + text.length - (span.end - span.start) : at), offset);
