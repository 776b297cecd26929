/**
 * Threads that check files, and their start ahead of everything else: a thread takes as long to get ready as a hundred files take to be
 * checked, and that begins while the program is still loading, where a folder is named that has many files.
 */
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { languageFound } from "../../effects/files/names.ts";
import type { ThreadStart } from "./messages.ts";
import { type Loading, startLoading } from "./tiering.ts";

export interface Threads {
  readonly workers: readonly Worker[];
  /** This thread is one of those. */
  readonly loading: Loading;
}

/** A thread costs as much as checking so many files: for fewer, it is not worth it. */
const FILES_PER_THREAD = 150;

/**
 * A document lives as long as its file is checked, so new objects need little room. In what V8 would take, a fifth of all the process's
 * pages would be touched once and never again.
 */
const SMALL = { maxYoungGenerationSizeMb: 6 } as const;

/** How many threads beside this one are worth their start for so many files. */
export const threadsFor = (files: number, cpus = availableParallelism()): number =>
  Math.max(0, Math.min(cpus - 1, Math.floor(files / FILES_PER_THREAD)));

/** Threads that wait to be told their share. `program` is what each runs. */
export function startThreads(program: string, start: Omit<ThreadStart, "loading">, count: number): Threads {
  const loading = startLoading(count + 1);
  const workerData: ThreadStart = { ...start, loading };
  const workers = Array.from({ length: count }, () => new Worker(program, { workerData, resourceLimits: SMALL }));
  return { workers, loading };
}

/** The front door and the program are bundles of their own, each with its own modules: this is where both look. */
const AHEAD = Symbol.for("dockwright: threads started ahead");
const here = globalThis as { [AHEAD]?: Threads | undefined };

/** Starts threads if the command line looks as if they will be wanted; nothing is wrong but the time if they are not. */
export function startAhead(program: string, [command, ...argv]: readonly string[]): void {
  if (command !== "check") return;
  const count = threadsFor(filesNamed(argv.filter((word) => !word.startsWith("-"))));
  if (count > 0) here[AHEAD] = startThreads(program, { dockwright: "check", argv, cwd: process.cwd() }, count);
}

/** Those that were started ahead, once. */
export function takeAhead(): Threads | undefined {
  const threads = here[AHEAD];
  here[AHEAD] = undefined;
  return threads;
}

/** How many files to check are directly in folders of these names, or here if there is nothing of these names. */
function filesNamed(words: readonly string[]): number {
  const paths = words.filter((word) => existsSync(word));
  return (paths.length > 0 ? paths : ["."]).flatMap(namesIn).filter((name) => languageFound(name) !== undefined).length;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // a file, or a folder that may not be read: the check will say so
  }
}
