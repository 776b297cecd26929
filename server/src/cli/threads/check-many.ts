/** Many files checked by this thread and by others beside it; results are in the order of the files, whoever had them. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { CheckResult, FileChecker } from "../check/check-file.ts";
import type { Asking } from "../ask.ts";
import { UsageError } from "../io.ts";
import type { Place } from "../sources.ts";
import type { FromThread, ThreadStart, ToThread } from "./messages.ts";
import { checkShare, type Share, shareOf } from "./share.ts";
import { tier } from "./tiering.ts";

export interface Helpers {
  /** The program each thread runs. */
  readonly program: string;
  readonly start: Omit<ThreadStart, "share">;
  /** How many beside this one. */
  readonly count: number;
  /** Answers what threads do not find out themselves. */
  readonly answers: (shellcheck: string) => Asking["answers"];
}

interface Options {
  readonly checkFile: FileChecker;
  readonly helpers?: Helpers | undefined;
  readonly signal: AbortSignal;
  readonly onDone: () => void;
}

/** A thread costs as much as checking so many files: for fewer, it is not worth it. */
const FILES_PER_THREAD = 150;

/** How many threads are worth their start for so many files. */
export const threadsFor = (files: number, cpus = availableParallelism()): number =>
  Math.max(0, Math.min(cpus - 1, Math.floor(files / FILES_PER_THREAD)));

export async function checkMany(places: readonly Place[], options: Options): Promise<readonly CheckResult[]> {
  const { checkFile, helpers, signal, onDone } = options;
  const results: CheckResult[] = [];
  let left = places.length;
  if (left === 0) return results;
  const done = Promise.withResolvers<void>();
  const keep = (from: number, found: readonly CheckResult[]): void => {
    for (const [at, result] of found.entries()) {
      results[from + at] = result;
      onDone();
    }
    left -= found.length;
    if (left === 0) done.resolve();
  };
  const stop = (): void => done.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const share = shareOf(places);
  if (helpers && helpers.count > 0) tier("late");
  const workers = helpers ? startWorkers(helpers, share) : [];
  try {
    for (const worker of workers) if (helpers) listen(worker, helpers, keep, done.reject, signal);
    checkShare(share, checkFile, keep).catch(done.reject);
    await done.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    for (const worker of workers) void worker.terminate();
  }
  return results;
}

const startWorkers = ({ program, start, count }: Helpers, share: Share): readonly Worker[] =>
  Array.from({ length: count }, () => new Worker(program, { workerData: { ...start, share } satisfies ThreadStart }));

/** Keeps what a thread has checked, and finds out for it what it asks. */
function listen(
  worker: Worker,
  { answers }: Helpers,
  keep: (from: number, results: readonly CheckResult[]) => void,
  fail: (reason: unknown) => void,
  signal: AbortSignal,
): void {
  worker.on("message", (message: FromThread) => {
    if (message.kind === "checked") keep(message.from, message.results);
    else if (message.kind === "failed")
      fail(message.usage ? new UsageError(message.message) : new Error(message.message));
    else {
      const { id, question, shellcheck } = message;
      answers(shellcheck)()
        .then((cache) => cache.ask(question, undefined, signal))
        .catch((error: unknown) => ({ unknown: error instanceof Error ? error.message : String(error) }))
        .then((answer) => worker.postMessage({ kind: "answer", id, answer } satisfies ToThread))
        .catch(fail);
    }
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("a thread that checks files ended before it was done")));
}
