/** The digest a tag points at: a HEAD, which is no pull, and a GET where the HEAD does not tell. */
import type { Client, RegistryRequest } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import type { Limits } from "./limits.ts";
import { ACCEPT, type Manifest, manifestOfBody, manifestOfHead } from "./manifest.ts";
import { statusError } from "./status.ts";

export interface ManifestQuery {
  readonly path: string;
  /** A tag or a digest. */
  readonly reference: string;
  /** The image as written, for messages. */
  readonly image: string;
}

/** What a host said before, and by what it can be asked whether that still is so. */
export interface KnownManifest {
  readonly host: string;
  readonly etag: string;
  readonly manifest: Manifest;
}

export interface ResolvedManifest {
  readonly manifest: Manifest;
  readonly host: string;
  readonly etag: string | undefined;
}

export async function resolveManifest(
  client: Client,
  endpoint: Endpoint,
  { path, reference, image }: ManifestQuery,
  limits: Limits,
  signal: AbortSignal,
  known?: KnownManifest,
): Promise<ResolvedManifest> {
  const { host } = endpoint;
  const route = `${path}/manifests/${reference}`;
  const ifNoneMatch = known?.host === host ? known.etag : undefined;
  const request = (method: RegistryRequest["method"], limit: number) =>
    client(
      endpoint,
      { ...{ method, path, route, accept: ACCEPT, limit }, ...(ifNoneMatch !== undefined && { ifNoneMatch }) },
      signal,
    );
  const still = ({ status }: HttpResponse): ResolvedManifest | undefined =>
    status === 304 && known ? { manifest: known.manifest, host, etag: known.etag } : undefined;
  const found = (manifest: Manifest, { headers }: HttpResponse): ResolvedManifest => ({
    ...{ manifest: checked(manifest, reference, endpoint), host, etag: etagOf(headers) },
  });

  const headed = await request("HEAD", limits.errorBytes);
  const head = manifestOfHead(headed);
  if (head) return found(head, headed);
  const same = still(headed);
  if (same) return same;
  // The answer to a HEAD has no body, so a failure is asked for again to hear its reason.
  const response = await request("GET", limits.manifestBytes);
  if (response.status === 200) return found(manifestOfBody(response), response);
  const unchanged = still(response);
  if (unchanged) return unchanged;
  throw statusError(response, image);
}

/** Whatever it is, it comes back as a header: nothing that could be two. */
export const etagOf = ({ etag }: HttpResponse["headers"]): string | undefined =>
  etag !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : undefined;

function checked(manifest: Manifest, reference: string, { host }: Endpoint): Manifest {
  if (!reference.startsWith("sha256:") || reference === manifest.digest) return manifest;
  const message = `${host} was asked for ${reference} and gave ${manifest.digest}; do not use it, report it`;
  throw new RegistryError("digest", message);
}
