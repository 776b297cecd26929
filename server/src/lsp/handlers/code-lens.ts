/** `textDocument/codeLens` in compose files: what can be run, where somebody is there to run it. */
import type { CodeLens, CodeLensParams } from "vscode-languageserver/node";
import { lensesOf } from "../../core/features/compose/code-lens.ts";
import { openCompose } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Session } from "../session.ts";

/** The client's, which asks `dockwright/composeCommand` what to run. */
const COMMAND = "dockwright.compose.run";

/** None in a workspace that is not trusted, without an engine, and in editors that have no such command. */
export async function codeLens(session: Session, { textDocument }: CodeLensParams): Promise<CodeLens[] | null> {
  const open = await openCompose(session, textDocument.uri, "codeLens");
  if (!open || !session.abilities.ownCommands.has(COMMAND) || !textDocument.uri.startsWith("file:")) return null;
  if ((await session.composeEngine()) === undefined) return null;
  return lensesOf(open.compose).map(({ span, title, verb, service }) => ({
    range: toRange(open.checked.lines, span),
    command: {
      title,
      command: COMMAND,
      arguments: [verb, textDocument.uri, ...(service === undefined ? [] : [service])],
    },
  }));
}
