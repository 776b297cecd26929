/** Adds today's digest to every image of the workspace, once its counts are confirmed. */
import { pinsOfWorkspace } from "../pins-of-workspace.ts";
import type { Parts } from "./command.ts";

export const pinWorkspace = (parts: Parts): Promise<void> =>
  pinsOfWorkspace(parts, "dockwright.pinWorkspace", "Pinning images of the workspace");
