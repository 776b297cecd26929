/** The options several commands share, and what their values mean. */
import type { Profile, Severity } from "../core/rule.ts";
import type { Args, Option } from "./args.ts";

const PROFILES: readonly Profile[] = ["recommended", "strict", "all"];
/** The gravest first. */
const SEVERITIES: readonly Severity[] = ["error", "warning", "info", "hint"];

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

export const SHELLCHECK: Option = {
  name: "shellcheck",
  value: "PATH",
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
  choices: SEVERITIES,
  help: "exit 1 only for findings of this severity or a graver one: error, warning, info (default) or hint",
};

export const profileOf = (args: Args): Profile =>
  PROFILES.find((profile) => profile === args.value("profile")) ?? "recommended";

/** Hints are suggestions: an image without a digest is shown, and does not fail a build that did not ask for it. */
const DEFAULT_FAIL_LEVEL: Severity = "info";

/** True for severities that make a run fail. */
export function failsAt(args: Args): (severity: Severity) => boolean {
  const wished = SEVERITIES.find((severity) => severity === args.value("fail-level")) ?? DEFAULT_FAIL_LEVEL;
  return (severity) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(wished);
}
