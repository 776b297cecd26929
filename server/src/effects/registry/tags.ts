/** All tags of a repository, page by page. Order is not promised by any registry, nor is there a sign of the last page but its missing link. */
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { member, parseObject } from "./json.ts";
import type { Limits } from "./limits.ts";
import { statusError } from "./status.ts";

/** The most that every registry allows. */
const PAGE = 1000;

export async function listTags(
  client: Client,
  endpoint: Endpoint,
  path: string,
  limits: Limits,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let route: string | undefined = `${path}/tags/list?n=${PAGE}`;
  while (route !== undefined && !seen.has(route) && seen.size < limits.tagPages) {
    seen.add(route);
    const request = { method: "GET", path, route, limit: limits.tagsBytes } as const;
    const response: HttpResponse = await client(endpoint, request, signal);
    if (response.status !== 200) throw statusError(response, `the tags of ${path}`);
    for (const tag of tagsOf(response)) tags.add(tag);
    route = nextRoute(response);
  }
  return [...tags];
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

/** The link is followed as it is written, for its cursor is the registry's own; but only within the registry. */
function nextRoute({ headers, url }: HttpResponse): string | undefined {
  const link = [headers["link"] ?? []].flat().join(", ");
  const target = /<([^<>]+)>\s*;[^<]*\brel="?next\b/.exec(link)?.[1];
  const next = target !== undefined && URL.canParse(target, url.href) ? new URL(target, url.href) : undefined;
  if (!next || next.origin !== url.origin || !next.pathname.startsWith("/v2/")) return undefined;
  return next.pathname.slice("/v2/".length) + next.search;
}
