/** What one instruction, or one command of a RUN, reads and writes. */
import type { Instruction } from "../model.ts";
import type { ShellCommand } from "../shell.ts";
import type { Place, Places } from "./place.ts";

/** What it is there for. */
export type Does =
  /** It changes the image's configuration and no file. */
  | "metadata"
  | "copies context"
  /** From another stage or image. */
  | "copies stage"
  /** Packages of the distribution. */
  | "packages"
  /** What a manifest or a list of a language's packages names. */
  | "dependencies"
  | "build"
  | "download"
  | "files"
  | "accounts"
  /** It takes away what was only needed before. */
  | "cleanup"
  /** It leaves nothing behind: a test, an echo. */
  | "nothing"
  | "unknown";

/** Something written that does not become part of the layer. */
export interface Lost {
  readonly place: Place;
  /** A VOLUME of the base image keeps what a RUN writes there under BuildKit; other builders drop it. */
  readonly to: "cache mount" | "tmpfs mount" | "bind mount" | "volume";
}

export interface Effect {
  /** Of the file: a trigger stands for itself. */
  readonly instruction: Instruction;
  /** Set for the commands of a RUN. */
  readonly command: ShellCommand | undefined;
  readonly does: Does;
  readonly reads: Places;
  readonly writes: Places;
  /** The project's own scripts decide: this is what such a command usually reads and writes. */
  readonly usual: boolean;
  /** It may not run: in an `if`, a loop, a function, behind `||`. */
  readonly conditional: boolean;
  /** Of what it writes. */
  readonly lost: readonly Lost[];
  /** Why it is unknown, or not known exactly; a clause without a full stop. */
  readonly unknown: string | undefined;
}
