/** `textDocument/prepareRename` in compose files: what would be renamed, or why it cannot be. */
import { type PrepareRenameParams, type Range, ResponseError, LSPErrorCodes } from "vscode-languageserver/node";
import { type Refusal, renameableAt } from "../../core/features/compose/rename.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import type { Session } from "../session.ts";

export async function prepareRename(
  session: Session,
  { textDocument, position }: PrepareRenameParams,
  signal: AbortSignal,
): Promise<{ range: Range; placeholder: string } | null> {
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const { lines } = open.checked;
  const offset = toOffset(lines, position);
  // The files around are looked through when there is a new name; this opens a field, and has to be quick.
  const { result } = await withFiles(session, open, { signal, reach: "named" }, (path, files) =>
    renameableAt(path, offset, files),
  );
  if (!result) return null;
  if ("refusal" in result) throw refused(result);
  return { range: toRange(lines, result.span), placeholder: result.name };
}

/** Editors show the message. */
export const refused = ({ refusal }: Refusal): ResponseError<never> =>
  new ResponseError(LSPErrorCodes.RequestFailed, refusal);
