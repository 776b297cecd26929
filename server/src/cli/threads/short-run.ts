/**
 * V8 compiles functions for speed and looks for garbage on threads of its own. A run over a few hundred files is over before that pays, and
 * where every processor has a thread that checks files, it takes the processors from them.
 */
const BESIDE = ["maglev", "turbofan", "concurrent-sparkplug", "incremental-marking", "parallel-scavenge"] as const;

/** V8 complains about flags it does not have. This version has these. */
const isKnown = process.versions.v8.startsWith("13.");

/**
 * For the whole process, and for good. To be called before any thread is started: V8 ends the process when flags change under a thread
 * that runs. What was compiled under other flags it refuses.
 */
export function expectShortRun(): void {
  if (!isKnown) return;
  // Not imported: that would take 2 ms before the first thread can be started.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of BESIDE) setFlagsFromString(`--no-${flag}`);
}
