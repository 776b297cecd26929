/** Where an image is looked at: a file or folder, an engine's store, a registry. Quickly in outline, or with every file of its layers. */
import { knownLayers, withOrigins } from "./cache.ts";
import { engineImage, engineOutline } from "./engine.ts";
import { readImage } from "./read.ts";
import { registryImage, registryOutline } from "./registry.ts";
import type { ImageSource, Outline, OutlineOptions, SourceImage, SourceOptions } from "./source-types.ts";

export type * from "./source-types.ts";

/** Sizes and history only. @throws ImageError, EngineError, RegistryError; the signal's reason */
export async function outlineOf(source: ImageSource, options: OutlineOptions = {}): Promise<Outline> {
  if (source.kind === "engine") return engineOutline(source, options);
  if (source.kind === "registry") return registryOutline(source, options);
  const { digest, configDigest, platform, names, layers, history } = await readSource(source, options);
  return {
    ...{ digest, configDigest, platform, names, history },
    layers: layers.map((layer) => ({
      ...{ digest: layer.digest, diffId: layer.diffId, compressedBytes: layer.storedSize },
      contentBytes: layer.entries.reduce((sum, { size }) => sum + size, 0),
    })),
    ...{ sizeMeaning: "content", sizeNote: "bytes of the files" },
  };
}

/** Everything. @throws ImageError, EngineError, RegistryError; the signal's reason. By then nothing runs any more. */
export async function readSource(source: ImageSource, options: SourceOptions = {}): Promise<SourceImage> {
  if (source.kind === "engine") return engineImage(source, options);
  if (source.kind === "registry") return registryImage(source, options);
  const { known, spared } = knownLayers(options.cache);
  const { signal, platform, limits, onProgress } = options;
  return withOrigins(await readImage(source.path, { signal, platform, limits, onProgress, known }), spared);
}
