/** Takes the digest from the image at the cursor. */
import { type Parts, runAtCursor } from "./command.ts";

export const unpinImage = (parts: Parts, ...at: readonly unknown[]): Promise<void> =>
  runAtCursor(parts, "dockwright.unpinImage", at);
