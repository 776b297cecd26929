/** Manifests and configurations by their digest: from the cache, else from the registry, and nothing that is not what the digest says. */
import { createHash } from "node:crypto";
import type { RegistryCache } from "./cache.ts";
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import { type JsonObject, parseObject } from "./json.ts";
import type { Limits } from "./limits.ts";
import { ACCEPT, manifestOf } from "./manifest.ts";
import { statusError } from "./status.ts";

/** What is asked for, and where. */
export interface Place {
  readonly endpoint: Endpoint;
  /** Repository. */
  readonly path: string;
  /** The image as written, for messages. */
  readonly image: string;
}

export interface ManifestDocument {
  readonly digest: string;
  readonly mediaType: string;
  readonly isIndex: boolean;
  /** Bytes. */
  readonly size: number;
  readonly content: JsonObject;
}

export interface Documents {
  /** @throws RegistryError, or the signal's reason */
  manifest(place: Place, digest: string, signal: AbortSignal): Promise<ManifestDocument>;
  /** A configuration: a small blob that is JSON. @throws RegistryError, or the signal's reason */
  config(place: Place, digest: string, signal: AbortSignal): Promise<JsonObject>;
}

export function createDocuments(client: Client, cache: RegistryCache, limits: Limits): Documents {
  const fetched = async (
    kind: "manifests" | "blobs",
    { endpoint, path, image }: Place,
    digest: string,
    signal: AbortSignal,
  ): Promise<{ readonly mediaType: string; readonly body: Buffer }> => {
    const repository = `${endpoint.mirrorOf ?? endpoint.loginOf}/${path}`;
    const kept = await cache.content(repository, digest);
    if (kept && digestLike(digest, kept.body) === digest) return kept;
    const response = await client(
      endpoint,
      {
        ...{ method: "GET", path, route: `${path}/${kind}/${digest}`, limit: limits.manifestBytes },
        ...(kind === "manifests" && { accept: ACCEPT }),
      },
      signal,
    );
    if (response.status !== 200) throw statusError(response, image);
    const { body } = response;
    const mediaType = response.headers["content-type"] ?? "";
    const got = digestLike(digest, body);
    if (got !== digest) {
      // A login page says more than that it has another digest.
      if (kind === "manifests") manifestOf({ host: endpoint.host, mediaType, body });
      const message = `${endpoint.host} was asked for ${digest} and gave ${got}; do not use it, report it`;
      throw new RegistryError("digest", message);
    }
    await cache.keepContent(repository, digest, { mediaType, body });
    return { mediaType, body };
  };

  return {
    async manifest(place, digest, signal) {
      const { mediaType, body } = await fetched("manifests", place, digest, signal);
      return manifestOf({ host: place.endpoint.host, mediaType, body });
    },
    async config(place, digest, signal) {
      const { body } = await fetched("blobs", place, digest, signal);
      return parseObject(body.toString("utf8")) ?? {};
    },
  };
}

/** With the algorithm of that digest. */
function digestLike(digest: string, body: Buffer): string {
  const algorithm = digest.startsWith("sha512:") ? "sha512" : "sha256";
  return `${algorithm}:${createHash(algorithm).update(body).digest("hex")}`;
}
