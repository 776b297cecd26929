/** `dockwright.updateDigest`: asks anew which digest the tag of the image at the cursor has, and writes that. */
import type { CommandSummary, ImagePosition } from "../messages.ts";
import type { Session } from "../session.ts";
import { actAtCursor } from "./at-cursor.ts";

export const updateDigest = (session: Session, at: ImagePosition, signal: AbortSignal): Promise<CommandSummary> =>
  actAtCursor(session, at, "update", signal);
