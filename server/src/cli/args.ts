/** Arguments → values, checked against a command's table of options; the same table makes its help. */
import { parseArgs } from "node:util";
import { UsageError } from "./io.ts";
import { didYouMean } from "../core/text/nearest.ts";

export interface Option {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in the help. Absent for a switch. */
  readonly value?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface Args {
  /** As given, for a thread that reads them again. */
  readonly argv: readonly string[];
  readonly positionals: readonly string[];
  has(name: string): boolean;
  /** The last value given. */
  value(name: string): string | undefined;
  /** All values given, as written. */
  values(name: string): readonly string[];
  /** All values given, split at commas. */
  list(name: string): readonly string[];
}

/** @throws UsageError */
export function parse(argv: readonly string[], options: readonly Option[]): Args {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, short, value }) => [
        name,
        { type: value === undefined ? "boolean" : "string", ...(short && { short }) } as const,
      ]),
    ),
  });
  const positionals: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = options.find(({ name }) => name === token.name);
    if (!option) throw new UsageError(`unknown option ${token.rawName}${suggestion(token.rawName, options)}`);
    given.set(option.name, [...(given.get(option.name) ?? []), checkedValue(option, token.rawName, token.value)]);
  }
  return {
    argv,
    positionals,
    has: (name) => given.has(name),
    value: (name) => given.get(name)?.at(-1),
    values: (name) => given.get(name) ?? [],
    list: (name) =>
      (given.get(name) ?? [])
        .flatMap((value) => value.split(","))
        .map((part) => part.trim())
        .filter((part) => part !== ""),
  };
}

function checkedValue(option: Option, written: string, value: string | undefined): string {
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${written} takes no value; write just ${written}`);
    return "";
  }
  if (value === undefined || value === "") throw new UsageError(`${written} needs a value: ${written} ${option.value}`);
  if (option.choices && !option.choices.includes(value)) {
    const hint = didYouMean(value, option.choices);
    const choices = `one of ${option.choices.join(", ")}`;
    throw new UsageError(
      `${written} cannot be ${value}${hint === "" ? `; it is ${choices}` : `${hint} It is ${choices}`}`,
    );
  }
  return value;
}

function suggestion(written: string, options: readonly Option[]): string {
  const names = options.map(({ name }) => `--${name}`);
  const hint = written.startsWith("--") ? didYouMean(written, names) : "";
  return hint || `; there are ${names.join(", ")}`;
}

/** The option table of a help text. */
export function describeOptions(options: readonly Option[]): string {
  const rows = options.map(({ name, short, value, help }) => ({
    left: `${short ? `-${short}, ` : "    "}--${name}${value === undefined ? "" : ` ${value}`}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}\n`).join("");
}
