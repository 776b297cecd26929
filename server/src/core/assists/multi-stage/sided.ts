/** Where the parts of a file belong, as it has been found out. */
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import type { Carried, Case } from "./recipe.ts";
import type { RunPart } from "./run-parts.ts";

export type Refused = { readonly refused: string };

export interface SidedPart {
  readonly part: RunPart;
  readonly build: boolean;
  readonly run: boolean;
  /** Something that only a build does: the first stage goes on at least to here. */
  readonly makes: boolean;
  /** It installs packages of the distribution: which of them the image keeps is another matter. */
  readonly packages: boolean;
  /** It only takes away what was left over. */
  readonly cleanup: boolean;
}

export interface Sided {
  readonly instruction: Instruction;
  readonly build: boolean;
  readonly run: boolean;
  /** Of a RUN. */
  readonly parts: readonly SidedPart[];
  /** Why it is in no stage. */
  readonly drop: string | undefined;
}

export interface Sides {
  readonly instructions: readonly Sided[];
  /** Files that commands fetched or made, and that have to come along. */
  readonly carried: readonly Carried[];
}

export const answersAt = ({ needs }: Case, instruction: Instruction): readonly Answer[] =>
  needs.answers.filter(({ effect }) => effect.instruction === instruction);
