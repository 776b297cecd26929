/** A document's instructions by name: most rules are about few of them, and there are many rules. */
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";

const NONE: readonly Instruction[] = [];

/** By a name, or by several with blanks between. */
const known = perDocument((dockerfile: Dockerfile) => {
  const all = new Map<string, Instruction[]>();
  for (const instruction of dockerfile.all) {
    const same = all.get(instruction.name);
    if (same) same.push(instruction);
    else all.set(instruction.name, [instruction]);
  }
  return all;
});

/** The instructions of this name, those of triggers included, in the order of the file. */
export const allNamed = (dockerfile: Dockerfile, name: string): readonly Instruction[] =>
  known(dockerfile).get(name) ?? NONE;

/** Those of either name. */
export function allNamedEither(dockerfile: Dockerfile, one: string, other: string): readonly Instruction[] {
  const [some, others] = [allNamed(dockerfile, one), allNamed(dockerfile, other)];
  if (others.length === 0) return some;
  if (some.length === 0) return others;
  const key = `${one} ${other}`;
  const before = known(dockerfile).get(key);
  if (before) return before;
  const both = dockerfile.all.filter(({ name }) => name === one || name === other);
  known(dockerfile).set(key, both);
  return both;
}
