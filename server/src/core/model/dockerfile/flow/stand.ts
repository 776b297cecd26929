/** What the walk through a stage carries along, and what it makes of each instruction. */
import type { Download } from "../downloads.ts";
import type { Dockerfile, Instruction } from "../model.ts";
import type { ShellCommand } from "../shell.ts";
import type { Outcome } from "./call.ts";
import type { Effect, Lost } from "./effect.ts";
import type { Inherited } from "./inherited.ts";

/** A folder that a VOLUME of the base or of the file keeps out of the layers of other builders. */
export interface Volume {
  /** A pattern. */
  readonly path: string;
  readonly inherited: boolean;
}

/** What changes from instruction to instruction. */
export interface Stand {
  folder: string;
  path: readonly string[];
  volumes: readonly Volume[];
  /** Folders of virtual environments. */
  venvs: readonly string[];
  /** Who runs what comes next, as USER last named it; undefined when the base image or a variable decides. */
  user: string | undefined;
  /** Home folders of accounts the file makes. */
  homes: ReadonlyMap<string, string>;
  /** Files that were downloaded, and from where. */
  readonly downloaded: Map<string, string>;
}

/** What a stage's instructions are read with. */
export interface Ground {
  readonly dockerfile: Dockerfile;
  readonly inherited: Inherited;
  /** The base image's name as bases.ts has it; undefined where nobody knows it. */
  readonly image: string | undefined;
  /** By where they stand: what is in a `sh -c "$(…)"` is found twice. */
  readonly downloads: ReadonlyMap<number, Download>;
  readonly stand: Stand;
}

export const unknownOutcome = (unknown: string): Outcome => ({
  does: "unknown",
  reads: "anything",
  writes: "anything",
  unknown,
});

export function effect(
  instruction: Instruction,
  command: ShellCommand | undefined,
  outcome: Outcome,
  lost: readonly Lost[] = [],
): Effect {
  return {
    instruction,
    command,
    does: outcome.does,
    reads: outcome.reads,
    writes: outcome.writes,
    usual: outcome.usual ?? false,
    conditional: command !== undefined && (command.conditional || command.joinedBy === "||"),
    lost,
    unknown: outcome.unknown,
  };
}
