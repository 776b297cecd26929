/** Digests of what streams by. Of large parts another thread computes them, over shared memory, while this one reads what is in them. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Algorithm, FromDigests, ToDigests } from "./digest-messages.ts";

export interface Digest {
  /** The piece is the caller's again at once, or when the promise is fulfilled. */
  readonly update: (piece: Uint8Array) => void | Promise<void>;
  /** In hexadecimal, of all pieces. */
  readonly end: () => string | Promise<string>;
  /** Instead of `end`, or after it. */
  readonly destroy: () => void;
}

/** What is smaller is done before a thread has started. */
const LARGE = 8 * 1024 * 1024;

/** `bytes`: how many are expected, where that is known. */
export const digesting = (algorithm: Algorithm, bytes: number | undefined): Digest =>
  (bytes ?? 0) >= LARGE ? inThread(algorithm) : inPlace(algorithm);

function inPlace(algorithm: Algorithm): Digest {
  const hash = createHash(algorithm);
  return { update: (piece) => void hash.update(piece), end: () => hash.digest("hex"), destroy() {} };
}

const SLOT = 1024 * 1024;
/** What a file is read in, and as much that is being hashed. */
const SLOTS = 4;
const IDLE_MS = 2_000;

interface Thread {
  readonly worker: Worker;
  readonly memory: Uint8Array;
  /** Slots nobody reads from now. */
  readonly free: number[];
  /** Digests that are told. */
  readonly digests: Map<number, string>;
  /** Called when there is something new: a slot, a digest, a failure. */
  waiting: (() => void)[];
  users: number;
  failure: Error | undefined;
  idle: NodeJS.Timeout | undefined;
}

/** Shared by all that is read at a time. */
let running: Thread | undefined;
let lastId = 0;

function inThread(algorithm: Algorithm): Digest {
  const thread = running && !running.failure ? running : started();
  running = thread;
  clearTimeout(thread.idle);
  thread.users++;
  thread.worker.ref();
  const id = lastId++;
  let open = true;
  const close = (): void => {
    if (open && --thread.users === 0) becomesIdle(thread);
    open = false;
  };
  post(thread, { does: "begin", id, algorithm });

  return {
    update(piece) {
      const put = fill(thread, id, piece, 0);
      if (put === piece.length) return undefined;
      const later = fillSlowly(thread, id, piece, put);
      later.catch(() => {}); // whoever reads along may have failed before, and waits no longer
      return later;
    },
    async end() {
      try {
        post(thread, { does: "end", id });
        for (;;) {
          const hex = thread.digests.get(id);
          if (hex !== undefined) return hex;
          await news(thread);
        }
      } finally {
        thread.digests.delete(id);
        close();
      }
    },
    destroy() {
      if (open && !thread.failure) post(thread, { does: "forget", id });
      close();
    },
  };
}

const post = ({ worker }: Thread, message: ToDigests): void => worker.postMessage(message);

/** Puts in as much of the piece as there is room for; says how much of it is in. */
function fill(thread: Thread, id: number, piece: Uint8Array, from: number): number {
  if (thread.failure) throw thread.failure;
  let at = from;
  while (at < piece.length) {
    const slot = thread.free.pop();
    if (slot === undefined) break;
    const length = Math.min(SLOT, piece.length - at);
    thread.memory.set(piece.subarray(at, at + length), slot * SLOT);
    post(thread, { does: "bytes", id, slot, at: slot * SLOT, length });
    at += length;
  }
  return at;
}

async function fillSlowly(thread: Thread, id: number, piece: Uint8Array, from: number): Promise<void> {
  for (let at = from; at < piece.length; at = fill(thread, id, piece, at)) await news(thread);
}

async function news(thread: Thread): Promise<void> {
  if (!thread.failure) {
    const { promise, resolve } = Promise.withResolvers<void>();
    thread.waiting.push(resolve);
    await promise;
  }
  if (thread.failure) throw thread.failure;
}

/** Nobody uses it: it keeps no process alive, and ends soon. */
function becomesIdle(thread: Thread): void {
  thread.worker.unref();
  thread.idle = setTimeout(() => {
    if (running === thread) running = undefined;
    void thread.worker.terminate();
  }, IDLE_MS).unref();
}

function started(): Thread {
  const memory = new SharedArrayBuffer(SLOT * SLOTS);
  const worker = new Worker(workerFile(), { workerData: memory, execArgv: [], name: "digests" });
  const thread: Thread = {
    worker,
    memory: new Uint8Array(memory),
    free: Array.from({ length: SLOTS }, (_, slot) => slot),
    digests: new Map(),
    waiting: [],
    users: 0,
    failure: undefined,
    idle: undefined,
  };
  const wake = (): void => {
    const { waiting } = thread;
    thread.waiting = [];
    for (const resolve of waiting) resolve();
  };
  const broken = (error: Error): void => {
    thread.failure ??= error;
    wake();
  };
  worker.on("message", (message: FromDigests) => {
    if ("slot" in message) thread.free.push(message.slot);
    else thread.digests.set(message.id, message.hex);
    wake();
  });
  worker.on("error", broken);
  worker.on("exit", () => broken(new Error("the thread that computes digests has ended")));
  return thread;
}

/** Beside the bundle, or beside this file where sources run unbuilt. */
function workerFile(): string {
  const bundled = join(import.meta.dirname, "digest-worker.js");
  return existsSync(bundled) ? bundled : join(import.meta.dirname, "digest-worker.ts");
}
