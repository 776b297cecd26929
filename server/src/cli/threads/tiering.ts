/**
 * When V8 compiles functions for speed, and when it looks for garbage that has grown old. A run over a few hundred files is over before
 * either pays, and where several threads check files, both take the processors from them: without them such a run takes a tenth less
 * time of all processors together. So they begin after half a second, with what still runs then.
 */
const LATER = ["maglev", "turbofan", "incremental-marking"] as const;
const HALF_A_SECOND_MS = 500;

/** V8 complains about flags it does not have. This version has these. */
const isKnown = process.versions.v8.startsWith("13.");

/** For the whole process. What V8 compiled under other flags it refuses: Node's own modules as well as ours. */
function setAll(on: boolean): void {
  if (!isKnown) return;
  // Not imported: that would take 2 ms before the first thread can be started.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of LATER) setFlagsFromString(`--${on ? "" : "no-"}${flag}`);
}

/**
 * How many threads are loading their program, this one among them: a number that threads share. The flags change when the last of them
 * is done: before, they would make it compile Node's modules anew, which takes each thread 20 ms.
 */
export type Loading = SharedArrayBuffer;

export const startLoading = (threads: number): Loading => {
  const loading = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  Atomics.store(new Int32Array(loading), 0, threads);
  return loading;
};

/** Each thread says it once. */
export function hasLoaded(loading: Loading): void {
  if (Atomics.sub(new Int32Array(loading), 0, 1) === 1) setAll(false);
}

/** Half a second from now, or when the function it gives is called. */
export function asUsualLater(): () => void {
  const asUsual = (): void => setAll(true);
  const timer = setTimeout(asUsual, HALF_A_SECOND_MS).unref();
  return () => {
    clearTimeout(timer);
    asUsual();
  };
}
