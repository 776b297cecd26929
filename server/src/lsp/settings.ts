/** The `dockwright` section of a person's settings. What is not understood is left out and named. */
import { DEFAULT_SHELLCHECK } from "../core/config/keys.ts";
import { defaultSettings, type Settings } from "../core/findings/settings.ts";
import type { Profile, Rule, Severity } from "../core/rule.ts";
import { fieldsOf, stringsOf } from "./read.ts";

export interface Config {
  readonly settings: Settings;
  /** Ask no registry. */
  readonly offline: boolean;
  /** Registries that may be spoken to without TLS: `host` or `host:port`. */
  readonly insecureRegistries: readonly string[];
  /** `wasm`, `off` or a program. */
  readonly shellcheck: string;
}

interface ReadConfig extends Config {
  /** One phrase for each value that was left out. */
  readonly ignored: readonly string[];
}

const PROFILES: readonly Profile[] = ["recommended", "strict", "all"];
const WISHES: readonly ("off" | Severity)[] = ["off", "hint", "info", "warning", "error"];

export function readConfig(section: unknown, rules: readonly Rule[]): ReadConfig {
  const ignored: string[] = [];
  const fields = fieldsOf(section) ?? {};
  if (section !== undefined && section !== null && fieldsOf(section) === undefined)
    ignored.push(`dockwright = ${shown(section)}`);

  /** The value of one setting; the fallback when it is not set or not understood. */
  const read = <T>(name: string, fallback: T, understand: (value: unknown) => T | undefined): T => {
    const value = fields[name];
    if (value === undefined || value === null) return fallback;
    const understood = understand(value);
    if (understood === undefined) ignored.push(`dockwright.${name} = ${shown(value)}`);
    return understood ?? fallback;
  };

  const wishes: Record<string, "off" | Severity> = {};
  for (const [id, value] of Object.entries(read("rules", {}, fieldsOf))) {
    if (value === undefined || value === null) continue;
    const wish = WISHES.find((known) => known === value);
    if (wish !== undefined && rules.some((rule) => rule.id === id)) wishes[id] = wish;
    else ignored.push(`dockwright.rules.${id} = ${shown(value)}`);
  }
  return {
    settings: {
      ...defaultSettings,
      profile: read("profile", "recommended", (value) => PROFILES.find((known) => known === value)),
      rules: wishes,
    },
    offline: read("offline", false, (value) => (typeof value === "boolean" ? value : undefined)),
    insecureRegistries: read("insecureRegistries", [], stringsOf),
    shellcheck: read("shellcheck", DEFAULT_SHELLCHECK, (value) =>
      typeof value === "string" && value !== "" ? value : undefined,
    ),
    ignored,
  };
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60);
