/** What an image says of itself: the platforms there are of it, the variables its configuration sets, when it was made. */
import type { Documents, Place } from "./documents.ts";
import { asObject, asText, type JsonObject, listOf, member } from "./json.ts";
import type { PlatformImage } from "./index-entries.ts";
import { remoteImage } from "./remote-image.ts";

export interface ImageFacts {
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platforms: readonly string[];
  /** Those an index stands for, each with its digest; none where it is one image. */
  readonly images: readonly PlatformImage[];
  /** Names of variables, of the image for linux/amd64 or of the first there is. */
  readonly environment: readonly string[];
  /** ISO 8601; undefined where its builder put no time there. */
  readonly created: string | undefined;
}

const USUAL = "linux/amd64";

export async function imageFacts(
  documents: Documents,
  place: Place,
  digest: string,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const found = await remoteImage(documents, place, digest, { preferred: [USUAL] }, signal);
  return {
    platforms: found?.platforms ?? [],
    images: found?.images ?? [],
    environment: environmentOf(found?.config),
    created: createdIn(found?.config),
  };
}

/** Builders that make the same image each time put a time there that was before there were images. */
const FIRST = Date.parse("2013-01-01");

/** The time of a configuration. */
export function createdIn(config: JsonObject | undefined): string | undefined {
  const created = Date.parse(asText(member(config, "created")) ?? "");
  return created > FIRST ? new Date(created).toISOString() : undefined;
}

const environmentOf = (config: JsonObject | undefined): readonly string[] =>
  listOf(member(asObject(member(config, "config")), "Env")).flatMap((each) => {
    const name = typeof each === "string" ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(each)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
