/** Compares the image whose layers are shown with another one, the older. */
import { window } from "vscode";
import { chooseLayers } from "./choose-layers.ts";
import type { Parts } from "./command.ts";

export async function compareLayers({ layers }: Parts): Promise<void> {
  const shown = layers.shown();
  if (!shown) {
    void window.showInformationMessage("Show the layers of an image first, then compare it with another");
    return;
  }
  const source = await chooseLayers("Compare with which older image?");
  if (source) await layers.compareWith({ source });
}
