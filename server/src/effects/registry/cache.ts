/**
 * What registries have said, kept on disk: what a digest names for ever, everything else with the time it was said at. One folder for
 * the editor and the command line. It holds no login, and nothing from it is believed more than an answer of the registry would be.
 */
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "./json.ts";
import { createStore } from "./store.ts";

export interface CacheOptions {
  readonly folder: string;
  /** How long a tag's digest, a list of tags and the like are not asked for again; an hour by default. */
  readonly hours?: number;
  /** Most bytes of the folder. */
  readonly bytes?: number;
}

/** What may be another thing tomorrow. */
export interface Said {
  readonly value: JsonObject;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether that is not so long ago that it has to be asked for again. */
  readonly isFresh: boolean;
  /** Who said it: the registry's host, or a mirror's. */
  readonly host: string | undefined;
  /** For asking the same host whether it is still so. */
  readonly etag: string | undefined;
}

export interface Content {
  readonly mediaType: string;
  readonly body: Buffer;
}

export interface RegistryCache {
  said(what: string): Promise<Said | undefined>;
  keepSaid(what: string, value: JsonObject, from?: { readonly host: string; readonly etag?: string }): Promise<void>;
  /** Whose sha256 is for the reader to check. */
  content(repository: string, digest: string): Promise<Content | undefined>;
  keepContent(repository: string, digest: string, content: Content): Promise<void>;
}

/** Below the person's cache folder. A change of the form goes into a folder of its own. */
export const registryCacheFolder = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), "registry", "v1");

const HOUR_MS = 3_600_000;
const MAX_BYTES = 64 * 1024 ** 2;

/** Without options nothing is kept. */
export function createCache(options: CacheOptions | undefined): RegistryCache {
  if (!options) return NOTHING;
  const { folder, hours = 1, bytes = MAX_BYTES } = options;
  const store = createStore({ folder, bytes });
  return {
    async said(what) {
      const entry = parseObject((await store.read(`said ${what}`)) ?? "");
      const value = asObject(member(entry, "value"));
      const at = member(entry, "at");
      if (!value || typeof at !== "number") return undefined;
      const age = Date.now() - at;
      // A clock that was set back does not make an answer good for years.
      const isFresh = age >= 0 && age < hours * HOUR_MS;
      return { value, at, isFresh, etag: asText(member(entry, "etag")), host: asText(member(entry, "host")) };
    },
    keepSaid: (what, value, from) => store.write(`said ${what}`, JSON.stringify({ at: Date.now(), ...from, value })),
    async content(repository, digest) {
      const entry = parseObject((await store.read(`content ${repository}@${digest}`)) ?? "");
      const body = asText(member(entry, "body"));
      if (body === undefined) return undefined;
      return { mediaType: asText(member(entry, "mediaType")) ?? "", body: Buffer.from(body, "base64") };
    },
    keepContent: (repository, digest, { mediaType, body }) =>
      store.write(`content ${repository}@${digest}`, JSON.stringify({ mediaType, body: body.toString("base64") })),
  };
}

const NOTHING: RegistryCache = {
  said: async () => undefined,
  keepSaid: async () => {},
  content: async () => undefined,
  keepContent: async () => {},
};
