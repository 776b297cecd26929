/** What compose services say about the Dockerfile they build: the answer to the question `builds`. */
export interface ComposeBuild {
  readonly service: string;
  /** The stage that is built; absent for the last one, and where a variable says which. */
  readonly target?: string;
  readonly args: readonly string[];
  /** Those it is built for, or runs on: as written, without what a variable decides. */
  readonly platforms?: readonly string[];
  /** The folder COPY reads from, absolute. */
  readonly context?: string;
}

/** As the answer is written; nothing for what is no such answer. */
export function readBuilds(answer: string): readonly ComposeBuild[] {
  try {
    const builds: unknown = JSON.parse(answer);
    return Array.isArray(builds) ? (builds as readonly ComposeBuild[]) : [];
  } catch {
    return [];
  }
}
