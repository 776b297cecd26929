/** Work on many files in as many threads as there are processors. */
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** Each thread gets every n-th item; the results come back in no order. */
export async function inThreads<T, R>(module: string, items: readonly T[]): Promise<readonly R[]> {
  const threads = Math.max(1, Math.min(availableParallelism(), items.length));
  return Promise.all(
    Array.from({ length: threads }, (_, at) => {
      const mine = items.filter((_item, index) => index % threads === at);
      const { promise, resolve, reject } = Promise.withResolvers<R>();
      const worker = new Worker(module, { workerData: mine });
      worker.once("message", resolve);
      worker.once("error", reject);
      return promise;
    }),
  );
}

/** What a module that is started by `inThreads` calls at its end. */
export function answerThread<T, R>(work: (items: readonly T[]) => R): void {
  if (!isMainThread) parentPort?.postMessage(work(workerData as readonly T[]));
}
