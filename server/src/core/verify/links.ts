/** The links of an HTML page that lead to the same server. Pure text: nothing is run and nothing is followed here. */

/** Addresses of no file the server has: another scheme, an empty link. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\?|$)/i;
const LINK =
  /<(?:a|link|script|img|iframe|source)\b[^>]{0,2000}?\b(?:href|src)\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s"'>]{1,500}))/gi;
/** Longer pages are not looked through further. */
const MAX_LENGTH = 256 * 1024;

/** Paths with their query, each once, in the order of the page; `at` is the page's own path. */
export function linksIn(html: string, at: string): readonly string[] {
  const found = new Set<string>();
  for (const [, double, single, bare] of html.slice(0, MAX_LENGTH).matchAll(LINK)) {
    const path = pathOf((double ?? single ?? bare ?? "").trim().replaceAll("&amp;", "&"), at);
    if (path !== undefined) found.add(path);
  }
  return [...found];
}

function pathOf(link: string, at: string): string | undefined {
  if (ELSEWHERE.test(link)) return undefined;
  try {
    const { pathname, search } = new URL(link, new URL(at, "http://server/"));
    return `${pathname}${search}`;
  } catch {
    return undefined; // no address at all
  }
}
