/** Calls of tar that unpack and do nothing else that ADD would not do. */
import { readOptions } from "./options.ts";
import type { ShellCommand } from "./shell.ts";

/** What ADD unpacks; `.gz` alone may hold a single file. */
export const TAR = /\.(?:tar(?:\.(?:gz|bz2|xz|zst|lzma|lz|Z))?|tgz|tbz2?|tb2|txz|tzst|tlz|tpz|tZ)$/i;

const SYNTAX = { short: "CfTXbgHLNV", long: new Set(["--directory", "--file"]) };
const PLAIN =
  /^(?:-[xvzjJpf]|--(?:extract|get|verbose|gzip|bzip2|xz|zstd|auto-compress|file|directory|preserve-permissions))$|^-C$/;

export interface Unpacking {
  /** As written; undefined where it is the folder tar runs in. */
  readonly folder: string | undefined;
  /** The archive; undefined where it comes from the standard input. */
  readonly file: string | undefined;
}

/** Undefined for another program, for members that are named, and for options that ADD has no counterpart of. */
export function plainUnpacking(command: ShellCommand): Unpacking | undefined {
  if (command.name !== "tar") return undefined;
  // `tar xzf a.tgz`: the old form without a dash.
  const [first] = command.args;
  const dashed =
    first && /^[A-Za-z]+$/.test(first.value)
      ? { ...command, args: [{ ...first, value: `-${first.value}` }, ...command.args.slice(1)] }
      : command;
  const { options, operands, hidden } = readOptions(dashed, SYNTAX);
  const unpacks = options.some(({ name }) => name === "-x" || name === "--extract" || name === "--get");
  if (hidden || !unpacks || operands.length > 0 || !options.every(({ name }) => PLAIN.test(name))) return undefined;
  const valueOf = (short: string, long: string): string | undefined =>
    options.findLast(({ name }) => name === short || name === long)?.value;
  const file = valueOf("-f", "--file");
  return { folder: valueOf("-C", "--directory"), file: file === "-" ? undefined : file };
}
