/** CMD, ENTRYPOINT and HEALTHCHECK: of several in a stage, the last one counts. Shared by the three multiple-… rules. */
import { linesSpan } from "../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../model/dockerfile/model.ts";
import { type Context, safeFix } from "../rule.ts";
import { type Edit, replace } from "../text/edit.ts";

/** Reports each instruction of that name that a later one in its stage overrides. */
export function reportOverridden({ dockerfile, report }: Context, name: "CMD" | "ENTRYPOINT" | "HEALTHCHECK"): void {
  for (const stage of dockerfile.stages) reportIn(stage.instructions);
  // A fragment without FROM is read as one stage.
  if (dockerfile.stages.length === 0) reportIn(dockerfile.instructions);

  function reportIn(instructions: readonly Instruction[]): void {
    const all = instructions.filter((instruction) => instruction.name === name);
    const last = all.at(-1);
    for (const instruction of all) {
      if (!last || instruction === last) continue;
      report(instruction.keyword.span, {
        message: `This ${name} has no effect: the last one in the stage counts`,
        fixes: [safeFix(`Remove this ${name}`, removeKeepingComments(dockerfile, instruction))],
        related: [{ span: last.keyword.span, message: `the ${name} that counts` }],
      });
    }
  }
}

/** Deletes the lines; comments between continuation lines stay, one below the other. */
function removeKeepingComments(dockerfile: Dockerfile, instruction: Instruction): Edit {
  const lines = linesSpan(dockerfile, instruction);
  const comments = instruction.comments
    .filter(({ span }) => span.end <= lines.end)
    .map(({ span }) => dockerfile.text.slice(span.start, span.end) + dockerfile.eol);
  return replace(lines, comments.join(""));
}
