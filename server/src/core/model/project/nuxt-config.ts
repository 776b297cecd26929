/** nuxt.config.{ts,js,mjs} → where and how Nuxt builds. Each is null where certainly not set, undefined where nobody can tell. */
import { flagSetting, readJsConfig, type Setting, textSetting } from "./js-config.ts";

export interface NuxtConfig {
  /** False: pages are made in the browser alone. */
  readonly ssr: boolean | null | undefined;
  /** Nitro's `node-server` when not set. */
  readonly preset: Setting;
  readonly outputDir: Setting;
  readonly baseURL: Setting;
  /** Nuxt 2: `static` or `server`. */
  readonly target: Setting;
  readonly buildDir: Setting;
}

export function readNuxtConfig(text: string): NuxtConfig {
  const { config } = readJsConfig(text);
  return {
    ssr: flagSetting(config, "ssr"),
    preset: textSetting(config, "nitro", "preset"),
    outputDir: textSetting(config, "nitro", "output", "dir"),
    baseURL: textSetting(config, "app", "baseURL"),
    target: textSetting(config, "target"),
    buildDir: textSetting(config, "buildDir"),
  };
}
