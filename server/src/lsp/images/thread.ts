/**
 * The one thread for images, seen from the server: starts when something is asked, ends when nothing is open any more. When it crashes
 * what was asked fails with a sentence for people, what was open is gone, and the next question starts another.
 */
import { type ResourceLimits, Worker } from "node:worker_threads";
import { workerPath } from "./place.ts";
import type { CallName, Calls, FromThread, ToThread } from "./thread-messages.ts";

export interface ImageThreadOptions {
  readonly log: (message: string) => void;
  readonly resourceLimits?: ResourceLimits;
  readonly worker?: string;
}

export interface AskOptions {
  /** The promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Bytes read so far, and how many there are where that is known. */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
}

export interface ImageThread {
  /** @throws ThreadFailure with a sentence for people; the signal's reason. */
  readonly ask: <K extends CallName>(
    does: K,
    asks: Calls[K]["asks"],
    options?: AskOptions,
  ) => Promise<Calls[K]["answers"]>;
  /** Nothing is open: the thread ends after a while. */
  readonly rest: () => void;
  readonly dispose: () => void;
}

/** What a person is told. */
export class ThreadFailure extends Error {}

/**
 * More than an image of a million files takes; an end to one that was made to take all there is. Entries live as long as their image:
 * a larger space for young ones would be memory for nothing.
 */
const LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 3_072, maxYoungGenerationSizeMb: 24 };
const REST_MS = 60_000;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: AskOptions["onProgress"];
}

export function createImageThread({
  log,
  resourceLimits = LIMITS,
  worker: program = workerPath(),
}: ImageThreadOptions): ImageThread {
  let worker: Worker | undefined;
  let calls = 0;
  let rest: NodeJS.Timeout | undefined;
  const waiting = new Map<number, Waiting>();

  const settled = (call: number): Waiting | undefined => {
    const found = waiting.get(call);
    waiting.delete(call);
    if (waiting.size === 0) worker?.unref(); // a thread with nothing to do keeps no process alive
    return found;
  };

  const receive = (message: FromThread): void => {
    if ("log" in message) log(message.log);
    else if ("bytes" in message) waiting.get(message.call)?.onProgress?.(message.bytes, message.total);
    else if ("answer" in message) settled(message.call)?.resolve(message.answer);
    else if ("failure" in message) settled(message.call)?.reject(new ThreadFailure(message.failure));
    else {
      const asked = settled(message.call);
      if (!asked) return; // cancelled: how it ended is nobody's concern
      log(`Images: ${message.fault}`);
      asked.reject(new ThreadFailure("Something went wrong while the image was looked at; the log says what"));
    }
  };

  const end = (ended: Worker, reason: string): void => {
    if (worker !== ended) return;
    worker = undefined;
    void ended.terminate();
    const asked = [...waiting.values()];
    waiting.clear();
    for (const { reject } of asked) reject(new ThreadFailure(reason));
  };

  const start = (): Worker => {
    const started = new Worker(program, { resourceLimits, name: "images" });
    started.on("message", receive);
    started.on("error", (error) => {
      const isMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
      log(`The thread that reads images ended and is replaced: ${error.stack ?? error.message}`);
      end(
        started,
        isMemory
          ? `The image needs more memory than the ${resourceLimits.maxOldGenerationSizeMb ?? "few"} MB there are for images; those that were open are closed`
          : "The thread that reads images ended, and with it what was open; the log says why. Open the image again",
      );
    });
    started.on("exit", () => end(started, "The thread that reads images ended; open the image again"));
    return started;
  };

  return {
    ask(does, asks, { signal, onProgress } = {}) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      clearTimeout(rest);
      worker ??= start();
      const thread = worker;
      thread.ref();
      const call = ++calls;
      const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      waiting.set(call, { resolve: resolve as (answer: unknown) => void, reject, onProgress });
      const cancel = (): void => {
        Atomics.store(new Int32Array(cancelled), 0, 1);
        thread.postMessage({ cancel: call } satisfies ToThread);
        settled(call)?.reject(signal?.reason);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      thread.postMessage({ call, does, asks, cancelled } as ToThread);
      return promise.finally(() => signal?.removeEventListener("abort", cancel));
    },
    rest() {
      clearTimeout(rest);
      rest = setTimeout(() => {
        if (worker && waiting.size === 0) end(worker, "");
      }, REST_MS).unref();
    },
    dispose() {
      clearTimeout(rest);
      if (worker) end(worker, "The server ends");
    },
  };
}
