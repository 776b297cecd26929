/** Follows redirects by hand, for each one is a server's wish that may not be granted. */
import { guardedLookup, mayLead, reachOfHost } from "./address.ts";
import { RegistryError } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

type Sender = (request: HttpRequest) => Promise<HttpResponse>;

/** @param origin the registry the request is for; its Authorization header goes to the request's own first origin only */
export async function follow(request: HttpRequest, origin: URL, most: number, send: Sender): Promise<HttpResponse> {
  let current = request;
  for (let redirects = 0; ; redirects++) {
    const response = await send(guarded(current, origin));
    if (!REDIRECTS.has(response.status)) return response;
    if (request.method === "POST") throw refused(origin, "a login must not be sent on to another address");
    if (redirects >= most)
      throw new RegistryError("protocol", `${origin.host} redirects without end; report it to its owner`);
    const location = response.headers.location;
    const url =
      location !== undefined && URL.canParse(location, current.url.href)
        ? new URL(location, current.url.href)
        : undefined;
    if (!url) throw refused(origin, "it names no usable address");
    checkHop(origin, url, "redirect");
    current = { ...request, url, headers: url.origin === request.url.origin ? request.headers : anonymous(request) };
  }
}

/** @throws when a registry at `from` may not send us to `to` */
export function checkHop(from: URL, to: URL, what: "redirect" | "token server"): void {
  const plainAllowed = from.protocol === "http:";
  if (to.protocol !== "https:" && !(to.protocol === "http:" && plainAllowed)) {
    throw refused(from, `${to.protocol}// is not https`, what);
  }
  if (to.username !== "" || to.password !== "") throw refused(from, "its address carries a user name", what);
  if (to.hostname !== from.hostname && !mayLead(reachOfHost(from.hostname), reachOfHost(to.hostname))) {
    throw refused(from, `${to.hostname} is not a public address`, what);
  }
}

function refused(from: URL, why: string, what: "redirect" | "token server" = "redirect"): RegistryError {
  return new RegistryError("protocol", `refused the ${what} that ${from.host} names: ${why}; report it to its owner`);
}

const anonymous = ({ headers }: HttpRequest): HttpRequest["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "authorization"));

/** The name of another host is also judged by the addresses it has. */
function guarded(request: HttpRequest, origin: URL): HttpRequest {
  if (request.url.hostname === origin.hostname || reachOfHost(origin.hostname) !== "public") return request;
  return { ...request, lookup: guardedLookup };
}
