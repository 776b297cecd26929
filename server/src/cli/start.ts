#!/usr/bin/env node
/**
 * The bundle's front door, for the program and for each of its threads. The program is a file of its own, kept compiled from one run to
 * the next, with the functions that ran: Node's own compile cache keeps what is compiled before anything runs, which is little. It
 * lies in the person's own cache folder, because what lies in a shared one could be somebody else's code.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { isMainThread, workerData } from "node:worker_threads";
import { cacheFolder } from "../effects/cache-folder.ts";
import { elapsedMs } from "./elapsed.ts";
import type { ThreadStart } from "./threads/messages.ts";
import { isRunShort, startAhead } from "./threads/start-threads.ts";

/** scripts/build.ts puts this around the program. */
type Wrapped = (exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string) => void;

/** A run as long has compiled most of what there is to compile. */
const LONG_MS = 250;
/** So many long runs add what they compiled. */
const MAX_RUNS = 3;

/** This file's own, in the bundle: the program lies beside it. */
declare const require: NodeJS.Require;

const argv = process.argv.slice(2);
// First of all: threads get ready while the rest goes on here.
if (isMainThread) startAhead(import.meta.filename, argv);

const program = join(import.meta.dirname, !isMainThread || argv[0] === "check" ? "check.js" : "program.js");
const folder = join(cacheFolder(process.env), "compiled");
const { size, mtimeMs } = statSync(program);
const isShort = isMainThread ? isRunShort() : (workerData as ThreadStart).isShort;
/** V8 refuses what another version or other flags made; of the source it compares the length alone. */
const keptFile = join(
  folder,
  `${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}${isShort ? "-short" : ""}`,
);

const kept = readKept();
const script = new Script(readFileSync(program, "utf8"), {
  filename: program,
  ...(kept && { cachedData: kept.data }),
});
const runs = kept && !script.cachedDataRejected ? kept.runs : 0;
if (isMainThread && runs < MAX_RUNS) process.once("exit", keep);
const module_ = { exports: {} };
(script.runInThisContext() as Wrapped)(module_.exports, require, module_, program, import.meta.dirname);

/** The first byte counts the runs. */
function readKept(): { readonly runs: number; readonly data: Buffer } | undefined {
  try {
    const bytes = readFileSync(keptFile);
    return { runs: bytes[0] ?? 0, data: bytes.subarray(1) };
  } catch {
    return undefined; // the first run, or a folder that may not be read
  }
}

function keep(): void {
  if (elapsedMs() < LONG_MS && !isShort) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `${process.pid}`);
    writeFileSync(draft, Buffer.concat([Buffer.from([runs + 1]), script.createCachedData()]), { mode: 0o600 });
    renameSync(draft, keptFile);
  } catch {
    // Nothing is lost but time.
  }
}
