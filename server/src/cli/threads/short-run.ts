/**
 * A run over a few hundred files is over before it pays that V8 compiles functions for speed and looks for garbage on threads of its own; and
 * where every processor has a thread that checks files, that takes the processors from them. Nor does such a run translate a regular
 * expression twice, to be read at first and to be run later on. The heap of each thread that is started may grow to so many megabytes before garbage
 * that has grown old is collected, which a few hundred files do not fill; the room for new objects stays as it is, since fresh pages cost more
 * than collecting what a file leaves behind.
 */
const FLAGS = [
  "--no-maglev",
  "--no-turbofan",
  "--no-concurrent-sparkplug",
  "--no-parallel-scavenge",
  "--no-incremental-marking",
  "--initial-old-space-size=64",
  "--semi-space-growth-factor=1",
  "--no-regexp-tier-up",
] as const;

/** V8 complains about flags it does not have. This version has these. */
const isKnown = process.versions.v8.startsWith("13.");

/**
 * For the whole process, and for good: to be called before any thread is started, because V8 ends the process when flags change under a
 * thread that runs. False where V8 is another version: then all is as usual.
 */
export function expectShortRun(): boolean {
  if (!isKnown) return false;
  // Not imported: that would take 2 ms before the first thread can be started.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of FLAGS) setFlagsFromString(flag);
  return true;
}
