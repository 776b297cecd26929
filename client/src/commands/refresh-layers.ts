/** Reads the image whose layers are shown again: its name may be another image's by now. */
import type { Parts } from "./command.ts";

export async function refreshLayers({ layers }: Parts): Promise<void> {
  await layers.refresh();
}
