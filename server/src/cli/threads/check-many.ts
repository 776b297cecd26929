/**
 * Many files checked by this thread and by others beside it. Each takes the next batch when it is done with one, so that a slow file or
 * a slow start holds nobody up; results are in the order of the files, whoever had them.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { CheckResult, FileChecker } from "../check/check-file.ts";
import type { Asking } from "../ask.ts";
import { inTurns } from "../in-turns.ts";
import { UsageError } from "../io.ts";
import type { Place } from "../sources.ts";
import type { FromThread, ThreadStart, ToThread } from "./messages.ts";

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
}

const BATCH = 8;
/** Files that wait for ShellCheck do not keep others from being read. */
const AT_ONCE = 512;
/** A thread costs as much as checking so many files: for fewer, it is not worth it. */
const FILES_PER_THREAD = 200;

/** How many threads are worth their start for so many files. */
export const threadsFor = (files: number, cpus = availableParallelism()): number =>
  Math.max(0, Math.min(cpus - 1, Math.floor(files / FILES_PER_THREAD)));

export async function checkMany(places: readonly Place[], options: Options): Promise<readonly CheckResult[]> {
  const { checkFile, helpers, signal, onDone } = options;
  if (!helpers || helpers.count === 0) {
    return inTurns(places, AT_ONCE, async (place) => {
      const result = await checkFile(place);
      onDone();
      return result;
    });
  }
  const results: CheckResult[] = [];
  let next = 0;
  const take = (): { readonly from: number; readonly batch: readonly Place[] } => {
    const from = next;
    next = Math.min(places.length, next + BATCH);
    return { from, batch: places.slice(from, next) };
  };
  const keep = (from: number, found: readonly CheckResult[]): void => {
    for (const [at, result] of found.entries()) {
      results[from + at] = result;
      onDone();
    }
  };
  const workers = Array.from({ length: helpers.count }, () => startWorker(helpers));
  const stop = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all([helpHere(), ...workers.map((worker) => feed(worker, helpers, take, keep, signal))]);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
  return results;

  async function helpHere(): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const { from, batch } = take();
      if (batch.length === 0) return;
      keep(from, await inTurns(batch, batch.length, checkFile));
      // Messages of the threads come in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const startWorker = ({ program, start }: Helpers): Worker => new Worker(program, { workerData: start });

/** Sends batches until none is left. */
function feed(
  worker: Worker,
  { answers }: Helpers,
  take: () => { readonly from: number; readonly batch: readonly Place[] },
  keep: (from: number, found: readonly CheckResult[]) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (message: ToThread): void => worker.postMessage(message);
    let from = 0;
    const more = (): void => {
      const { from: at, batch } = take();
      from = at;
      if (batch.length === 0) resolve();
      else send({ kind: "check", places: batch });
    };
    worker.on("message", (message: FromThread) => {
      if (message.kind === "checked") {
        keep(from, message.results);
        more();
      } else if (message.kind === "failed") {
        reject(message.usage ? new UsageError(message.message) : new Error(message.message));
      } else {
        const { id, question, shellcheck } = message;
        answers(shellcheck)()
          .then((cache) => cache.ask(question, undefined, signal))
          .catch((error: unknown) => ({ unknown: error instanceof Error ? error.message : String(error) }))
          .then((answer) => send({ kind: "answer", id, answer }))
          .catch(reject);
      }
    });
    worker.on("error", reject);
    worker.on("exit", () => {
      if (signal.aborted) reject(signal.reason);
      else reject(new Error("a thread that checks files ended before it was done"));
    });
    more();
  });
}
