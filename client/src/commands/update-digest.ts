/** Asks anew which digest the tag of the image at the cursor has today, and writes it. */
import { type Parts, runAtCursor } from "./command.ts";

export const updateDigest = (parts: Parts, ...at: readonly unknown[]): Promise<void> =>
  runAtCursor(parts, "dockwright.updateDigest", at);
