/** The end of the process. */

/** So long the process is waited for that ends when nothing is left to do: a connection that is kept open would hold it. */
const HELD_MS = 100;

/**
 * Ends the process with `process.exitCode`. Not by `process.exit` at once: that waits for what V8 compiles on a thread of its own, which
 * waits for this thread if it needs room on the heap, for ever (https://github.com/nodejs/node/issues/54918). A process that ends by itself
 * tells V8 so first; and after a moment in which nothing ran here, there is nothing to wait for.
 */
export const leave = (): void => void setTimeout(() => process.exit(), HELD_MS).unref();
