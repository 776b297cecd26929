/** Where the thread's program is: beside the bundle, or here where sources run unbuilt. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export function workerPath(): string {
  const here = import.meta.dirname; // the bundler puts the bundle's folder here
  const shipped = join(here, "image-worker.js");
  return existsSync(shipped) ? shipped : join(here, "worker.ts");
}
