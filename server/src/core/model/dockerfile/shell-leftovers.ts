/** What a script leaves behind in its shell: a folder, variables, options, jobs. Whoever puts scripts together or takes one apart asks. */
import type { ShellCommand, ShellScript } from "./shell.ts";
import type { Span } from "../../text/edit.ts";

/** Builtins that change the shell for what comes behind them, or leave it. */
const CHANGES: ReadonlySet<string> = new Set(
  (
    "cd pushd popd set shopt export unset readonly declare typeset local umask ulimit trap alias unalias source . exec exit return eval " +
    "read getopts let mapfile readarray"
  ).split(" "),
);

/** Whether the command leaves something of that kind, or may. */
export const changesShell = ({ name, nameWord, isolated }: ShellCommand): boolean =>
  !isolated && (nameWord === undefined || (name !== undefined && CHANGES.has(name)));

/** The first command that does, within a stretch of the script if one is given. */
export const firstChange = (script: ShellScript, within?: Span): ShellCommand | undefined =>
  script.commands.find(
    (command) =>
      changesShell(command) && (!within || (command.span.start >= within.start && command.span.end <= within.end)),
  );

/** A lone `&`: a job that goes on beside what follows. */
export const startsJob = ({ text, lists }: ShellScript): boolean =>
  lists.some(({ background }) => background) || /(?:^|[^&>|<\\])&(?:[^&>]|$)/.test(withoutQuotes(text));

export const withoutQuotes = (text: string): string => text.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/gs, "''");
