/** svelte.config.js → which adapter SvelteKit builds for, and where it writes to. */
import { isCall, isObject, memberAt, readJsConfig, type Setting, textSetting } from "./js-config.ts";

export interface SvelteConfig {
  /** The module of the adapter: `@sveltejs/adapter-node`. Null where none is set, undefined where nobody can tell. */
  readonly adapter: Setting;
  /** Where that adapter writes: `out` of adapter-node, `pages` of adapter-static; both build into `build` by themselves. */
  readonly output: Setting;
  readonly base: Setting;
}

export function readSvelteConfig(text: string): SvelteConfig {
  const { config, imports } = readJsConfig(text);
  const adapter = memberAt(config, "kit", "adapter");
  const module = isCall(adapter) ? imports.get(adapter.callee) : adapter === null ? null : undefined;
  const options = isCall(adapter) ? adapter.args[0] : undefined;
  const name = module?.endsWith("adapter-static") ? "pages" : "out";
  const noOptions = isCall(adapter) && adapter.args.length === 0 ? null : undefined;
  return {
    adapter: module,
    output: isObject(options) ? textSetting(options, name) : noOptions,
    base: textSetting(config, "kit", "paths", "base"),
  };
}
