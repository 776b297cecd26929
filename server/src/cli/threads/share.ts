/**
 * Files that several threads check: each takes the next few when it has time, from a counter in memory they share, so that nobody
 * waits for anybody and a slow file or a slow start holds nobody up.
 */
import type { CheckResult, FileChecker } from "../check/check-file.ts";
import { inTurns } from "../in-turns.ts";
import type { Place } from "../sources.ts";

/** Plain data: each thread has its own copy, and all have the same counter. */
export interface Share {
  readonly places: readonly Place[];
  /** One 32-bit number: so many places are taken. */
  readonly taken: SharedArrayBuffer;
}

/** At first many at a time, which makes few messages; in the end one, so that no thread is left with much to do when the others are done. */
const MOST_AT_A_TIME = 8;
const batchOf = (left: number): number => Math.max(1, Math.min(MOST_AT_A_TIME, left >> 4));
/** Batches that wait for ShellCheck do not keep others from being read. */
const AT_ONCE = 128;

export const shareOf = (places: readonly Place[]): Share => ({
  places,
  taken: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
});

/** Checks until no place is left. `keep` is given the results of the places from there on. Rejects with what the first check rejected with. */
export async function checkShare(
  { places, taken }: Share,
  checkFile: FileChecker,
  keep: (from: number, results: readonly CheckResult[]) => void,
): Promise<void> {
  const counter = new Int32Array(taken);
  const underway = new Set<Promise<void>>();
  const failures: unknown[] = [];
  while (failures.length === 0) {
    const from = Atomics.load(counter, 0);
    if (from >= places.length) break;
    const to = from + batchOf(places.length - from);
    if (Atomics.compareExchange(counter, 0, from, to) !== from) continue; // another thread was quicker
    const batch = places.slice(from, to);
    const work = inTurns(batch, batch.length, checkFile)
      .then(
        (results) => keep(from, results),
        (error: unknown) => failures.push(error),
      )
      .then(() => void underway.delete(work));
    underway.add(work);
    // Messages of other threads come in between.
    await new Promise((resolve) => setImmediate(resolve));
    if (underway.size >= AT_ONCE) await Promise.race(underway);
  }
  await Promise.all(underway);
  if (failures.length > 0) throw failures[0];
}
