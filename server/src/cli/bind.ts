/** Binds a run to this process. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { addAbortSignal } from "node:stream";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { rules } from "../core/rules/index.ts";
import { leave } from "./leave.ts";
import type { Command } from "./commands/command.ts";
import { complain } from "./complain.ts";
import { EXIT, type Io } from "./io.ts";
import { run } from "./run.ts";
import { serveChecks } from "./threads/check-thread.ts";
import { isRunShort } from "./threads/start-threads.ts";
import type { ThreadStart } from "./threads/messages.ts";

/** The same file is the program and the threads it starts. `file` is where it is. */
export function bind(commands: readonly Command[], file: string): void {
  if (isMainThread) main(commands, threadProgram(file));
  else if (parentPort) serveChecks(parentPort, workerData as ThreadStart, { rules });
}

/** The bundle's front door, or the file itself where sources run unbuilt. */
function threadProgram(file: string): string {
  const door = join(dirname(file), "cli.js");
  return existsSync(door) ? door : file;
}

function main(commands: readonly Command[], thread: string): void {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort()); // the second Ctrl+C ends the process at once

  const io: Io = {
    get stdin() {
      return addAbortSignal(interrupted.signal, process.stdin);
    },
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    env: process.env,
    isTTY: process.stdout.isTTY === true,
    stderrIsTTY: process.stderr.isTTY === true,
    signal: interrupted.signal,
  };

  let outputLost = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || outputLost) return; // the reader has seen enough, as `head` does; or it is said already
    outputLost = true;
    process.exitCode = EXIT.trouble;
    complain(io, `the output could not be written: ${error.message}`);
  });
  process.stderr.on("error", () => {}); // nobody is left to tell

  const argv = process.argv.slice(2);
  void run(argv, io, { thread }, commands).then((code) => {
    process.exitCode = outputLost ? EXIT.trouble : code;
    // All is done when the output is out, or is known to be lost. The server lives on. Nothing is compiled beside a short run, and to
    // give back the memory of many files would take a while.
    const end = isRunShort() ? () => setImmediate(() => process.exit()) : leave;
    if (argv[0] !== "lsp") process.stdout.write("", end);
  });
}
