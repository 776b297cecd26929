/** As much of the WebAssembly API as is used here; the types of Node leave it to those of the browser. */
declare namespace WebAssembly {
  interface Module {
    readonly _?: never;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  type ModuleImports = Readonly<Record<string, unknown>>;
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Readonly<Record<string, ModuleImports>>): Promise<Instance>;
}
