/** `textDocument/rename` in compose files: one edit over all files of the project, undone in one step. */
import { MessageType, type RenameParams, type TextDocumentEdit, type WorkspaceEdit } from "vscode-languageserver/node";
import { renameAt } from "../../core/features/compose/rename.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toTextEdit } from "../convert.ts";
import { contentModified } from "../guard.ts";
import type { Session } from "../session.ts";
import { refused } from "./prepare-rename.ts";

const ANNOTATION = "dockwright.rename";

export async function rename(
  session: Session,
  { textDocument, position, newName }: RenameParams,
  signal: AbortSignal,
): Promise<WorkspaceEdit | null> {
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const offset = toOffset(open.checked.lines, position);
  const { result, file } = await withFiles(session, open, { signal, reach: "around" }, (path, files) =>
    renameAt(path, offset, newName, files),
  );
  if (!result) return null;
  if ("refusal" in result) throw refused(result);
  const changes = [...result.edits].map(([path, edits]) => ({ ...file(path), edits }));
  // Other files were read meanwhile: an open one may have been changed.
  if (changes.some(({ uri, version }) => version !== null && session.open(uri)?.version !== version))
    throw contentModified();
  if (result.left !== undefined) session.showMessage(MessageType.Info, result.left);
  if (!session.abilities.versionedEdits)
    return {
      changes: Object.fromEntries(
        changes.map(({ uri, lines, edits }) => [uri, edits.map((edit) => toTextEdit(lines, edit))]),
      ),
    };
  const { consequence } = result;
  const annotated = consequence !== undefined && session.abilities.annotatedEdits;
  const documentChanges = changes.map(
    ({ uri, version, lines, edits }): TextDocumentEdit => ({
      textDocument: { uri, version },
      edits: edits.map((edit) => ({ ...toTextEdit(lines, edit), ...(annotated && { annotationId: ANNOTATION }) })),
    }),
  );
  if (!annotated) return { documentChanges };
  const annotation = { label: `Rename to ${newName}`, description: consequence, needsConfirmation: true };
  return { documentChanges, changeAnnotations: { [ANNOTATION]: annotation } };
}
