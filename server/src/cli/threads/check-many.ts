/** Many files checked by this thread and by others beside it; results are in the order of the files, whoever had them. */
import type { Worker } from "node:worker_threads";
import type { CheckResult, FileChecker } from "../check/check-file.ts";
import type { Asking } from "../ask.ts";
import { UsageError } from "../io.ts";
import type { Place } from "../sources.ts";
import type { FromThread, ThreadStart, ToThread } from "./messages.ts";
import { checkShare, type Share, shareOf } from "./share.ts";
import { startThreads, takeAhead } from "./start-threads.ts";

export interface Helpers {
  /** The program each thread runs. */
  readonly program: string;
  readonly start: ThreadStart;
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
  /** Called with each result, in the order of the files, as soon as all before it are there. */
  readonly onNext?: ((result: CheckResult) => void) | undefined;
}

export async function checkMany(places: readonly Place[], options: Options): Promise<readonly CheckResult[]> {
  const { checkFile, helpers, signal, onDone, onNext } = options;
  const results: CheckResult[] = [];
  let left = places.length;
  let next = 0;
  if (left === 0) return results;
  const done = Promise.withResolvers<void>();
  const keep = (from: number, found: readonly CheckResult[]): void => {
    for (const [at, result] of found.entries()) {
      results[from + at] = result;
      onDone();
    }
    for (let result = results[next]; result; result = results[++next]) onNext?.(result);
    left -= found.length;
    if (left === 0) done.resolve();
  };
  const stop = (): void => done.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const share = shareOf(places);
  const workers = helpers ? workersFor(helpers, share) : [];
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

/** As many as are wanted; those that were started ahead are among them. */
function workersFor({ program, start, count }: Helpers, share: Share): readonly Worker[] {
  const ahead = takeAhead();
  const all = [...ahead, ...startThreads(program, start, Math.max(0, count - ahead.length))];
  for (const idle of all.slice(count)) void idle.terminate();
  const wanted = all.slice(0, count);
  for (const worker of wanted) worker.postMessage({ kind: "share", share } satisfies ToThread);
  return wanted;
}

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
