/**
 * Threads that each check one script at a time. They start when there is work, as many as there is work for; one that is stuck
 * or has crashed is ended, its script fails, and another takes its place. Idle threads do not keep the process alive.
 */
import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker } from "./messages.ts";

export interface PoolOptions {
  readonly worker: string;
  /** Given to each thread. */
  readonly start: () => Promise<unknown>;
  readonly size: number;
  /** For one script. */
  readonly deadlineMs: number;
  /** A thread without work for so long ends. */
  readonly idleMs: number;
}

export interface Pool {
  /** Rejects when the thread crashed or did not answer in time, and with the signal's reason. */
  run(task: ToWorker, signal: AbortSignal): Promise<string>;
}

interface Job {
  readonly task: ToWorker;
  readonly resolve: (json: string) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** The module is loaded. */
  ready: boolean;
  job?: Job;
  timer?: NodeJS.Timeout;
}

/** The time grows with the text. A long script begun last would keep one thread busy when the others have no more to do. */
function takeLongest(queue: Job[]): Job | undefined {
  let longest = 0;
  for (const [at, { task }] of queue.entries())
    if (task.script.length > (queue[longest]?.task.script.length ?? 0)) longest = at;
  return queue.splice(longest, 1)[0];
}

/** So many threads in a row that ended while they were loading: the module cannot be run here. */
const GIVE_UP_AFTER = 3;

export function createPool({ worker, start, size, deadlineMs, idleMs }: PoolOptions): Pool {
  const threads = new Set<Thread>();
  const queue: Job[] = [];
  let starting = 0;
  let failures = 0;
  let lastFailure: unknown;

  const feed = (): void => {
    for (const thread of threads) if (!thread.job) give(thread);
    while (queue.length > starting && threads.size + starting < size) void open();
  };

  const open = async (): Promise<void> => {
    starting++;
    try {
      const workerData = await start();
      const thread: Thread = { ready: false, worker: new Worker(worker, { workerData }) };
      threads.add(thread);
      thread.worker.on("message", (message: FromWorker) => {
        thread.ready = true;
        failures = 0;
        if (message.json === undefined) return;
        settle(thread)?.resolve(message.json);
        give(thread);
      });
      thread.worker.on("error", (error) => close(thread, error));
      thread.worker.on("exit", () => close(thread, new Error("its thread ended")));
      thread.worker.unref();
    } catch (error) {
      failed(error);
    }
    starting--;
    feed();
  };

  const give = (thread: Thread): void => {
    const job = takeLongest(queue);
    if (!job) {
      clearTimeout(thread.timer);
      thread.timer = setTimeout(() => close(thread, undefined), idleMs).unref();
      return;
    }
    clearTimeout(thread.timer);
    thread.job = job;
    thread.timer = setTimeout(
      () => close(thread, new Error(`there was no answer within ${deadlineMs / 1000} seconds`)),
      deadlineMs,
    );
    thread.worker.ref();
    thread.worker.postMessage(job.task);
  };

  /** The thread's job, which is over. */
  const settle = (thread: Thread): Job | undefined => {
    const { job } = thread;
    clearTimeout(thread.timer);
    delete thread.job;
    thread.worker.unref();
    return job;
  };

  const close = (thread: Thread, reason: unknown): void => {
    if (!threads.delete(thread)) return;
    const job = settle(thread);
    void thread.worker.terminate();
    job?.reject(reason);
    if (!thread.ready) failed(reason);
    feed();
  };

  const failed = (reason: unknown): void => {
    lastFailure = reason;
    if (++failures < GIVE_UP_AFTER) return;
    for (const job of queue.splice(0)) job.reject(reason);
  };

  return {
    run(task, signal) {
      if (failures >= GIVE_UP_AFTER) return Promise.reject(lastFailure);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const job: Job = { task, resolve, reject };
      // A script that is being checked is checked to its end; that takes less time than a new thread.
      const leave = (): void => {
        const at = queue.indexOf(job);
        if (at !== -1) queue.splice(at, 1);
        reject(signal.reason);
      };
      if (signal.aborted) return Promise.reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      queue.push(job);
      feed();
      return promise.finally(() => signal.removeEventListener("abort", leave));
    },
  };
}
