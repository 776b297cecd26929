/** Stages that come or go: the numbers that count them, and where their lines begin and end. */
import { aboveComments } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import { countedStages } from "./name-stage.ts";

/** What has to be said of the stages from an index on when there is one more, or one less, in front of them. */
export const renumbered = (dockerfile: Dockerfile, from: number, by: 1 | -1): readonly Edit[] =>
  countedStages(dockerfile)
    .filter(({ stage }) => stage.index >= from)
    .flatMap(({ stage, uses }) => uses.map((span) => replace(span, String(stage.index + by))));

/** From the comments on its FROM to those on the next one, blank lines in front of them left out. */
export function linesOfStage(dockerfile: Dockerfile, stage: Stage): Span {
  const next = dockerfile.stages[stage.index + 1];
  const { text } = dockerfile;
  const start = aboveComments(dockerfile, stage.from);
  const end = next ? aboveComments(dockerfile, next.from) : text.length;
  return { start, end: start + text.slice(start, end).replace(/(?<=\n)\s*$/, "").length };
}
