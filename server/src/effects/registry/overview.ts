/** An image at a glance: which platforms there are of it and how large each is, when it was made, and what its labels say. */
import type { Documents, Place } from "./documents.ts";
import { createdIn } from "./image-facts.ts";
import { imagesIn } from "./index-entries.ts";
import { asObject, member } from "./json.ts";
import { layersIn, remoteImage } from "./remote-image.ts";

export interface Overview {
  /** What a pin has: of the index where there is one. */
  readonly digest: string;
  readonly mediaType: string;
  /** Each with its own digest. */
  readonly platforms: readonly PlatformSize[];
  /** ISO 8601, of the image for the platform that was asked for; undefined where its builder put no time there. */
  readonly created: string | undefined;
  readonly labels: ReadonlyMap<string, string>;
}

export interface PlatformSize {
  readonly platform: string;
  readonly digest: string;
  /** Of its layers, compressed, as they are downloaded; undefined where there are too many platforms to look at. */
  readonly bytes: number | undefined;
  readonly layers: number | undefined;
}

/** Each costs a request, which Docker Hub counts as a pull. */
const MOST_PLATFORMS = 16;

/** @throws RegistryError, or the signal's reason */
export async function overviewOf(
  documents: Documents,
  place: Place,
  digest: string,
  preferred: string,
  signal: AbortSignal,
): Promise<Overview> {
  const top = await documents.manifest(place, digest, signal);
  const image = await remoteImage(documents, place, digest, { preferred: [preferred] }, signal);
  const choices = top.isIndex
    ? imagesIn(top.content)
    : [{ platform: image?.platform ?? "unknown/unknown", digest: top.digest }];
  const platforms = await Promise.all(
    choices.map(async (choice, at) => {
      if (at >= MOST_PLATFORMS) return { ...choice, bytes: undefined, layers: undefined };
      const { content } = await documents.manifest(place, choice.digest, signal);
      const layers = layersIn(content, place.endpoint);
      return { ...choice, bytes: layers.reduce((sum, { size }) => sum + size, 0), layers: layers.length };
    }),
  );
  const config = asObject(member(image?.config, "config"));
  const labels = Object.entries(asObject(member(config, "Labels")) ?? {});
  return {
    ...{ digest: top.digest, mediaType: top.mediaType, platforms, created: createdIn(image?.config) },
    labels: new Map(labels.flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : []))),
  };
}
