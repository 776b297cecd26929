/** How far a long run is, on one line of a terminal that is gone when the run ends. */
import type { Sink } from "../io.ts";
import { elapsedMs } from "../elapsed.ts";
import { plural } from "../plural.ts";

export interface Progress {
  /** One file more is done. */
  step(): void;
  end(): void;
}

/** A run shorter than this needs no line. */
const QUIET_MS = 1_000;
const EVERY_MS = 100;

export function createProgress(sink: Sink, total: number, isTTY: boolean, now: () => number = elapsedMs): Progress {
  const began = now();
  let done = 0;
  let shown = 0;
  return {
    step() {
      done++;
      const at = now();
      if (!isTTY || at - began < QUIET_MS || at - shown < EVERY_MS) return;
      shown = at;
      sink.write(`\r\u001b[Kchecked ${done} of ${plural(total, "file")}`);
    },
    end() {
      if (shown > 0) sink.write("\r\u001b[K");
    },
  };
}
