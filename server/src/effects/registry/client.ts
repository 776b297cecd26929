/** Asks one endpoint of a registry: scheme, certificates, login, redirects and retries put together. */
import http from "node:http";
import https from "node:https";
import { isLoopback } from "./address.ts";
import { createAuthorize } from "./authorize.ts";
import { type CertificateSource, createCertificates } from "./certificates.ts";
import { findCredentials } from "./credentials.ts";
import { type Endpoint, pathAt } from "./endpoint.ts";
import { quote, RegistryError } from "./errors.ts";
import { type HttpRequest, type HttpResponse, send } from "./http.ts";
import type { Limits } from "./limits.ts";
import { createNotices } from "./notices.ts";
import { follow } from "./redirect.ts";
import { createRetry } from "./retry.ts";

export interface RegistryRequest {
  readonly method: "HEAD" | "GET";
  /** Repository. */
  readonly path: string;
  /** After `/v2/`, query included. */
  readonly route: string;
  readonly accept?: string;
  /** An ETag: the same content is answered with 304 and no body. */
  readonly ifNoneMatch?: string;
  /** Bytes wanted, as the header of that name says it: `bytes=0-99`. */
  readonly range?: string;
  readonly limit: number;
  /** A success comes as a stream; the limit is for the other answers. */
  readonly streamed?: boolean;
}

export interface ClientOptions extends CertificateSource {
  readonly limits: Limits;
  readonly log: (message: string) => void;
}

export type Client = (endpoint: Endpoint, request: RegistryRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** What an http registry gives when it is asked over https: no TLS at its port, or nobody at https' own. */
const NO_TLS_THERE: ReadonlySet<string> = new Set(["EPROTO", "ECONNREFUSED"]);

/** Asks nobody. */
export const offlineClient: Client = ({ host, mirrorOf }, { path }) => {
  const message = `${mirrorOf ?? host}/${path} was not looked up: offline; allow the network to do so`;
  return Promise.reject(new RegistryError("offline", message));
};

export function createClient(options: ClientOptions): Client {
  const { limits, log } = options;
  const retry = createRetry(limits);
  const certificates = createCertificates(options);
  const notices = createNotices(log);
  const agents = new Map<string, http.Agent>();
  const schemes = new Map<string, "https" | "http">();

  const sendOnce = (request: HttpRequest): Promise<HttpResponse> =>
    retry(request.url.host, request.signal, () => send({ ...request, agent: agentFor(request.url) }));

  const authorize = createAuthorize({
    send: (request, origin) => follow(request, origin, limits.redirects, sendOnce),
    credentials: async (loginOf, path, signal) => {
      if (options.trusted) return findCredentials(loginOf, path, options, signal);
      log(`stored logins for ${loginOf} are not read: the workspace is not trusted`);
      return undefined;
    },
    tokenBytes: limits.tokenBytes,
    log,
  });

  return async (endpoint, request, signal) => {
    const known = schemes.get(endpoint.host);
    const [first, second] = known === undefined ? endpoint.schemes : [known];
    try {
      return await ask(first ?? "https", endpoint, request, signal);
    } catch (error) {
      // A certificate that is not trusted is never a reason to go on without TLS.
      if (second === undefined || !(error instanceof RegistryError) || !NO_TLS_THERE.has(error.details.code ?? ""))
        throw error;
      return ask(second, endpoint, request, signal);
    }
  };

  async function ask(
    scheme: "https" | "http",
    endpoint: Endpoint,
    { method, path: asked, route, accept, ifNoneMatch, range, limit, streamed = false }: RegistryRequest,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const path = pathAt(endpoint, asked);
    // A further page has the address that the registry gave it.
    const own = route.startsWith(`${asked}/`) ? `${path}${route.slice(asked.length)}` : route;
    const address = `${scheme}://${endpoint.host}/v2/${own}`;
    // The grammar of references allows ports and addresses that there are not.
    if (!URL.canParse(address)) {
      throw new RegistryError("reference", `${quote(endpoint.host)} is no address of a registry; check its port`);
    }
    const url = new URL(address);
    if (endpoint.mirrorOf !== undefined) url.searchParams.set("ns", endpoint.mirrorOf);
    const headers = {
      ...(accept !== undefined && { accept }),
      ...(ifNoneMatch !== undefined && { "if-none-match": ifNoneMatch }),
      ...(range !== undefined && { range }),
    };
    const request = { method, url, headers, limit, streamed, idleMs: limits.idleMs, signal };
    const response = await authorize({ request, path, loginOf: endpoint.loginOf });
    schemes.set(endpoint.host, scheme);
    notices(endpoint.host, response);
    return response;
  }

  /** One per host, for connections are kept open and the certificates are the host's own. A proxy is not for this machine. */
  function agentFor({ protocol, host }: URL): http.Agent {
    const key = `${protocol}//${host}`;
    const known = agents.get(key);
    if (known) return known;
    const common = { keepAlive: true, ...(isLoopback(host) ? {} : { proxyEnv: options.env }) };
    const agent =
      protocol === "https:"
        ? new https.Agent({ ...common, secureContext: certificates(host), rejectUnauthorized: true })
        : new http.Agent(common);
    agents.set(key, agent);
    return agent;
  }
}
