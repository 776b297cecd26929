/** Closes the image whose layers are shown. */
import type { Parts } from "./command.ts";

export async function closeLayers({ layers }: Parts): Promise<void> {
  layers.close();
}
