/** The names and values of `ulimits`, as docker/go-units knows them. */
import { parseInteger } from "./scalars.ts";

const NAMES: ReadonlySet<string> = new Set([
  ..."core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" "),
]);

export const isUlimitName = (name: string): boolean => NAMES.has(name);

/** -1 is without limit. */
export const parseUlimit = parseInteger;

/** Whether a soft limit is above its hard one, which the engine refuses. */
export const exceeds = (soft: number, hard: number): boolean => hard !== -1 && (soft === -1 || soft > hard);
