/**
 * What is worked out once per document. It is kept with the document and dies with it: entries of a WeakMap survive every young
 * collection, and while somebody types a document dies with each keystroke.
 */
import type { Dockerfile, Instruction } from "./model.ts";

/** The function, computed once for each document. */
export function perDocument<T extends object>(compute: (dockerfile: Dockerfile) => T): (dockerfile: Dockerfile) => T {
  return (dockerfile) => {
    const known = dockerfile.memory.get(compute);
    // The key is the function that made the value: its type is the function's.
    if (known !== undefined) return known as T;
    const made = compute(dockerfile);
    dockerfile.memory.set(compute, made);
    return made;
  };
}

/** The function, computed once for each instruction of a document. */
export function perInstruction<T extends object>(
  compute: (dockerfile: Dockerfile, instruction: Instruction) => T,
): (dockerfile: Dockerfile, instruction: Instruction) => T {
  const known = perDocument(() => new Map<Instruction, T>());
  return (dockerfile, instruction) => {
    const mine = known(dockerfile);
    const before = mine.get(instruction);
    if (before !== undefined) return before;
    const made = compute(dockerfile, instruction);
    mine.set(instruction, made);
    return made;
  };
}
