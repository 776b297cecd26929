/**
 * Bearer tokens: fetched from the token server a registry names, with a password (GET) or an identity token (POST), or as nobody.
 * https://distribution.github.io/distribution/spec/auth/token/ and /oauth/
 */
import { registerLogin, registerSecret } from "../redact.ts";
import type { Challenge } from "./challenge.ts";
import type { Credentials } from "./credentials.ts";
import { quote, RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { asText, member, parseObject } from "./json.ts";
import { checkHop } from "./redirect.ts";
import { statusError } from "./status.ts";

export interface Authorization {
  readonly header: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** How the token server is asked: redirects followed, failures retried, size capped. */
export type AskTokenServer = (request: {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<HttpResponse>;

/** The specification's least lifetime; a server that names a shorter one, or none, means this. */
const MIN_SECONDS = 60;
const MAX_SECONDS = 3600;
/** A token is not used in its last moments: the request must arrive before it ends. */
const SPARE_MS = 10_000;
const CLIENT = "dockwright";

export function basicHeader(username: string, password: string): string {
  registerLogin(username, password);
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

export async function fetchToken(
  challenge: Challenge,
  scope: string,
  credentials: Credentials | undefined,
  registry: URL,
  ask: AskTokenServer,
): Promise<Authorization> {
  const realm = realmOf(challenge, registry);
  const service = challenge.params.get("service");
  const common = { ...(service === undefined ? {} : { service }), scope, client_id: CLIENT };

  let response: HttpResponse | undefined;
  if (credentials?.kind === "identity-token") {
    const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: credentials.token, ...common });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    response = await ask({ method: "POST", url: realm, headers, body: form.toString() });
  }
  // Token servers of before OAuth know no POST; there the request is made as nobody.
  if (response === undefined || response.status === 404 || response.status === 405) {
    const login = credentials?.kind === "password" ? credentials : undefined;
    const query = { ...common, ...(login && { account: login.username }) };
    const headers = login ? { authorization: basicHeader(login.username, login.password) } : {};
    response = await ask({ method: "GET", url: withQuery(realm, query), headers });
  }
  if (response.status !== 200) throw statusError(response, `a token for ${registry.host}`);
  return readToken(response);
}

function realmOf(challenge: Challenge, registry: URL): URL {
  const realm = challenge.params.get("realm") ?? "";
  if (!URL.canParse(realm)) {
    const message = `${registry.host} names no usable token server (${quote(realm) || "none"}); report it to its owner`;
    throw new RegistryError("protocol", message);
  }
  const url = new URL(realm);
  checkHop(registry, url, "token server");
  return url;
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const out = new URL(url);
  for (const [name, value] of Object.entries(query)) out.searchParams.set(name, value);
  return out;
}

function readToken({ body, url }: HttpResponse): Authorization {
  const answer = parseObject(body.toString("utf8"));
  const token = asText(member(answer, "token")) ?? asText(member(answer, "access_token"));
  // A header must not be split by what a server says.
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError(
      "protocol",
      `the token server ${url.host} gave no token; try again later, or report it to its owner`,
    );
  }
  registerSecret(token);
  const named = Number(member(answer, "expires_in"));
  const seconds = Math.min(Math.max(Number.isFinite(named) ? named : 0, MIN_SECONDS), MAX_SECONDS);
  return { header: `Bearer ${token}`, until: Date.now() + seconds * 1000 - SPARE_MS };
}
