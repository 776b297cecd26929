/** What a selection grows to, step by step: word, argument, flag, command, chain, instruction, stage, file. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { scriptsOf } from "../../model/dockerfile/shell.ts";
import { type Span } from "../../text/edit.ts";
import { nameAt } from "./names.ts";
import { tokensOf } from "./variable-places.ts";
import { growing, withoutQuotes, wordAt } from "../selection.ts";

/** From the narrowest to the whole file; each one holds the one before. */
export function selectionsAt(dockerfile: Dockerfile, offset: number): readonly Span[] {
  const { text, stages, instructions, comments, directives } = dockerfile;
  const holds = ({ start, end }: Span): boolean => start <= offset && offset <= end;
  const wide: Span[] = [{ start: 0, end: text.length }];
  // Where two meet, the second is meant.
  const stage = stages.findLast(({ span }) => holds(span));
  if (stage) wide.push({ start: stage.span.start, end: stage.instructions.at(-1)?.span.end ?? stage.span.end });
  const instruction = instructions.findLast(({ span }) => holds(span));
  if (instruction) wide.push(instruction.span, ...withinInstruction(dockerfile, instruction, holds));
  for (const { span } of [...comments, ...directives, ...(instruction?.comments ?? [])])
    if (holds(span)) wide.push(span);
  const name = nameAt(dockerfile, offset)?.span;
  if (name) wide.push(name);
  const word = wordAt(text, offset);
  if (word) wide.push(word);
  return nested(wide.filter(holds));
}

function withinInstruction(
  dockerfile: Dockerfile,
  whole: Instruction,
  holds: (span: Span) => boolean,
): readonly Span[] {
  const { text } = dockerfile;
  const found: Span[] = [];
  for (const instruction of [whole, whole.trigger]) {
    if (!instruction) continue;
    found.push(instruction.span, instruction.head, instruction.args.span, instruction.keyword.span);
    for (const { body, terminator, marker } of instruction.heredocs) {
      found.push(body, marker);
      if (terminator) found.push({ start: body.start, end: terminator.end }, terminator);
    }
    for (const flag of instruction.flags) {
      found.push(flag.span, flag.nameSpan);
      if (flag.value) found.push(flag.value.span);
      for (const { span, keySpan, valueSpan } of flag.fields)
        found.push(span, keySpan, ...(valueSpan ? [valueSpan] : []));
    }
    for (const { span } of instruction.words) found.push(span, withoutQuotes(text, span));
    for (const { span, key, value } of instruction.pairs)
      found.push(span, key.span, ...(value ? [value.span, withoutQuotes(text, value.span)] : []));
    if (instruction.json) found.push(instruction.json.span);
    for (const script of scriptsOf(dockerfile, instruction)) {
      for (const { span, members } of script.lists) found.push(span, ...members.map((member) => member.span));
      for (const { span, parts } of script.pipelines) found.push(span, ...parts);
      for (const { span, nameWord, args } of script.commands)
        found.push(span, ...[...(nameWord ? [nameWord] : []), ...args].map((each) => each.span));
    }
    for (const { tokens, spanOf } of tokensOf(dockerfile, instruction))
      for (const { kind, start, end } of tokens)
        if (kind === "string") found.push(spanOf(start, end), withoutQuotes(text, spanOf(start, end)));
  }
  return found.filter(holds);
}

/** What crosses another is left out. */
const nested = (all: readonly Span[]): readonly Span[] =>
  growing(
    all
      .filter(({ start, end }) => end > start)
      .toSorted((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start),
  );
