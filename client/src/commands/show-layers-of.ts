/** Shows the layers of an image that is chosen, or of an archive or layout that is given. */
import { Uri, window } from "vscode";
import { chooseLayers } from "./choose-layers.ts";
import type { Parts } from "./command.ts";

/** @param given an archive or the folder of a layout */
export async function showLayersOf(parts: Parts, given?: unknown): Promise<void> {
  const source =
    given instanceof Uri
      ? ({ kind: "path", path: given.fsPath } as const)
      : await chooseLayers("Show the layers of which image?");
  if (!source) return;
  // The open file is taken for what it was built from, where its layers fit.
  const document = window.activeTextEditor?.document;
  const uri = document?.languageId === "dockerfile" ? document.uri.toString() : undefined;
  await parts.layers.show({ source, ...(uri !== undefined && { uri }) });
}
