/** Stages that may be named at a place: those above it. */
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { stageNamed } from "../../model/dockerfile/stages.ts";
import type { Candidate, Inside } from "./completion-model.ts";

/** What a stage is built on, as written. */
const detailOf = ({ image }: Stage): string => (image ? `FROM ${image.text}` : "stage");

/** The nearest first: a later one of the same name hides the one above. */
export function earlierStages(dockerfile: Dockerfile, before: number): readonly Candidate[] {
  const stages = dockerfile.stages.slice(0, Math.max(before, 0)).toReversed();
  return stages.flatMap((stage): readonly Candidate[] => {
    const name = stage.name?.text;
    if (name === undefined || stageNamed(dockerfile, name, before) !== stage) return [];
    return [{ label: name, kind: "name", detail: detailOf(stage) }];
  });
}

/** For `--from` and `from=`. */
export const sourceCandidates = ({ dockerfile, instruction }: Inside): readonly Candidate[] =>
  earlierStages(dockerfile, instruction.stage);
