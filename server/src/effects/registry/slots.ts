/** At most so many tasks of a key at once, the others in the order of their coming. */

export type Slots = <T>(key: string, signal: AbortSignal, task: () => Promise<T>) => Promise<T>;

interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}

/** Whoever waits may leave by its signal and gets the signal's reason. */
export function createSlots(most: number): Slots {
  const queues = new Map<string, Queue>();

  return async (key, signal, task) => {
    signal.throwIfAborted();
    const queue = queues.get(key) ?? { running: 0, waiting: [] };
    queues.set(key, queue);
    // Whoever ends hands its place over, so `running` only grows when there is room.
    if (queue.running >= most) await turn(queue, signal);
    else queue.running++;
    try {
      return await task();
    } finally {
      const next = queue.waiting.shift();
      if (next) next();
      else if (--queue.running === 0) queues.delete(key);
    }
  };
}

function turn({ waiting }: Queue, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(go), 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    waiting.push(go);
  });
}
