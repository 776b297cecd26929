/** What is said of the place under the mouse in a Dockerfile. Images are not among it: see features/images. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { RuleName } from "./completion-model.ts";
import { instructionUpTo } from "./cursor.ts";
import { hoverComment } from "./hover-comment.ts";
import { hoverFlag } from "./hover-flag.ts";
import { hoverHeredoc } from "./hover-heredoc.ts";
import { hoverInstruction } from "./hover-instruction.ts";
import type { DockerfileHover } from "./hover-model.ts";
import { hoverStage } from "./hover-stage.ts";
import { hoverVariable } from "./hover-variable.ts";

/** @param rules what comments that switch checks off may name */
export function hoverAt(
  dockerfile: Dockerfile,
  offset: number,
  rules: readonly RuleName[] = [],
): DockerfileHover | undefined {
  const comment = hoverComment(dockerfile, offset, rules);
  if (comment) return comment;
  const written = instructionUpTo(dockerfile, offset);
  if (!written || offset > written.span.end) return undefined;
  // What is registered speaks for itself; the word ONBUILD is all that is left of the outer one.
  const { trigger } = written;
  const instruction = trigger && offset >= trigger.keyword.span.start ? trigger : written;
  return (
    hoverHeredoc(dockerfile, instruction, offset) ??
    hoverVariable(dockerfile, offset) ??
    hoverStage(dockerfile, offset) ??
    hoverFlag(dockerfile, instruction, offset) ??
    hoverInstruction(dockerfile, instruction, offset)
  );
}
