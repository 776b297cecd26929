/** The command line as a person starts it, in a process of its own, with the home folder of nobody. */
import { join } from "node:path";
import { type RunOptions, type RunResult, run } from "../../scripts/process.ts";
import type { Machine } from "./machine.ts";

const MAIN = join(import.meta.dirname, "../../server/src/cli/main.ts");

/** @param more of the environment */
export async function dockwright(
  machine: Machine,
  args: readonly string[],
  cwd: string,
  more: RunOptions["env"] = {},
): Promise<RunResult> {
  const env = { HOME: await machine.folder("home"), XDG_CACHE_HOME: undefined, DOCKER_CONFIG: undefined, ...more };
  return run(process.execPath, [MAIN, ...args], { cwd, env, timeoutMs: 60_000 });
}
