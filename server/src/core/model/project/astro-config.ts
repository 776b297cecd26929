/** astro.config.{mjs,ts,js} → whether Astro writes files or a server, and where. Null: certainly not set; undefined: nobody can tell. */
import { isCall, isObject, memberAt, readJsConfig, type Setting, textSetting } from "./js-config.ts";

export interface AstroConfig {
  /** `static` when not set. */
  readonly output: Setting;
  /** The module of the adapter: `@astrojs/node`. */
  readonly adapter: Setting;
  /** Of @astrojs/node: `standalone` or `middleware`. */
  readonly mode: Setting;
  /** `dist` when not set. */
  readonly outDir: Setting;
  readonly base: Setting;
}

export function readAstroConfig(text: string): AstroConfig {
  const { config, imports } = readJsConfig(text);
  const adapter = memberAt(config, "adapter");
  const options = isCall(adapter) ? adapter.args[0] : undefined;
  return {
    output: textSetting(config, "output"),
    adapter: isCall(adapter) ? imports.get(adapter.callee) : adapter === null ? null : undefined,
    mode: isObject(options) ? textSetting(options, "mode") : undefined,
    outDir: textSetting(config, "outDir"),
    base: textSetting(config, "base"),
  };
}
