/**
 * When V8 compiles functions anew, for speed. It takes one that ran some hundred times for one that will run for long. A run over a few
 * hundred files is over before that pays, and where several threads check files, the compiling takes the processors from them: a
 * fifth of all the time there is. Then functions have to run ten times as often first.
 */
import { setFlagsFromString } from "node:v8";

/** How often a function runs before it is compiled for speed: as V8 has it, and as we do. */
const RUNS = { usual: 400, late: 4_000 } as const;

/** V8 complains about flags it does not have. This version has it. */
const isKnown = process.versions.v8.startsWith("13.");

/** For the whole process. What was compiled under the one is refused under the other. */
export function tier(when: keyof typeof RUNS): void {
  if (isKnown) setFlagsFromString(`--invocation-count-for-maglev=${RUNS[when]}`);
}
