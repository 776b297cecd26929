/** What goes to stderr: never mixed with the output a program reads. */
import type { Crash } from "../core/lint.ts";
import type { FileFailure } from "../effects/files/failure.ts";
import type { Io } from "./io.ts";
import { HOME } from "../core/rules/page.ts";
import { printable } from "./printable.ts";

export const complain = (io: Io, message: string): void => {
  io.stderr.write(`dockwright: ${printable(message)}\n`);
};

export const complainAboutFile = (io: Io, { path, message }: FileFailure): void => complain(io, `${path} ${message}`);

export function complainAboutCrashes(io: Io, file: string, crashes: readonly Crash[]): void {
  for (const { rule, error } of crashes) {
    const reason = error instanceof Error ? error.message : String(error);
    complain(
      io,
      `${file} was not checked by rule ${rule}, which failed (${reason}); please report it at ${HOME}/issues`,
    );
  }
}
