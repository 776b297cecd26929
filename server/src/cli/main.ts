#!/usr/bin/env node
/** The `dockwright` program: binds a run to this process. */
import { addAbortSignal } from "node:stream";
import { complain } from "./complain.ts";
import { EXIT, type Io } from "./io.ts";
import { run } from "./run.ts";

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
  signal: interrupted.signal,
};

let outputLost = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return; // the reader has seen enough, as `head` does
  outputLost = true;
  process.exitCode = EXIT.trouble;
  complain(io, `the output could not be written: ${error.message}`);
});
process.stderr.on("error", () => {}); // nobody is left to tell

void run(process.argv.slice(2), io).then((code) => {
  process.exitCode = outputLost ? EXIT.trouble : code;
});
