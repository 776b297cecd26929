/** Adds today's digest to the image at the cursor. */
import { type Parts, runAtCursor } from "./command.ts";

export const pinImage = (parts: Parts, ...at: readonly unknown[]): Promise<void> =>
  runAtCursor(parts, "dockwright.pinImage", at);
