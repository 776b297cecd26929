/** `dockwright.updateWorkspaceDigests`: asks anew for every image of the workspace that has a tag and a digest; what moved is one edit. */
import { allInWorkspace } from "../image-acts/in-workspace.ts";
import type { CommandSummary, WorkspacePins } from "../messages.ts";
import type { Session } from "../session.ts";

export const updateWorkspaceDigests = (
  session: Session,
  pins: WorkspacePins,
  signal: AbortSignal,
): Promise<CommandSummary> => allInWorkspace(session, pins, "update", signal);
