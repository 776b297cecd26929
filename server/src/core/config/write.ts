/** A `.dockwright.yaml` for a person to go on from: what is set, and in comments what else could be. */
import type { ConfigText, FileValues } from "./config.ts";
import { DEFAULT_FAIL_LEVEL } from "./keys.ts";

export interface Starter {
  /** What a configuration file of another tool says. */
  readonly from?: { readonly name: string; readonly read: ConfigText };
  /** Where the file's schema is. */
  readonly schema: string;
}

export function renderStarter({ from, schema }: Starter): string {
  const values: FileValues = from?.read.values ?? {};
  const rules = Object.entries(values.rules ?? {});
  return [
    `# yaml-language-server: $schema=${schema}`,
    ...(from ? [`# Written by \`dockwright init\` from ${from.name}.`] : []),
    "",
    "# Which rules run: recommended, strict (also good practice people disagree about) or all.",
    "# profile: recommended",
    "",
    "# Severity of single rules, whatever the profile: off, hint, info, warning or error.",
    ...(rules.length > 0
      ? ["rules:", ...rules.map(([id, wish]) => `  ${id}: ${wish}`)]
      : ["# rules:", "#   healthcheck-missing: off"]),
    "",
    "# Registries images may come from, with *. Without the list, any.",
    ...listed("trustedRegistries", values.trustedRegistries, ["docker.io", "ghcr.io"]),
    "",
    "# The labels an image has to have and what their values are: text, url, semver, hash, rfc3339, spdx or email.",
    ...labels(values.labels),
    "",
    ...(values.inlineIgnores === undefined
      ? []
      : ["# Whether comments in Dockerfiles switch rules off.", `inlineIgnores: ${values.inlineIgnores}`, ""]),
    "# How `dockwright fmt` and the editor lay files out: a number of blanks or tab; preserve, upper or lower.",
    "# format:",
    "#   indent: 4",
    "#   keywordCase: preserve",
    "",
    "# The command line exits with 1 for findings of this severity or a graver one: error, warning, info, hint or none.",
    values.failLevel === undefined ? `# failLevel: ${DEFAULT_FAIL_LEVEL}` : `failLevel: ${values.failLevel}`,
    "",
    "# ShellCheck: wasm (comes with Dockwright), off, or a program.",
    "# shellcheck: wasm",
    "",
    "# Files that are not checked.",
    "# ignore:",
    "#   - vendor/",
    "",
    "# What holds for some files only.",
    "# overrides:",
    '#   - files: ["*.dev.Dockerfile"]',
    "#     profile: recommended",
    "",
  ].join("\n");
}

function listed(key: string, values: readonly string[] | undefined, example: readonly string[]): readonly string[] {
  if (values === undefined) return [`# ${key}:`, ...example.map((one) => `#   - ${one}`)];
  return values.length === 0 ? [`${key}: []`] : [`${key}:`, ...values.map((one) => `  - ${quoted(one)}`)];
}

function labels(wish: FileValues["labels"]): readonly string[] {
  if (!wish) return ["# labels:", "#   schema:", "#     org.opencontainers.image.source: url", "#   strict: false"];
  const schema = Object.entries(wish.schema ?? {});
  return [
    "labels:",
    ...(schema.length > 0 ? ["  schema:", ...schema.map(([label, kind]) => `    ${quoted(label)}: ${kind}`)] : []),
    ...(wish.strict === undefined ? [] : [`  strict: ${wish.strict}`]),
  ];
}

/** Plain where YAML takes it as it is. JSON's texts are YAML's. */
const quoted = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
