/** `textDocument/rename`: one edit over all files that mean the same by the name, undone in one step. */
import { MessageType, type RenameParams, type TextDocumentEdit, type WorkspaceEdit } from "vscode-languageserver/node";
import { renameAt } from "../../core/features/compose/rename.ts";
import { renameInCompose } from "../../core/features/dockerfile/rename-compose.ts";
import { renameAt as renameInDockerfile } from "../../core/features/dockerfile/rename.ts";
import type { Edit } from "../../core/text/edit.ts";
import { type FileText, openCompose, withFiles } from "../compose-files.ts";
import { toOffset, toTextEdit } from "../convert.ts";
import { openDockerfile, type OpenDockerfile } from "../dockerfile-file.ts";
import { contentModified } from "../guard.ts";
import type { Session } from "../session.ts";
import { refused } from "./prepare-rename.ts";

const ANNOTATION = "dockwright.rename";

export async function rename(
  session: Session,
  params: RenameParams,
  signal: AbortSignal,
): Promise<WorkspaceEdit | null> {
  const { textDocument, position, newName } = params;
  const own = await openDockerfile(session, textDocument.uri, "navigation");
  if (own) return renameFromDockerfile(session, own, params, signal);
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const offset = toOffset(open.checked.lines, position);
  const { result, file } = await withFiles(session, open, { signal, reach: "around" }, (path, files) =>
    renameAt(path, offset, newName, files),
  );
  if (!result) return null;
  if ("refusal" in result) throw refused(result);
  const changes = [...result.edits].map(([path, edits]) => ({ ...file(path), edits }));
  return editOf(session, changes, newName, result);
}

/** The Dockerfile's names, and what compose files that build it say of them. */
async function renameFromDockerfile(
  session: Session,
  { opened, dockerfile }: OpenDockerfile,
  { position, newName }: RenameParams,
  signal: AbortSignal,
): Promise<WorkspaceEdit | null> {
  const { uri, version, lines } = opened;
  const found = renameInDockerfile(dockerfile, toOffset(lines, position), newName);
  if (!found) return null;
  if ("refusal" in found) throw refused(found);
  const { result, file } = await withFiles(session, { checked: opened }, { signal, reach: "around" }, (path, files) =>
    renameInCompose(path, found, newName, files),
  );
  if ("refusal" in result) throw refused(result);
  const changes = [
    { uri, version, lines, edits: found.edits },
    ...[...result.edits].map(([path, edits]) => ({ ...file(path), edits })),
  ];
  const consequences = [found.consequence, result.consequence].filter((each) => each !== undefined);
  return editOf(session, changes, newName, {
    ...(consequences.length > 0 && { consequence: consequences.join(". ") }),
    ...(found.left !== undefined && { left: found.left }),
  });
}

interface Change extends FileText {
  readonly edits: readonly Edit[];
}

interface Told {
  readonly consequence?: string;
  readonly left?: string;
}

function editOf(
  session: Session,
  changes: readonly Change[],
  newName: string,
  { consequence, left }: Told,
): WorkspaceEdit {
  // Other files were read meanwhile: an open one may have been changed.
  if (changes.some(({ uri, version }) => version !== null && session.open(uri)?.version !== version))
    throw contentModified();
  if (left !== undefined) session.showMessage(MessageType.Info, left);
  if (!session.abilities.versionedEdits)
    return {
      changes: Object.fromEntries(
        changes.map(({ uri, lines, edits }) => [uri, edits.map((edit) => toTextEdit(lines, edit))]),
      ),
    };
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
