/** What an edit says of itself beforehand: everything else has to be as it was. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";

/** What the image's configuration has, by the instruction that sets it. */
export type Setting =
  | "CMD"
  | "ENTRYPOINT"
  | "ENV"
  | "EXPOSE"
  | "HEALTHCHECK"
  | "LABEL"
  | "ONBUILD"
  | "SHELL"
  | "STOPSIGNAL"
  | "USER"
  | "VOLUME"
  | "WORKDIR";

/** A command or an instruction that is said in another way. */
export interface Rewritten {
  /** As the original has it: `npm install`. */
  readonly from: string;
  /** As the result has it, and has to have it: `npm ci`. */
  readonly to: string;
}

export interface Declared {
  /**
   * What of the original the result does not have, each as it is written there: a command (`apt-get clean`), an instruction
   * (`RUN npm prune`), a package (`gcc`), an option of a package manager (`--no-cache-dir`), a comment. Everything inside is dropped with it.
   */
  readonly dropped: readonly string[];
  /** What of the final image's configuration may be another one. */
  readonly changes: readonly Setting[];
  /** Names of variables that the final image does without, because only the build reads them. */
  readonly environment?: readonly string[];
  /** What is said in another way. */
  readonly rewritten?: readonly Rewritten[];
  /** Commands and instructions, as written, that leave their place among the others of their stage: what reordering is about. */
  readonly moved?: readonly string[];
  /** It is proven that what is built needs neither the libc nor the libraries of the distribution it was built on. */
  readonly static?: boolean;
}

/** The edit only adds. */
export const NOTHING_DECLARED: Declared = { dropped: [], changes: [] };

/** A property that the result must have. Each reason is a clause without a full stop; none: it has it. */
export type Condition<D = Declared> = (before: Dockerfile, after: Dockerfile, declared: D) => readonly string[];

/** Something wrong with a Dockerfile as it stands. */
export interface Fault {
  /** The same for the same fault wherever it has moved to. */
  readonly key: string;
  /** A clause without a full stop. */
  readonly reason: string;
}

/** What is wrong with the result and was not with the original. */
export function newFaults(faultsOf: (dockerfile: Dockerfile) => readonly Fault[]): Condition<unknown> {
  return (before, after) => {
    const found = faultsOf(after);
    if (found.length === 0) return [];
    const known = new Set(faultsOf(before).map(({ key }) => key));
    return [...new Set(found.filter(({ key }) => !known.has(key)).map(({ reason }) => reason))];
  };
}
