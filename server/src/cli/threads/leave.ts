/** The end of the process. */
import { isRunShort } from "./start-threads.ts";

/** So long the process is waited for that ends when nothing is left to do: a connection that is kept open would hold it. */
const HELD_MS = 100;

/**
 * Ends the process with `process.exitCode`. Not by `process.exit` where V8 may compile on a thread of its own: it waits for that thread,
 * which waits for this one if it needs room on the heap, for ever (https://github.com/nodejs/node/issues/54918). A process that ends by itself
 * tells V8 so first; and after a moment in which nothing ran here, there is nothing to wait for.
 */
export function leave(): void {
  if (isRunShort()) setImmediate(() => process.exit());
  else setTimeout(() => process.exit(), HELD_MS).unref();
}
