/** Renews every digest of the workspace that its tag does not point at any more, once the counts are confirmed. */
import { pinsOfWorkspace } from "../pins-of-workspace.ts";
import type { Parts } from "./command.ts";

export const updateWorkspaceDigests = (parts: Parts): Promise<void> =>
  pinsOfWorkspace(parts, "dockwright.updateWorkspaceDigests", "Updating digests of the workspace");
