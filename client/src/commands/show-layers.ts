/** Shows the layers of an image of the engine, tied to the Dockerfile it was built from: after a build, or by name. */
import { engineSource } from "../views/layers/engine-source.ts";
import type { Parts } from "./command.ts";
import { showLayersOf } from "./show-layers-of.ts";

/** @param uri the Dockerfile's address @param target the stage that was built, the last one by default */
export async function showLayers(parts: Parts, image?: unknown, uri?: unknown, target?: unknown): Promise<void> {
  if (typeof image !== "string" || image === "") return showLayersOf(parts);
  const source = await engineSource(image);
  if (!source) return;
  await parts.layers.show({
    source,
    ...(typeof uri === "string" && { uri }),
    ...(typeof target === "string" && { target }),
  });
}
