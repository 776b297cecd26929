/** What an image says of itself: the platforms there are of it, and the variables its configuration sets. */
import type { Documents, Place } from "./documents.ts";
import { asObject, type JsonObject, listOf, member } from "./json.ts";
import { remoteImage } from "./remote-image.ts";

export interface ImageFacts {
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platforms: readonly string[];
  /** Names of variables, of the image for linux/amd64 or of the first there is. */
  readonly environment: readonly string[];
}

const USUAL = "linux/amd64";

export async function imageFacts(
  documents: Documents,
  place: Place,
  digest: string,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const found = await remoteImage(documents, place, digest, { preferred: [USUAL] }, signal);
  return { platforms: found?.platforms ?? [], environment: environmentOf(found?.config) };
}

const environmentOf = (config: JsonObject | undefined): readonly string[] =>
  listOf(member(asObject(member(config, "config")), "Env")).flatMap((each) => {
    const name = typeof each === "string" ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(each)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
