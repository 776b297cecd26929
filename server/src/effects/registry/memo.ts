/** Answers kept for a while, failures too, and one question asked once however many wait for it. */

interface Kept<T> {
  readonly outcome: Promise<T>;
  readonly until: number;
}

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** How long a success, or this failure, is kept. */
export interface Lifetimes {
  readonly successMs: number;
  readonly failureMs: (error: unknown) => number;
  /** How many are kept: a thousand unless they are large. */
  readonly most?: number;
}

const MAX_KEPT = 1000;

export type Memo<T> = (
  key: string,
  signal: AbortSignal | undefined,
  produce: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** Whoever waits may leave by its signal, and gets the signal's reason; the work ends when nobody waits any more. */
export function createMemo<T>({ successMs, failureMs, most = MAX_KEPT }: Lifetimes): Memo<T> {
  const kept = new Map<string, Kept<T>>();
  const flights = new Map<string, Flight<T>>();

  return async (key, signal, produce) => {
    signal?.throwIfAborted();
    const known = kept.get(key);
    if (known && known.until > Date.now()) return known.outcome;
    const flight = flights.get(key) ?? start(key, produce);
    flight.waiting++;
    try {
      return await (signal ? orAborted(flight.outcome, signal) : flight.outcome);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0 && flights.get(key) === flight) {
        flights.delete(key);
        flight.controller.abort();
      }
    }
  };

  function start(key: string, produce: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const outcome = produce(controller.signal);
    const flight: Flight<T> = { outcome, controller, waiting: 0 };
    flights.set(key, flight);
    const landed = (lifetimeMs: number) => {
      if (flights.get(key) !== flight) return;
      flights.delete(key);
      keep(key, { outcome, until: Date.now() + lifetimeMs });
    };
    outcome.then(
      () => landed(successMs),
      (error: unknown) => landed(failureMs(error)),
    );
    return flight;
  }

  function keep(key: string, entry: Kept<T>): void {
    kept.delete(key);
    kept.set(key, entry);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  }
}

function orAborted<T>(outcome: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    outcome.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}
