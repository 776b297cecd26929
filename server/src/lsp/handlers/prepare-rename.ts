/** `textDocument/prepareRename` in compose files and Dockerfiles: what would be renamed, or why it cannot be. */
import { type PrepareRenameParams, type Range, ResponseError, LSPErrorCodes } from "vscode-languageserver/node";
import { type Refusal, renameableAt } from "../../core/features/compose/rename.ts";
import { renameableAt as renameableInDockerfile } from "../../core/features/dockerfile/rename.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function prepareRename(
  session: Session,
  { textDocument, position }: PrepareRenameParams,
  signal: AbortSignal,
): Promise<{ range: Range; placeholder: string } | null> {
  const own = await openDockerfile(session, textDocument.uri, "navigation");
  if (own) {
    const found = renameableInDockerfile(own.dockerfile, toOffset(own.opened.lines, position));
    if (!found) return null;
    if ("refusal" in found) throw refused(found);
    return { range: toRange(own.opened.lines, found.span), placeholder: found.name };
  }
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
