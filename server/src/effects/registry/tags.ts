/** All tags of a repository, page by page. Order is not promised by any registry, nor is there a sign of the last page but its missing link. */
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { member, parseObject } from "./json.ts";
import type { Limits } from "./limits.ts";
import { nextRoute, pagesFrom } from "./pages.ts";
import { etagOf } from "./resolve.ts";
import { statusError } from "./status.ts";

/** The most that every registry allows. */
const PAGE = 1000;

/** What a host said before, and by what it can be asked whether that still is so. */
export interface KnownTags {
  readonly host: string;
  readonly etag: string;
  readonly tags: readonly string[];
}

export interface ListedTags {
  readonly tags: readonly string[];
  readonly host: string;
  /** Where all came on one page. */
  readonly etag: string | undefined;
}

export async function listTags(
  client: Client,
  endpoint: Endpoint,
  path: string,
  limits: Limits,
  signal: AbortSignal,
  known?: KnownTags,
): Promise<ListedTags> {
  const { host } = endpoint;
  const tags = new Set<string>();
  const ifNoneMatch = known?.host === host ? known.etag : undefined;
  let etag: string | undefined;
  for await (const response of pagesFrom(
    client,
    endpoint,
    { method: "GET", path, route: `${path}/tags/list?n=${PAGE}`, limit: limits.tagsBytes },
    { most: limits.tagPages, ...(ifNoneMatch !== undefined && { ifNoneMatch }) },
    signal,
  )) {
    if (response.status === 304 && known) return known;
    if (response.status !== 200) throw statusError(response, `the tags of ${path}`);
    etag = tags.size === 0 && nextRoute(response) === undefined ? etagOf(response.headers) : undefined;
    for (const tag of tagsOf(response)) tags.add(tag);
  }
  return { tags: [...tags], host, etag };
}

function tagsOf({ body, url }: HttpResponse): readonly string[] {
  const content = parseObject(body.toString("utf8"));
  const tags = member(content, "tags");
  // A repository without tags may say null.
  if (content && (tags === null || tags === undefined)) return [];
  if (!Array.isArray(tags)) {
    throw new RegistryError("protocol", `${url.host} sent no list of tags; a proxy or a login page may be in between`);
  }
  return tags.filter((tag) => typeof tag === "string" && /^\w[\w.-]{0,127}$/.test(tag));
}
