/** Shows the layers without what they are compared with. */
import type { Parts } from "./command.ts";

export async function endLayerComparison({ layers }: Parts): Promise<void> {
  layers.endComparison();
}
