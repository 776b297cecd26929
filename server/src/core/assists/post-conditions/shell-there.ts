/** Nothing is written for a shell where there is none: on scratch, and on images without one. */
import { knownBase } from "../../model/dockerfile/bases.ts";
import { files, overlaps } from "../../model/dockerfile/flow/place.ts";
import { effectsOf } from "../../model/dockerfile/flow/walk.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { type Fault, newFaults } from "./declared.ts";

const STARTS: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);
const SHELL = /^(?:.*\/)?(?:ba|da|a)?sh$/;

export const shellThere = newFaults((dockerfile) =>
  dockerfile.stages.flatMap((stage) => {
    const base = shellLess(dockerfile, stage);
    if (base === undefined) return [];
    return stage.instructions.flatMap((instruction): readonly Fault[] => {
      if (!needsShell(instruction) || bringsShell(dockerfile, stage)) return [];
      const what = instruction.json ? `${instruction.name} starts a shell` : `${instruction.name} is in shell form`;
      return [{ key: `${instruction.name} ${base}`, reason: `${what}, and ${base} has no shell` }];
    });
  }),
);

/** The image without a shell that the stage is built on. */
function shellLess(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return "scratch";
  const known = base.kind === "image" ? knownBase(base.reference) : undefined;
  return known && !known.hasShell && known.family !== "windows" ? known.name : undefined;
}

function needsShell({ name, json, words }: Instruction): boolean {
  if (!STARTS.has(name)) return false;
  if (json) return SHELL.test(json.elements[0]?.text ?? "");
  if (name === "HEALTHCHECK") return words[0]?.text.toUpperCase() === "CMD";
  return words.length > 0;
}

/** Somebody copies one in, or says with SHELL where it is. */
const bringsShell = (dockerfile: Dockerfile, stage: Stage): boolean =>
  stage.instructions.some(({ name }) => name === "SHELL") ||
  effectsOf(dockerfile, stage).some(
    ({ instruction, writes }) =>
      (instruction.name === "COPY" || instruction.name === "ADD") &&
      overlaps(writes, [files("/bin/sh"), files("/usr/bin/sh"), files("/bin/busybox")]),
  );
