/** vue.config.js → where Vue CLI builds to. Null: certainly not set; undefined: nobody can tell. */
import { readJsConfig, type Setting, textSetting } from "./js-config.ts";

export interface VueConfig {
  /** `dist` when not set. */
  readonly outputDir: Setting;
  readonly publicPath: Setting;
}

export function readVueConfig(text: string): VueConfig {
  const { config } = readJsConfig(text);
  return { outputDir: textSetting(config, "outputDir"), publicPath: textSetting(config, "publicPath") };
}
