/** `dockwright.pinWorkspace`: the digests of today for all images of all Dockerfiles and compose files, as one edit. */
import { allInWorkspace } from "../image-acts/in-workspace.ts";
import type { CommandSummary, WorkspacePins } from "../messages.ts";
import type { Session } from "../session.ts";

export const pinWorkspace = (session: Session, pins: WorkspacePins, signal: AbortSignal): Promise<CommandSummary> =>
  allInWorkspace(session, pins, "pin", signal);
