/** RUN instructions that follow each other → one. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isRefusal, type Offer, type Refactoring } from "./assist.ts";
import { joinRuns } from "./join-runs.ts";
import { inSteps, instructionsAt } from "./layout.ts";

export const mergeRun: Refactoring = {
  id: "merge-run",
  about: "join RUN instructions that follow each other with &&",
  safety: "unsafe",
  why: "The commands are the same in the same order, but they share one layer and one entry of the cache, and what one leaves in /tmp or in memory the next one sees.",
  everywhere: true,
  offers(dockerfile, at) {
    const selected = instructionsAt(dockerfile, at);
    const [first] = selected;
    const last = selected.at(-1);
    if (!first || !last || selected.some(({ name }) => name !== "RUN")) return [];
    if (first !== last) return [offer(dockerfile, `Merge these ${selected.length} RUN instructions`, first, last)];
    const above = dockerfile.instructions[first.index - 1];
    const below = dockerfile.instructions[first.index + 1];
    return [
      ...(below?.name === "RUN" ? [offer(dockerfile, "Merge with the RUN below", first, below)] : []),
      ...(above?.name === "RUN" ? [offer(dockerfile, "Merge with the RUN above", above, first)] : []),
    ];
  },
};

function offer(dockerfile: Dockerfile, title: string, first: Instruction, last: Instruction): Offer {
  const steps = Array.from({ length: last.index - first.index }, () => (now: Dockerfile) => {
    const one = now.instructions[first.index];
    const next = now.instructions[first.index + 1];
    if (!one || !next) return [];
    const joined = joinRuns(now, one, next);
    return isRefusal(joined) ? joined : joined.edits;
  });
  const made = inSteps(dockerfile, steps);
  return {
    title,
    kind: "refactor.rewrite",
    span: { start: first.span.start, end: last.span.end },
    ...(isRefusal(made) && made),
    rewrite: () => made,
  };
}
