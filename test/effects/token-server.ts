/** A token server as docker-registry's token authentication wants one: anonymous, with the test's login, and with an identity token. */
import { randomUUID, sign } from "node:crypto";
import { TEST_LOGIN } from "../../scripts/setup/docker-registry.ts";
import { type Identity, pemBody } from "./certificates.ts";
import { type LocalServer, serve } from "./local-server.ts";

export const IDENTITY_TOKEN = "identity-token-of-the-test-user";
export const SERVICE = "test-registry";
export const ISSUER = "test-issuer";

export interface TokenServer extends LocalServer {
  readonly realm: string;
  /** How each request came: `GET anonymous`, `GET password`, `POST identity`, in order. */
  readonly requests: string[];
}

/** Behind its end, the registry takes a token for so long all the same. */
export const LEEWAY_SECONDS = 60;

/**
 * Repositories under `private/` are for the logged in only; nobody is a wrong password.
 *
 * @param seconds how long a token is good for, whatever is said of that
 */
export async function startTokenServer(identity: Identity, seconds = 300): Promise<TokenServer> {
  const requests: string[] = [];
  const server = await serve((request, response, body) => {
    const url = new URL(request.url ?? "/", "http://token.test");
    const form = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
    const login = loginOf(request.headers.authorization, form);
    requests.push(`${request.method} ${login}`);
    if (login === "wrong") {
      response.writeHead(401, { "content-type": "application/json" });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}');
      return;
    }
    const token = tokenFor(form.get("scope") ?? "", login !== "anonymous", identity, seconds);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ [request.method === "POST" ? "access_token" : "token"]: token, expires_in: 300 }));
  });
  return { ...server, realm: `http://${server.host}/token`, requests };
}

function loginOf(authorization: string | undefined, form: URLSearchParams): string {
  if (form.get("grant_type") === "refresh_token") {
    return form.get("refresh_token") === IDENTITY_TOKEN ? "identity" : "wrong";
  }
  if (authorization === undefined) return "anonymous";
  const given = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString();
  return given === `${TEST_LOGIN.username}:${TEST_LOGIN.password}` ? "password" : "wrong";
}

/** https://distribution.github.io/distribution/spec/auth/jwt/ */
function tokenFor(scope: string, known: boolean, { certificate, key }: Identity, seconds: number): string {
  const [type = "", name = "", actions = ""] = scope.split(":");
  const allowed = known || !name.startsWith("private/") ? actions.split(",").filter((action) => action === "pull") : [];
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: "JWT", alg: "ES256", x5c: [pemBody(certificate)] };
  const claims = {
    iss: ISSUER,
    sub: known ? TEST_LOGIN.username : "",
    aud: SERVICE,
    exp: now + seconds,
    nbf: now - LEEWAY_SECONDS - 10,
    iat: now,
    jti: randomUUID(),
    access: scope === "" ? [] : [{ type, name, actions: allowed }],
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}
