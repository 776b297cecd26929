/** Every program that the file's RUN instructions start, by its name: rules ask for theirs instead of looking through all. */
import { perDocument } from "./memo.ts";
import type { Dockerfile } from "./model.ts";
import { type Program, programsWithin } from "./packages.ts";

const byName = perDocument((dockerfile): ReadonlyMap<string, readonly Program[]> => {
  const found = new Map<string, Program[]>();
  for (const instruction of dockerfile.all) {
    if (instruction.name !== "RUN") continue;
    for (const program of programsWithin(dockerfile, instruction)) {
      const { name } = program.command;
      if (name === undefined) continue;
      const same = found.get(name);
      if (same) same.push(program);
      else found.set(name, [program]);
    }
  }
  return found;
});

/** The calls of one program in RUN, ONBUILD RUN and heredocs, in either form, those inside `sh -c "…"` included; in source order. */
export const programsCalled = (dockerfile: Dockerfile, name: string): readonly Program[] =>
  byName(dockerfile).get(name) ?? [];
