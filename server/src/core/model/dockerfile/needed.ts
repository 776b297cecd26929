/** Which stages a build runs. */
import type { Dockerfile, Stage } from "./model.ts";
import { fromReferences } from "./references.ts";

/** The stage and, by their indexes, all those it is built on or takes files from. */
export function stagesFor(dockerfile: Dockerfile, target: Stage | undefined): ReadonlySet<number> {
  const needed = new Set<number>();
  const add = (index: number | undefined): void => {
    if (index === undefined || needed.has(index)) return;
    needed.add(index);
    const base = dockerfile.stages[index]?.base;
    if (base?.kind === "stage") add(base.stage);
    for (const { instruction, source } of fromReferences(dockerfile))
      if (instruction.stage === index && source.kind === "stage") add(source.stage.index);
  };
  add(target?.index);
  return needed;
}
