/** An image as its registry describes it: manifest and configuration, each held against its digest. */
import { plainPlatform } from "../../core/model/image-platform.ts";
import type { Documents, Place } from "./documents.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import { imagesIn, type PlatformImage, platformOf } from "./index-entries.ts";
import { asObject, asText, type JsonObject, listOf, member } from "./json.ts";

/** Something a manifest names by its digest. */
export interface Descriptor {
  readonly digest: string;
  /** Bytes as stored. */
  readonly size: number;
  readonly mediaType: string;
  readonly annotations: ReadonlyMap<string, string>;
}

export interface RemoteImage {
  /** Of the manifest of this platform. */
  readonly digest: string;
  /** What the reference leads to: another one where there is an image for each platform. */
  readonly topDigest: string;
  /** `linux/arm64`, by the configuration. */
  readonly platform: string;
  /** All that there are of it. */
  readonly platforms: readonly string[];
  /** The same with their digests, where it is an index. */
  readonly images: readonly PlatformImage[];
  readonly configDigest: string;
  readonly config: JsonObject;
  /** From the lowest. */
  readonly layers: readonly Descriptor[];
}

export interface PlatformWish {
  /** Only this one. */
  readonly platform?: string | undefined;
  /** The first of these that there is, else the first there is. */
  readonly preferred: readonly string[];
}

const DIGEST = /^sha256:[a-f0-9]{64}$/;
const BLOB_DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** Undefined where the digest is of an index without images. */
export async function remoteImage(
  documents: Documents,
  place: Place,
  digest: string,
  { platform, preferred }: PlatformWish,
  signal: AbortSignal,
): Promise<RemoteImage | undefined> {
  const { host } = place.endpoint;
  const top = await documents.manifest(place, digest, signal);
  const choices = top.isIndex ? imagesIn(top.content) : [];
  if (top.isIndex && choices.length === 0) return undefined;
  const chosen = top.isIndex ? choose(choices, platform, preferred) : undefined;
  if (top.isIndex && !chosen) {
    const there = choices.map((each) => each.platform).join(", ");
    throw new RegistryError("not-found", `${host} has no ${place.image} for ${platform}; it has ${there}`);
  }
  const manifest = chosen ? await documents.manifest(place, chosen.digest, signal) : top;
  const configDigest = asText(member(asObject(member(manifest.content, "config")), "digest")) ?? "";
  if (!DIGEST.test(configDigest)) throw new RegistryError("protocol", `${host} sent an image without a configuration`);
  const config = await documents.config(place, configDigest, signal);
  return {
    digest: manifest.digest,
    topDigest: top.digest,
    platform: platformOf(config),
    platforms: top.isIndex ? choices.map((each) => each.platform) : [platformOf(config)],
    images: choices,
    configDigest,
    config,
    layers: layersIn(manifest.content, place.endpoint),
  };
}

function choose(
  choices: readonly PlatformImage[],
  platform: string | undefined,
  preferred: readonly string[],
): PlatformImage | undefined {
  const of = (wanted: string) => choices.find((each) => plainPlatform(each.platform) === plainPlatform(wanted));
  if (platform !== undefined) return of(platform);
  for (const wanted of preferred) {
    const found = of(wanted);
    if (found) return found;
  }
  return choices[0];
}

/** @throws RegistryError */
export function layersIn(manifest: JsonObject, { host }: Endpoint): readonly Descriptor[] {
  return listOf(member(manifest, "layers")).map((each) => {
    const descriptor = asObject(each);
    const digest = asText(member(descriptor, "digest")) ?? "";
    const size = member(descriptor, "size");
    if (!BLOB_DIGEST.test(digest) || typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
      throw new RegistryError(
        "protocol",
        `${host} sent a manifest whose layers have no digest or no size; report it to its owner`,
      );
    const annotations = Object.entries(asObject(member(descriptor, "annotations")) ?? {});
    return {
      ...{ digest, size, mediaType: asText(member(descriptor, "mediaType")) ?? "" },
      annotations: new Map(annotations.flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : []))),
    };
  });
}
