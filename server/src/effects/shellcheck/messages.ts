/** What is said between the pool and its threads. */

export interface WorkerStart {
  readonly module: WebAssembly.Module;
  /** Path of the module's JavaScript half. */
  readonly glue: string;
}

export interface ToWorker {
  readonly shell: string;
  readonly script: string;
}

export interface FromWorker {
  /** The module's own JSON. Absent in the first message, which says that it is loaded. */
  readonly json?: string;
}
