/** What a command of the command line is: its help, its options, and what it does. */
import type { Args, Option } from "../args.ts";
import type { Io } from "../io.ts";
import type { Parts } from "../parts.ts";

export interface Command {
  readonly name: string;
  /** Verb phrase for the list of commands. */
  readonly summary: string;
  /** Behind the name in the usage line. */
  readonly usage: string;
  /** What a person needs to know besides the options. */
  readonly details: string;
  readonly options: readonly Option[];
  /** Gives the exit code. */
  run(args: Args, io: Io, parts: Parts): Promise<number>;
}
