/** Where refactorings are offered, and how they name things. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";
import { instructionsAt } from "./layout.ts";

/** The instructions of a kind that a cursor or a selection touches, in a stage. */
export const instructionsNamed = (
  dockerfile: Dockerfile,
  at: Span,
  ...names: readonly string[]
): readonly Instruction[] =>
  instructionsAt(dockerfile, at).filter(({ name, stage }) => stage !== -1 && names.includes(name));

const MAX_NAMED = 3;

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  if (more > 1) return `${names.slice(0, MAX_NAMED).join(", ")} and ${more} more`;
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
