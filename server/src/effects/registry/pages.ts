/** Lists of a registry that come in pages. */
import type { Client, RegistryRequest } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import type { HttpResponse } from "./http.ts";

export interface PageOptions {
  readonly most: number;
  /** For the first. */
  readonly ifNoneMatch?: string;
}

/** Page after page, none twice; whoever asks looks at the status. */
export async function* pagesFrom(
  client: Client,
  endpoint: Endpoint,
  request: RegistryRequest,
  { most, ifNoneMatch }: PageOptions,
  signal: AbortSignal,
): AsyncGenerator<HttpResponse, void> {
  const seen = new Set<string>();
  let route: string | undefined = request.route;
  while (route !== undefined && !seen.has(route) && seen.size < most) {
    const condition = seen.size === 0 && ifNoneMatch !== undefined ? { ifNoneMatch } : {};
    seen.add(route);
    const response: HttpResponse = await client(endpoint, { ...request, ...condition, route }, signal);
    yield response;
    route = nextRoute(response);
  }
}

/** The link is followed as it is written, for its cursor is the registry's own; but only within the registry. */
export function nextRoute({ headers, url }: HttpResponse): string | undefined {
  const link = [headers["link"] ?? []].flat().join(", ");
  const target = /<([^<>]+)>\s*;[^<]*\brel="?next\b/.exec(link)?.[1];
  const next = target !== undefined && URL.canParse(target, url.href) ? new URL(target, url.href) : undefined;
  if (!next || next.origin !== url.origin || !next.pathname.startsWith("/v2/")) return undefined;
  return next.pathname.slice("/v2/".length) + next.search;
}
