/** The flags that all engines have by the same names. */
import { type BuildOptions, isSecretName } from "../build/options.ts";
import type { Invocation } from "../process.ts";
import { csv, flag, flags, switched } from "./engine.ts";

export const commonFlags = (options: BuildOptions): readonly string[] => [
  ...flag("file", options.dockerfile),
  ...flag("target", options.target),
  ...flags("build-arg", buildArgs(options)),
  ...flag("network", options.network),
  ...switched("no-cache", options.noCache),
  ...switched("pull", options.pull),
];

/** A secret's value goes by the environment: a command line is there for everybody on the machine to read. */
const buildArgs = ({ buildArgs: args = {} }: BuildOptions): readonly string[] =>
  Object.entries(args).map(([name, value]) => (value === null || isSecretName(name) ? name : `${name}=${value}`));

export function environmentOf({ buildArgs: args = {} }: BuildOptions): NonNullable<Invocation["env"]> {
  const secret = Object.entries(args).filter(([name, value]) => value !== null && isSecretName(name));
  return Object.fromEntries(secret.map(([name, value]) => [name, value ?? undefined]));
}

export const secretFlags = ({ secrets = [] }: BuildOptions): readonly string[] =>
  secrets.map(
    ({ id, from }) => `--secret=${csv([`id=${id}`, "file" in from ? `src=${from.file}` : `env=${from.variable}`])}`,
  );
