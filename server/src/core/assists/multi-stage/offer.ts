/** Whether a conversion is worth asking for, from the text alone: one stage that may be converted, with something in it that only builds. */
import { effectsOf } from "../../model/dockerfile/flow/walk.ts";
import { purposeOf } from "../../model/dockerfile/flow/purposes.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { allPackageCalls } from "../../model/dockerfile/packages.ts";
import { gate } from "./gate.ts";
import { NO_CONTEXT } from "./recipe.ts";

/** Quick enough for menus that follow the cursor: what it reads is worked out once for each text. */
export function hasBuildTools(dockerfile: Dockerfile): boolean {
  const stage = onlyStage(dockerfile);
  if (!stage || gate(dockerfile, { ...NO_CONTEXT, dockerfile: dockerfile.name })) return false;
  return (
    effectsOf(dockerfile, stage).some(
      ({ does, command }) =>
        // `javac $(find …)`: what it compiles is not known, that it does is.
        does === "build" || does === "dependencies" || (does === "unknown" && command?.name === "javac"),
    ) || allPackageCalls(dockerfile).some(({ operands }) => operands.some(({ value }) => purposeOf(value) === "build"))
  );
}

/** The stage of a file that has one, and does something in it. */
export function onlyStage({ stages }: Dockerfile): Dockerfile["stages"][number] | undefined {
  const [stage, ...more] = stages;
  return more.length === 0 && stage?.instructions.some(({ name }) => name === "RUN") ? stage : undefined;
}
