/** Keywords in one case, where a person asks for that: instructions, AS, and CMD and NONE behind HEALTHCHECK. */
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile, Instruction, Word } from "../../model/dockerfile/model.ts";
import { type Edit, replace } from "../../text/edit.ts";
import type { KeywordCase } from "../../model/format-wish.ts";

/** What ONBUILD registers stays: its text is kept in the image. */
export function keywordEdits(dockerfile: Dockerfile, instruction: Instruction, wish: KeywordCase): readonly Edit[] {
  if (wish === "preserve" || !INSTRUCTIONS.has(instruction.name)) return [];
  return [instruction.keyword, ...keywordsIn(instruction)].flatMap(({ text, span }) => {
    const cased = wish === "upper" ? text.toUpperCase() : text.toLowerCase();
    // One that a continuation cuts in two is left.
    const isWhole = dockerfile.text.slice(span.start, span.end) === text;
    return cased === text || !isWhole ? [] : [replace(span, cased)];
  });
}

function keywordsIn({ name, words }: Instruction): readonly Word[] {
  const [first, second] = words;
  if (name === "FROM" && words.length === 3 && second && /^as$/i.test(second.text)) return [second];
  return name === "HEALTHCHECK" && first && /^(?:cmd|none)$/i.test(first.text) ? [first] : [];
}
