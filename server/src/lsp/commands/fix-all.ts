/** `dockwright.fixAll`: every safe fix of a file as one edit. */
import { fixAll } from "../../core/findings/fix-all.ts";
import { safeFixes } from "../handlers/code-action.ts";
import type { CommandSummary } from "../messages.ts";
import type { Session } from "../session.ts";
import { applyInEditor } from "./apply.ts";

export async function fixAllSafe(session: Session, uri: string): Promise<CommandSummary> {
  const checked = await session.check(uri);
  if (!checked?.inspection) return nothingDone(uri, checked?.notChecked ?? "it is not open, or it is not a Dockerfile");
  const { edits, applied } = fixAll(checked.text, safeFixes(session, checked));
  if (edits.length === 0) return { message: "There is nothing that can be fixed safely", applied: 0, failed: [] };
  const refused = await applyInEditor(session, checked, "Fix all safe problems", edits);
  if (refused !== undefined) return nothingDone(uri, refused);
  return {
    message: `Fixed ${applied.length} ${applied.length === 1 ? "problem" : "problems"}`,
    applied: applied.length,
    failed: [],
  };
}

const nothingDone = (uri: string, why: string): CommandSummary => ({
  message: `Nothing was fixed: ${why}`,
  applied: 0,
  failed: [{ what: uri, why }],
});
