/** The digest a tag points at: a HEAD, which is no pull, and a GET where the HEAD does not tell. */
import type { Client, RegistryRequest } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
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

export async function resolveManifest(
  client: Client,
  endpoint: Endpoint,
  { path, reference, image }: ManifestQuery,
  limits: Limits,
  signal: AbortSignal,
): Promise<Manifest> {
  const route = `${path}/manifests/${reference}`;
  const request = (method: RegistryRequest["method"], limit: number) =>
    client(endpoint, { method, path, route, accept: ACCEPT, limit }, signal);

  const head = manifestOfHead(await request("HEAD", limits.errorBytes));
  if (head) return checked(head, reference, endpoint);
  // The answer to a HEAD has no body, so a failure is asked for again to hear its reason.
  const response = await request("GET", limits.manifestBytes);
  if (response.status !== 200) throw statusError(response, image);
  return checked(manifestOfBody(response), reference, endpoint);
}

function checked(manifest: Manifest, reference: string, { host }: Endpoint): Manifest {
  if (!reference.startsWith("sha256:") || reference === manifest.digest) return manifest;
  const message = `${host} was asked for ${reference} and gave ${manifest.digest}; do not use it, report it`;
  throw new RegistryError("digest", message);
}
