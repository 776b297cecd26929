#!/usr/bin/env node
/**
 * The bundle's front door, for the program and for each of its threads. The program is a file of its own, kept compiled from one run to
 * the next, with the functions that ran: Node's own compile cache keeps what is compiled before anything runs, which is little. It
 * lies in the person's own cache folder, because what lies in a shared one could be somebody else's code.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { constants, Script } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { cacheFolder } from "../effects/cache-folder.ts";

type Wrapped = (exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string) => void;

/** A run as long has compiled most of what there is to compile. */
const LONG_MS = 250;
/** So many long runs add what they compiled. */
const MAX_RUNS = 3;

/**
 * V8 takes a function that ran some hundred times for one that will run for long, and compiles it anew for speed. A run over a few
 * hundred files is over before that pays, and while it lasts the compiling takes the processors from the threads that check: a third of
 * all the time it needs. So functions have to run ten times as often. V8 complains about flags it does not have; 13 has these.
 */
const TIERING = ["--invocation-count-for-maglev=4000", "--invocation-count-for-turbofan=30000"];
if (isMainThread && process.argv[2] === "check" && process.versions.v8.startsWith("13.")) 
  for (const flag of TIERING) setFlagsFromString(flag);

const program = join(import.meta.dirname, "program.js");
const folder = join(cacheFolder(process.env), "compiled");
const { size, mtimeMs } = statSync(program);
// V8 refuses what another version or other flags made, but of the source it compares the length alone.
const file = join(folder, `${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}`);

const kept = readKept();
const script = new Script(
  `(function (exports, require, module, __filename, __dirname) {${readFileSync(program, "utf8")}\n})`,
  {
    filename: program,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(kept && { cachedData: kept.data }),
  },
);
const runs = kept && !script.cachedDataRejected ? kept.runs : 0;
if (isMainThread && runs < MAX_RUNS) process.once("exit", keep);
const module_ = { exports: {} };
(script.runInThisContext() as Wrapped)(module_.exports, createRequire(program), module_, program, import.meta.dirname);

/** The first byte counts the runs. */
function readKept(): { readonly runs: number; readonly data: Buffer } | undefined {
  try {
    const bytes = readFileSync(file);
    return { runs: bytes[0] ?? 0, data: bytes.subarray(1) };
  } catch {
    return undefined; // the first run, or a folder that may not be read
  }
}

function keep(): void {
  if (performance.now() < LONG_MS) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, Buffer.concat([Buffer.from([runs + 1]), script.createCachedData()]), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    // Nothing is lost but time.
  }
}
