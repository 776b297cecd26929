/** An image as its registry describes it: manifest and configuration, two or three small requests, each answer held against its digest. */
import { createHash } from "node:crypto";
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "./json.ts";
import type { Limits } from "./limits.ts";
import { ACCEPT, manifestOfBody } from "./manifest.ts";
import type { ManifestQuery } from "./resolve.ts";
import { statusError } from "./status.ts";

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
  readonly configDigest: string;
  readonly config: JsonObject;
  /** From the lowest. */
  readonly layers: readonly Descriptor[];
}

export interface ImageQuery extends ManifestQuery {
  /** Only this one. */
  readonly platform?: string | undefined;
  /** The first of these that there is, else the first there is. */
  readonly preferred: readonly string[];
}

const DIGEST = /^sha256:[a-f0-9]{64}$/;
const BLOB_DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** Undefined where the reference leads to an index without images. */
export async function remoteImage(
  client: Client,
  endpoint: Endpoint,
  { path, reference, image, platform, preferred }: ImageQuery,
  limits: Limits,
  signal: AbortSignal,
): Promise<RemoteImage | undefined> {
  const get = async (route: string, accept?: string): Promise<HttpResponse> => {
    const response = await client(
      endpoint,
      { method: "GET", path, route: `${path}/${route}`, limit: limits.manifestBytes, ...(accept && { accept }) },
      signal,
    );
    if (response.status !== 200) throw statusError(response, image);
    return response;
  };
  const manifestAt = async (where: string) => {
    const response = await get(`manifests/${where}`, ACCEPT);
    const { digest, isIndex } = manifestOfBody(response);
    if (DIGEST.test(where) && where !== digest) throw wrongDigest(endpoint, where, digest);
    return { digest, isIndex, content: parseObject(response.body.toString("utf8")) };
  };

  const top = await manifestAt(reference);
  const choices = top.isIndex ? imagesIn(top.content) : [];
  if (top.isIndex && choices.length === 0) return undefined;
  const chosen = top.isIndex ? choose(choices, platform, preferred) : undefined;
  if (top.isIndex && !chosen) {
    const there = choices.map((each) => each.platform).join(", ");
    throw new RegistryError("not-found", `${endpoint.host} has no ${image} for ${platform}; it has ${there}`);
  }
  const { content, digest } = chosen ? await manifestAt(chosen.digest) : top;
  const configDigest = asText(member(asObject(member(content, "config")), "digest")) ?? "";
  if (!DIGEST.test(configDigest))
    throw new RegistryError("protocol", `${endpoint.host} sent an image without a configuration`);
  const { body } = await get(`blobs/${configDigest}`);
  const got = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  if (got !== configDigest) throw wrongDigest(endpoint, configDigest, got);
  const config = parseObject(body.toString("utf8")) ?? {};
  return {
    digest,
    topDigest: top.digest,
    platform: platformOf(config),
    platforms: top.isIndex ? choices.map((each) => each.platform) : [platformOf(config)],
    configDigest,
    config,
    layers: layersIn(content, endpoint),
  };
}

const wrongDigest = ({ host }: Endpoint, asked: string, got: string): RegistryError =>
  new RegistryError("digest", `${host} was asked for ${asked} and gave ${got}; do not use it, report it`);

interface PlatformImage {
  readonly platform: string;
  readonly digest: string;
}

function choose(
  choices: readonly PlatformImage[],
  platform: string | undefined,
  preferred: readonly string[],
): PlatformImage | undefined {
  const of = (wanted: string) => choices.find((each) => plain(each.platform) === plain(wanted));
  if (platform !== undefined) return of(platform);
  for (const wanted of preferred) {
    const found = of(wanted);
    if (found) return found;
  }
  return choices[0];
}

/** arm64 means its variant v8 as well. */
const plain = (platform: string): string => platform.replace(/^(.*\/arm64)\/v8$/, "$1");

/** Attestations stand in the index as images for `unknown/unknown`. */
function imagesIn(index: JsonObject | undefined): readonly PlatformImage[] {
  return listOf(member(index, "manifests")).flatMap((each) => {
    const digest = asText(member(asObject(each), "digest")) ?? "";
    const platform = platformOf(asObject(member(asObject(each), "platform")));
    return DIGEST.test(digest) && !platform.startsWith("unknown/") ? [{ platform, digest }] : [];
  });
}

function layersIn(manifest: JsonObject | undefined, { host }: Endpoint): readonly Descriptor[] {
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

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const platformOf = (from: JsonObject | undefined): string =>
  [
    asText(member(from, "os")) ?? "unknown",
    asText(member(from, "architecture")) ?? "unknown",
    asText(member(from, "variant")) ?? "",
  ]
    .filter((part) => part !== "")
    .join("/");
