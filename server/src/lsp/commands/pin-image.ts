/** `dockwright.pinImage`: adds the digest its tag has today to the image at the cursor. */
import type { CommandSummary, ImagePosition } from "../messages.ts";
import type { Session } from "../session.ts";
import { actAtCursor } from "./at-cursor.ts";

export const pinImage = (session: Session, at: ImagePosition, signal: AbortSignal): Promise<CommandSummary> =>
  actAtCursor(session, at, "pin", signal);
