/** What is worked out once per Dockerfile, and once per instruction. */
import { perDocumentOf } from "../memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";

/** The function, computed once for each document. */
export const perDocument = perDocumentOf<Dockerfile>();

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
