/** What an image says of itself: the platforms there are of it, and the variables its configuration sets. */
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { asObject, type JsonObject, member } from "./json.ts";
import type { Limits } from "./limits.ts";
import { remoteImage } from "./remote-image.ts";
import type { ManifestQuery } from "./resolve.ts";

export interface ImageFacts {
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platforms: readonly string[];
  /** Names of variables, of the image for linux/amd64 or of the first there is. */
  readonly environment: readonly string[];
}

const USUAL = "linux/amd64";

export async function imageFacts(
  client: Client,
  endpoint: Endpoint,
  query: ManifestQuery,
  limits: Limits,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const found = await remoteImage(client, endpoint, { ...query, preferred: [USUAL] }, limits, signal);
  return { platforms: found?.platforms ?? [], environment: environmentOf(found?.config) };
}

function environmentOf(config: JsonObject | undefined): readonly string[] {
  const env = member(asObject(member(config, "config")), "Env");
  return (Array.isArray(env) ? env : []).flatMap((each: unknown) => {
    const name = typeof each === "string" ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(each)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
}
