/** Hands an edit to the client and says whether it was applied. */
import type { Edit } from "../../core/text/edit.ts";
import { toWorkspaceEdit } from "../convert.ts";
import type { Inspected, Session } from "../session.ts";

/** Undefined when it was applied, otherwise why not. */
export async function applyInEditor(
  session: Session,
  checked: Inspected,
  label: string,
  edits: readonly Edit[],
): Promise<string | undefined> {
  if (!session.abilities.applyEdit) return "this editor does not let a server change files";
  const edit = toWorkspaceEdit(checked, edits, session.abilities);
  const { applied, failureReason } = await session.connection.workspace.applyEdit({ label, edit });
  return applied ? undefined : `the editor did not apply the change${failureReason ? `: ${failureReason}` : ""}`;
}
