/** `textDocument/linkedEditingRange` in Dockerfiles: a stage's name is typed everywhere at once. */
import type { LinkedEditingRangeParams, LinkedEditingRanges } from "vscode-languageserver/node";
import { linkedAt, STAGE_NAME_PATTERN } from "../../core/features/dockerfile/linked-editing.ts";
import { toOffset, toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function linkedEditingRange(
  session: Session,
  { textDocument, position }: LinkedEditingRangeParams,
): Promise<LinkedEditingRanges | null> {
  const open = await openDockerfile(session, textDocument.uri, "linkedEditing");
  if (!open) return null;
  const { lines } = open.opened;
  const spans = linkedAt(open.dockerfile, toOffset(lines, position));
  return spans ? { ranges: spans.map((span) => toRange(lines, span)), wordPattern: STAGE_NAME_PATTERN } : null;
}
