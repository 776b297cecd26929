/** The options several commands share, and what their values mean. */
import { FAIL_LEVELS, type FailLevel, PROFILES, SEVERITIES } from "../core/config/keys.ts";
import type { Severity } from "../core/rule.ts";
import type { Args, Option } from "./args.ts";
import { UsageError } from "./io.ts";

export const HELP: Option = { name: "help", short: "h", help: "show this help" };

export const RULE_CHOICE: readonly Option[] = [
  { name: "profile", value: "PROFILE", choices: PROFILES, help: "rules to run: recommended (default), strict or all" },
  {
    name: "select",
    value: "RULES",
    help: "run only these rules, separated by commas; peers' codes such as DL3006 too",
  },
  { name: "ignore", value: "RULES", help: "do not run these rules" },
];

export const STDIN_FILENAME: Option = {
  name: "stdin-filename",
  value: "NAME",
  help: "read standard input; NAME stands for it in the output",
};

export const OFFLINE: Option = { name: "offline", help: "never ask a registry" };

/** How registries are asked. */
export const REGISTRIES: readonly Option[] = [
  {
    name: "mirror",
    value: "HOST=MIRROR",
    help: "ask a mirror before a registry: docker.io=https://mirror.example; more than one in their order",
  },
  { name: "insecure-registry", value: "HOST", help: "a registry, with its port, that may be asked over plain HTTP" },
];

/** @throws UsageError */
export function registriesOf(args: Args): {
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly insecureRegistries: readonly string[];
} {
  const given = args.values("mirror").map((text) => {
    const [, host, mirror] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (host === undefined || mirror === undefined)
      throw new UsageError(`--mirror cannot be ${text}; it is as in --mirror docker.io=https://mirror.example`);
    return { host, mirror };
  });
  const mirrors = Object.fromEntries(
    [...Map.groupBy(given, ({ host }) => host)].map(([host, list]) => [host, list.map(({ mirror }) => mirror)]),
  );
  return { mirrors, insecureRegistries: args.values("insecure-registry") };
}

export const ONLINE: Option = {
  name: "online",
  help: "also ask registries whether images are there, for digests, newer tags and platforms, and a Trivy on PATH for vulnerabilities",
};

export const SHELLCHECK: Option = {
  name: "shellcheck",
  value: "WHICH",
  help: "the ShellCheck to run: wasm (default, the one that comes with dockwright), off, or a program",
};

export const COLOR: Option = {
  name: "color",
  value: "WHEN",
  choices: ["auto", "always", "never"],
  help: "colours: auto (default), always or never",
};

export const FAIL_LEVEL: Option = {
  name: "fail-level",
  value: "SEVERITY",
  choices: FAIL_LEVELS,
  help: "exit 1 only for findings of this severity or a graver one: error, warning, info (default), hint or none",
};

export const CONFIG: readonly Option[] = [
  { name: "config", value: "FILE", help: "read this configuration file instead of the nearest .dockwright.yaml" },
  { name: "no-config", help: "read no configuration file" },
];

/** True for severities that make a run fail. */
export const failsAt =
  (level: FailLevel) =>
  (severity: Severity): boolean =>
    level !== "none" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
