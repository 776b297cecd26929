/** The result can be read as far as the original could. */
import type { Condition } from "./declared.ts";

export const reparses: Condition<unknown> = (before, after) => {
  if (before.stages.length > 0 && after.stages.length === 0) return ["no FROM would be left"];
  const known = new Map<string, number>();
  for (const { kind } of before.problems) known.set(kind, (known.get(kind) ?? 0) + 1);
  const added = after.problems.filter(({ kind }) => {
    const left = known.get(kind) ?? 0;
    known.set(kind, left - 1);
    return left <= 0;
  });
  return [...new Set(added.map(({ message }) => `the result cannot be read: ${message}`))];
};
