/** CMD, ENTRYPOINT and HEALTHCHECK: of several in a stage, the last one counts. Shared by the three multiple-… rules. */
import type { Instruction } from "../model/dockerfile/model.ts";
import { allNamed } from "../model/dockerfile/named.ts";
import { removeInstruction } from "../model/dockerfile/removal.ts";
import { type Context, safeFix } from "../rule.ts";

/** Reports each instruction of that name that a later one in its stage overrides. */
export function reportOverridden({ dockerfile, report }: Context, name: "CMD" | "ENTRYPOINT" | "HEALTHCHECK"): void {
  if (allNamed(dockerfile, name).length < 2) return;
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
        fixes: [safeFix(`Remove this ${name}`, removeInstruction(dockerfile, instruction))],
        related: [{ span: last.keyword.span, message: `the ${name} that counts` }],
      });
    }
  }
}
