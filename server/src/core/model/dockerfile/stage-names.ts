/** Names for stages, and the edits that give a stage another one. */
import type { Dockerfile, Stage, Word } from "./model.ts";
import { stageReferences } from "./references.ts";
import { type Edit, replace } from "../../text/edit.ts";

/** The name, or with the first number behind it that no stage of the file has. */
export function freeStageName(dockerfile: Dockerfile, wanted: string): string {
  const taken = new Set(dockerfile.stages.flatMap(({ name }) => name?.text.toLowerCase() ?? []));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number++;
  return `${wanted}-${number}`;
}

/** The stage's name and every word that means it. */
export function renameStage(dockerfile: Dockerfile, stage: Stage, fresh: string): readonly Edit[] {
  const words: readonly Word[] = [...(stage.name ? [stage.name] : []), ...stageReferences(dockerfile, stage)];
  return words.map(({ span }) => replace(span, fresh));
}
