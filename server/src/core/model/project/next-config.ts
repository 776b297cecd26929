/** next.config.{js,mjs,cjs,ts} → where and how Next.js builds. Each is null where certainly not set, undefined where nobody can tell. */
import { flagSetting, readJsConfig, type Setting, textSetting } from "./js-config.ts";

export interface NextConfig {
  /** `standalone`, `export`. */
  readonly output: Setting;
  /** Next's default is `.next`. */
  readonly distDir: Setting;
  readonly basePath: Setting;
  /** `next/image` without sharp. */
  readonly unoptimizedImages: boolean | null | undefined;
  /** Root that traced files are relative to, which puts server.js into a folder of its own. */
  readonly outputFileTracingRoot: Setting;
}

export function readNextConfig(text: string): NextConfig {
  const { config } = readJsConfig(text);
  return {
    output: textSetting(config, "output"),
    distDir: textSetting(config, "distDir"),
    basePath: textSetting(config, "basePath"),
    unoptimizedImages: flagSetting(config, "images", "unoptimized"),
    outputFileTracingRoot: textSetting(config, "outputFileTracingRoot"),
  };
}
