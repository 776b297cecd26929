/**
 * Makes a request as nobody and, when the registry asks for it, with a bearer token or a password. A stored login that is
 * refused must not hide a public image: then the request is made once more as nobody, and the person is told.
 */
import { type Challenge, parseChallenges } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { RegistryError } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { statusError } from "./status.ts";
import { type Authorization, basicHeader, fetchToken } from "./token.ts";

export interface AuthorizedRequest {
  readonly request: HttpRequest;
  /** Repository path, which is what a token is for. */
  readonly path: string;
  /** Whose login is used, for messages. */
  readonly loginOf: string;
}

export interface AuthorizePorts {
  /** Redirects followed, failures retried. */
  readonly send: (request: HttpRequest, origin: URL) => Promise<HttpResponse>;
  readonly credentials: (loginOf: string, path: string, signal: AbortSignal) => Promise<Credentials | undefined>;
  readonly tokenBytes: number;
  readonly log: (message: string) => void;
}

const MAX_KEPT = 500;

export function createAuthorize(ports: AuthorizePorts): (asked: AuthorizedRequest) => Promise<HttpResponse> {
  const kept = new Map<string, Authorization>();

  return async (asked) => {
    const { request } = asked;
    const origin = new URL("/", request.url);
    const key = `${origin.href} ${asked.path}`;
    const known = kept.get(key);
    const first = await attempt(request, origin, known && known.until > Date.now() ? known : undefined);
    if (first.status !== 401) return first;
    kept.delete(key);

    const challenge = await challengeOf(first, request, origin);
    const stored = await ports.credentials(asked.loginOf, asked.path, request.signal);
    let failure: unknown;
    for (const credentials of stored ? [stored, undefined] : [undefined]) {
      const outcome = await tryWith(challenge, credentials, asked, origin);
      if (!outcome.response) {
        failure ??= outcome.refusal;
        continue;
      }
      if (stored && !credentials) {
        ports.log(
          `${asked.loginOf} refused the stored login but serves ${asked.path} without it; renew it with docker login`,
        );
      }
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(key, outcome.authorization);
      return outcome.response;
    }
    throw failure ?? statusError(first, asked.path);
  };

  function attempt(request: HttpRequest, origin: URL, authorization?: Authorization): Promise<HttpResponse> {
    const headers = authorization ? { ...request.headers, authorization: authorization.header } : request.headers;
    return ports.send({ ...request, headers }, origin);
  }

  /** Some registries challenge only where the protocol says that a client begins. */
  async function challengeOf(response: HttpResponse, request: HttpRequest, origin: URL): Promise<Challenge> {
    const direct = usable(response);
    if (direct) return direct;
    const base = await ports.send(
      { ...request, method: "GET", url: new URL("/v2/", origin), headers: {}, limit: ports.tokenBytes },
      origin,
    );
    const general = usable(base);
    if (general) return general;
    const message = `${origin.host} asks for a login (HTTP 401) without saying how; report it to its owner`;
    throw new RegistryError("unauthorized", message, { status: 401 });
  }

  async function tryWith(
    challenge: Challenge,
    credentials: Credentials | undefined,
    { request, path }: AuthorizedRequest,
    origin: URL,
  ): Promise<{ response: HttpResponse; authorization: Authorization } | { response?: never; refusal?: unknown }> {
    try {
      let authorization = await authorizationFor(challenge, scopeOf(path), credentials, request, origin);
      if (!authorization) return {};
      let response = await attempt(request, origin, authorization);
      const wider = response.status === 401 ? widerScope(response) : undefined;
      if (wider !== undefined) {
        authorization = (await authorizationFor(challenge, wider, credentials, request, origin)) ?? authorization;
        response = await attempt(request, origin, authorization);
      }
      return response.status === 401 ? { refusal: statusError(response, path) } : { response, authorization };
    } catch (error) {
      if (error instanceof RegistryError && error.kind === "unauthorized") return { refusal: error };
      throw error;
    }
  }

  async function authorizationFor(
    challenge: Challenge,
    scope: string,
    credentials: Credentials | undefined,
    { signal, idleMs }: HttpRequest,
    origin: URL,
  ): Promise<Authorization | undefined> {
    if (challenge.scheme === "basic") {
      if (credentials?.kind !== "password") return undefined;
      return { header: basicHeader(credentials.username, credentials.password), until: Number.POSITIVE_INFINITY };
    }
    return fetchToken(challenge, scope, credentials, origin, (request) =>
      ports.send({ ...request, limit: ports.tokenBytes, signal, idleMs }, origin),
    );
  }
}

/** Never more than reading. */
const scopeOf = (path: string): string => `repository:${path}:pull`;

/** The scope a registry says was missing; asked for once. */
function widerScope(response: HttpResponse): string | undefined {
  const challenge = usable(response);
  return challenge?.params.get("error") === "insufficient_scope" ? challenge.params.get("scope") : undefined;
}

/** Bearer before Basic: with a token the password does not travel to the registry each time. */
function usable(response: HttpResponse): Challenge | undefined {
  const challenges = parseChallenges(response.headers["www-authenticate"]);
  return challenges.find(({ scheme }) => scheme === "bearer") ?? challenges.find(({ scheme }) => scheme === "basic");
}
