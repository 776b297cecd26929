/** `dockwright.unpinImage`: takes the digest from the image at the cursor, and asks nobody. */
import type { CommandSummary, ImagePosition } from "../messages.ts";
import type { Session } from "../session.ts";
import { actAtCursor } from "./at-cursor.ts";

export const unpinImage = (session: Session, at: ImagePosition, signal: AbortSignal): Promise<CommandSummary> =>
  actAtCursor(session, at, "unpin", signal);
