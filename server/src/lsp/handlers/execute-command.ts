/** `workspace/executeCommand`: a table of commands. */
import { type ExecuteCommandParams, MessageType } from "vscode-languageserver/node";
import { explainRule } from "../commands/explain-rule.ts";
import { fixAllSafe } from "../commands/fix-all.ts";
import { pinAllBaseImages } from "../commands/pin-all-base-images.ts";
import { pinImage } from "../commands/pin-image.ts";
import { pinWorkspace } from "../commands/pin-workspace.ts";
import { unpinImage } from "../commands/unpin-image.ts";
import { updateAllDigests } from "../commands/update-all-digests.ts";
import { updateDigest } from "../commands/update-digest.ts";
import { updateWorkspaceDigests } from "../commands/update-workspace-digests.ts";
import { invalidParams } from "../guard.ts";
import type { CommandSummary, ImagePosition, WorkspacePins } from "../messages.ts";
import { fieldsOf, numberOf, stringOf, stringsOf } from "../read.ts";
import type { Session } from "../session.ts";

type Arguments = readonly unknown[];
type Outcome = Promise<CommandSummary | null>;
type Command = (session: Session, args: Arguments, signal: AbortSignal) => Outcome;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["dockwright.fixAll", given(textOf, fixAllSafe)],
  ["dockwright.explainRule", given(textOf, explainRule)],
  telling("dockwright.pinAllBaseImages", textOf, pinAllBaseImages),
  telling("dockwright.updateAllDigests", textOf, updateAllDigests),
  telling("dockwright.pinWorkspace", pinsOf, pinWorkspace),
  telling("dockwright.updateWorkspaceDigests", pinsOf, updateWorkspaceDigests),
  telling("dockwright.pinImage", positionOf, pinImage),
  telling("dockwright.updateDigest", positionOf, updateDigest),
  telling("dockwright.unpinImage", positionOf, unpinImage),
]);

export const commandNames: readonly string[] = [...COMMANDS.keys()];

export async function executeCommand(
  session: Session,
  { command, arguments: args = [] }: ExecuteCommandParams,
  signal: AbortSignal,
): Outcome {
  const run = COMMANDS.get(command);
  if (!run) throw invalidParams(`There is no command ${command}`);
  return run(session, args, signal);
}

function given<T>(
  read: (args: Arguments) => T,
  run: (session: Session, argument: T, signal: AbortSignal) => Outcome,
): Command {
  return async (session, args, signal) => run(session, read(args), signal);
}

/** The reasons go to the log. A client that has a command of its own before this one tells the outcome itself. */
function telling<T>(
  name: string,
  read: (args: Arguments) => T,
  run: (session: Session, argument: T, signal: AbortSignal) => Promise<CommandSummary>,
): [string, Command] {
  const command: Command = async (session, args, signal) => {
    const summary = await run(session, read(args), signal);
    const { message, failed } = summary;
    for (const { what, why } of failed) session.connection.console.warn(`${what}: ${why}`);
    if (!session.abilities.ownCommands.has(name))
      session.showMessage(failed.length > 0 ? MessageType.Warning : MessageType.Info, message);
    return summary;
  };
  return [name, command];
}

function textOf([text]: Arguments): string {
  if (typeof text !== "string") throw invalidParams("One text is needed: a document's address or a rule's id");
  return text;
}

function positionOf([uri, position]: Arguments): ImagePosition {
  const fields = fieldsOf(position);
  const [line, character] = [numberOf(fields?.["line"]), numberOf(fields?.["character"])];
  if (typeof uri !== "string" || line === undefined || character === undefined)
    throw invalidParams("A document's address and a position are needed");
  return { uri, position: { line, character } };
}

/** Without folders those of the workspace as it was opened. */
function pinsOf([wish]: Arguments): WorkspacePins {
  const fields = fieldsOf(wish);
  const folders = stringsOf(fields?.["folders"]);
  const progress = stringOf(fields?.["progress"]);
  return { ...(folders && { folders }), ...(progress !== undefined && { progress }) };
}
