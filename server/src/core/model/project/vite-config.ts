/** vite.config.{ts,js,mts,mjs} → where Vite builds to. Each is null where certainly not set, undefined where nobody can tell. */
import { isCall, isObject, type JsObject, memberAt, readJsConfig, type Setting, textSetting } from "./js-config.ts";

export interface ViteConfig {
  /** Vite's default is `dist`, below `root`. */
  readonly outDir: Setting;
  readonly base: Setting;
  readonly root: Setting;
  readonly publicDir: Setting;
  /** The development server passes requests on: that is lost behind another server. Undefined where nobody can tell. */
  readonly proxies: boolean | undefined;
  /** It builds a library instead of pages. */
  readonly isLibrary: boolean | undefined;
  /** Modules its plugins come from, as far as they are imported by name. */
  readonly plugins: readonly string[];
}

export function readViteConfig(text: string): ViteConfig {
  const { config, imports } = readJsConfig(text);
  const plugins = memberAt(config, "plugins");
  return {
    outDir: textSetting(config, "build", "outDir"),
    base: textSetting(config, "base"),
    root: textSetting(config, "root"),
    publicDir: textSetting(config, "publicDir"),
    proxies: isThere(config, "server", "proxy"),
    isLibrary: isThere(config, "build", "lib"),
    plugins: Array.isArray(plugins)
      ? plugins.flatMap((plugin) => (isCall(plugin) ? (imports.get(plugin.callee) ?? []) : []))
      : [],
  };
}

/** Whether anything is set there: what it is does not matter. */
function isThere(config: JsObject | undefined, ...path: readonly string[]): boolean | undefined {
  const holder = memberAt(config, ...path.slice(0, -1));
  const name = path.at(-1) ?? "";
  if (isObject(holder) && holder.members.has(name)) return true;
  return memberAt(config, ...path) === null ? false : undefined;
}
