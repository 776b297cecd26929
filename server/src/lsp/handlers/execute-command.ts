/** `workspace/executeCommand`: a table of commands. */
import type { ExecuteCommandParams } from "vscode-languageserver/node";
import { explainRule } from "../commands/explain-rule.ts";
import { fixAllSafe } from "../commands/fix-all.ts";
import { pinAllBaseImages } from "../commands/pin-all-base-images.ts";
import { invalidParams } from "../guard.ts";
import type { CommandSummary } from "../messages.ts";
import type { Session } from "../session.ts";

/** A command is given one text: a document's address or a rule's id. */
type Command = (session: Session, argument: string, signal: AbortSignal) => Promise<CommandSummary | null>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["dockwright.fixAll", fixAllSafe],
  ["dockwright.pinAllBaseImages", pinAllBaseImages],
  ["dockwright.explainRule", explainRule],
]);

export const commandNames: readonly string[] = [...COMMANDS.keys()];

export async function executeCommand(
  session: Session,
  { command, arguments: args = [] }: ExecuteCommandParams,
  signal: AbortSignal,
): Promise<CommandSummary | null> {
  const run = COMMANDS.get(command);
  if (!run) throw invalidParams(`There is no command ${command}`);
  const argument: unknown = args[0];
  if (typeof argument !== "string")
    throw invalidParams(`${command} takes one text: a document's address or a rule's id`);
  return run(session, argument, signal);
}
