/** The command line as a person starts it, in a process of its own, with the home folder of nobody. */
import { join } from "node:path";
import { type RunResult, run } from "../../scripts/process.ts";
import type { Machine } from "./machine.ts";

const MAIN = join(import.meta.dirname, "../../server/src/cli/main.ts");

export async function dockwright(machine: Machine, args: readonly string[], cwd: string): Promise<RunResult> {
  const env = { HOME: await machine.folder("home"), DOCKER_CONFIG: undefined };
  return run(process.execPath, [MAIN, ...args], { cwd, env, timeoutMs: 60_000 });
}
