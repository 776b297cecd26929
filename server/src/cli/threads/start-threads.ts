/**
 * Threads that check files, and their start ahead of everything else: a thread takes as long to get ready as fifty files take to be
 * checked, and that begins while the program is still loading, where a folder is named that has many files.
 */
import { type Dirent, existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { languageFound } from "../../effects/files/names.ts";
import type { ThreadStart } from "./messages.ts";
import { expectShortRun } from "./short-run.ts";

/** A thread costs as much as checking so many files: for fewer, it is not worth it. */
const FILES_PER_THREAD = 50;

/** So many are checked before it pays that V8 compiles for speed. */
const FEW_FILES = 2_000;

/**
 * A document lives as long as its file is checked, so new objects need little room. In what V8 would take, a fifth of all the process's
 * pages would be touched once and never again.
 */
const SMALL = { maxYoungGenerationSizeMb: 6 } as const;

/** How many threads beside this one are worth their start for so many files. */
export const threadsFor = (files: number, cpus = availableParallelism()): number =>
  Math.max(0, Math.min(cpus - 1, Math.floor(files / FILES_PER_THREAD)));

/** Threads that wait to be told their share. `program` is what each runs. */
export const startThreads = (program: string, workerData: ThreadStart, count: number): readonly Worker[] =>
  Array.from({ length: count }, () => new Worker(program, { workerData, resourceLimits: SMALL }));

interface Ahead {
  readonly workers: readonly Worker[];
  readonly isShort: boolean;
}

/** The front door and the program are bundles of their own, each with its own modules: this is where both look. */
const AHEAD = Symbol.for("dockwright: threads started ahead");
const here = globalThis as { [AHEAD]?: Ahead };

/** Starts threads if the command line looks as if they will be wanted; nothing is wrong but the time if they are not. */
export function startAhead(program: string, [command, ...argv]: readonly string[]): void {
  if (command !== "check") return;
  const { files, hasFolders } = namedIn(argv.filter((word) => !word.startsWith("-")));
  const count = threadsFor(files);
  if (count === 0) return;
  // ShellCheck takes far longer than everything else; and nobody knows yet how many files there are in further folders.
  const isShort =
    files <= FEW_FILES && !hasFolders && / --shellcheck[= ]off /.test(` ${argv.join(" ")} `) && expectShortRun();
  const start: ThreadStart = { dockwright: "check", argv, cwd: process.cwd(), isShort };
  here[AHEAD] = { workers: startThreads(program, start, count), isShort };
}

/** Those that were started ahead, once. */
export function takeAhead(): readonly Worker[] {
  const workers = here[AHEAD]?.workers ?? [];
  here[AHEAD] = { workers: [], isShort: isRunShort() };
  return workers;
}

/** Does V8 compile nothing on threads of its own? */
export const isRunShort = (): boolean => here[AHEAD]?.isShort ?? false;

/** What is directly in folders of these names, or here if there is nothing of these names. */
function namedIn(words: readonly string[]): { readonly files: number; readonly hasFolders: boolean } {
  const paths = words.filter((word) => existsSync(word));
  const entries = (paths.length > 0 ? paths : ["."]).flatMap(entriesIn);
  return {
    files: entries.filter(({ name }) => languageFound(name) !== undefined).length,
    hasFolders: entries.some((entry) => entry.isDirectory()),
  };
}

function entriesIn(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return []; // a file, or a folder that may not be read: the check will say so
  }
}
