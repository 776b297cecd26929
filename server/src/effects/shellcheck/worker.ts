/**
 * A thread with one instance of the ShellCheck module, which is GPL-3.0-or-later: this file loads it at run time from beside
 * the bundle and is all of ours that touches it; everything else speaks to the thread by messages.
 *
 * The package's own loader leaves out the module's `_initialize`, and its instance fails after a few calls
 * ("table index is out of bounds"). This one initializes it as a WASI reactor.
 */
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { File, OpenFile, WASI } from "@bjorn3/browser_wasi_shim";
import type { FromWorker, ToWorker, WorkerStart } from "./messages.ts";

interface ShellCheckExports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly hs_init: (argc: number, argv: number) => void;
  readonly lintWithOptions: (script: string, options: string) => Promise<string>;
}

async function load({ module, glue }: WorkerStart): Promise<ShellCheckExports> {
  const wasi = new WASI(
    [],
    [],
    [0, 1, 2].map(() => new OpenFile(new File([]))),
    { debug: false },
  );
  const jsffi = (await import(pathToFileURL(glue).href)) as {
    default: (exports: Record<string, unknown>) => WebAssembly.ModuleImports;
  };
  const shared: Record<string, unknown> = {};
  const instance = await WebAssembly.instantiate(module, {
    ghc_wasm_jsffi: jsffi.default(shared),
    wasi_snapshot_preview1: { ...wasi.wasiImport, clock_time_get: stoppedClock(shared) },
  });
  Object.assign(shared, instance.exports);
  // What the module exports is its makers' contract; a call of what is not there fails as any other does.
  const exports = instance.exports as unknown as ShellCheckExports;
  wasi.initialize({ exports });
  exports.hs_init(0, 0);
  return exports;
}

/** The module's run-time system asks for the time thousands of times a script, to count how long it took; nobody reads that. */
const stoppedClock =
  (shared: Readonly<Record<string, unknown>>) =>
  (_clock: number, _precision: bigint, at: number): number => {
    const { buffer } = shared["memory"] as WebAssembly.Memory;
    new DataView(buffer).setBigUint64(at, 0n, true);
    return 0;
  };

if (parentPort) {
  const port = parentPort;
  const loaded = load(workerData as WorkerStart);
  void loaded.then(() => port.postMessage({} satisfies FromWorker));
  const answer = async ({ shell, script }: ToWorker): Promise<FromWorker> => {
    const { lintWithOptions } = await loaded;
    return { json: await lintWithOptions(script, JSON.stringify({ shell })) };
  };
  // A call that fails leaves the instance in a state nobody knows: the thread ends and another takes its place.
  port.on("message", (message: ToWorker) => {
    answer(message).then(
      (result) => port.postMessage(result),
      (error: unknown) => {
        throw error;
      },
    );
  });
}
