/** The registry effect against servers that misbehave: each gives a clear error of its kind, in time, and learns no secret. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { RegistryErrorKind } from "../../server/src/effects/registry/errors.ts";
import { RegistryError } from "../../server/src/effects/registry/errors.ts";
import { createRegistry, type RegistryOptions } from "../../server/src/effects/registry/registry.ts";
import { createAuthority } from "./certificates.ts";
import { type LocalServer, serve, serveBytes } from "./local-server.ts";

const TYPE = "application/vnd.oci.image.manifest.v1+json";
const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: TYPE,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"0".repeat(64)}`, size: 2 },
    layers: [],
  }),
);
const DIGEST = `sha256:${createHash("sha256").update(MANIFEST).digest("hex")}`;
const OTHER_DIGEST = `sha256:${"f".repeat(64)}`;

const PASSWORD = "correct-horse-battery";
const BASIC = `Basic ${Buffer.from(`someone:${PASSWORD}`).toString("base64")}`;
const TOKEN = "token-that-must-stay-secret";

/** Short, so that a server which never ends costs the test a second or two. */
const LIMITS = { idleMs: 1000, totalMs: 2500, retryMs: 5, maxWaitMs: 1500 };

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly head: boolean;
  /** How often this repository was asked before. */
  readonly times: number;
}

type Behaviour = (visit: Visit) => void;

const reply =
  (status: number, headers: Readonly<Record<string, string>> = {}, body: string | Buffer = ""): Behaviour =>
  ({ response, head }) => {
    response.writeHead(status, headers);
    response.end(head ? undefined : body);
  };

const manifest = (headers: Readonly<Record<string, string>> = {}): Behaviour =>
  reply(200, { "content-type": TYPE, "docker-content-digest": DIGEST, ...headers }, MANIFEST);
const manifestWithoutDigest = (headers: Readonly<Record<string, string>> = {}): Behaviour =>
  reply(200, { "content-type": TYPE, ...headers }, MANIFEST);

const ifHead =
  (forHead: Behaviour, forGet: Behaviour): Behaviour =>
  (visit) =>
    (visit.head ? forHead : forGet)(visit);

const first =
  (times: number, before: Behaviour, then: Behaviour): Behaviour =>
  (visit) =>
    (visit.times < times ? before : then)(visit);

const withToken =
  (challenge: string, inside: Behaviour = manifest()): Behaviour =>
  (visit) => {
    const allowed = visit.request.headers.authorization === `Bearer ${TOKEN}`;
    (allowed ? inside : reply(401, { "www-authenticate": challenge }))(visit);
  };

let server: LocalServer;
let stranger: LocalServer;
let raw: LocalServer;
/** Authorization headers that came to the server which must see none. */
const strangerSaw: string[] = [];

const json = { "content-type": "application/json" };
const html = { "content-type": "text/html" };
const realm = (path: string) => `http://${server.host}/token-${path}`;
const bearer = (path: string) => `Bearer realm="${realm(path)}",service="test"`;
const goTo =
  (location: () => string): Behaviour =>
  (visit) =>
    reply(307, { location: location() })(visit);

interface Row {
  readonly is: Behaviour;
  /** The error, or nothing when the digest must be found all the same. */
  readonly fails?: readonly [kind: RegistryErrorKind, message: RegExp];
}

const rows: Readonly<Record<string, Row>> = {
  // Content
  good: { is: manifest() },
  "no-digest-header": { is: manifestWithoutDigest() },
  "head-405": { is: ifHead(reply(405), manifest()) },
  "head-500": { is: ifHead(reply(500), manifest()) },
  "head-digest-malformed": { is: ifHead(manifest({ "docker-content-digest": "banana" }), manifest()) },
  charset: { is: manifest({ "content-type": `${TYPE}; charset=utf-8` }) },
  "octet-stream": { is: manifestWithoutDigest({ "content-type": "application/octet-stream" }) },
  gzip: { is: reply(200, { "content-type": TYPE, "content-encoding": "gzip" }, gzipSync(MANIFEST)) },
  "gzip-broken": {
    is: reply(200, { "content-type": TYPE, "content-encoding": "gzip" }, "no gzip"),
    fails: ["protocol", /could not be decoded/],
  },
  "gzip-bomb": {
    is: reply(200, { "content-type": TYPE, "content-encoding": "gzip" }, gzipSync(Buffer.alloc(64 << 20))),
    fails: ["too-large", /over 4194304 bytes/],
  },
  "unknown-encoding": {
    is: reply(200, { "content-type": TYPE, "content-encoding": "pigeon" }, MANIFEST),
    fails: ["protocol", /could not be decoded/],
  },
  "digest-of-other-body": {
    is: manifestWithoutDigest({ "docker-content-digest": OTHER_DIGEST, "content-type": "application/octet-stream" }),
    fails: ["digest", /says it is sha256:ffff.*do not use it/],
  },
  html: {
    is: reply(200, html, "<html>Please log in to the Wi-Fi</html>"),
    fails: ["protocol", /text\/html.*login page/],
  },
  "garbage-body": {
    is: reply(200, { "content-type": TYPE }, "\u0000\u0001{{{"),
    fails: ["protocol", /no image manifest/],
  },
  "empty-body": { is: reply(200, { "content-type": TYPE }), fails: ["protocol", /no image manifest/] },
  "wrong-content-type": { is: reply(200, html, MANIFEST), fails: ["protocol", /text\/html that is no image manifest/] },
  "index-without-manifests": {
    is: reply(
      200,
      { "content-type": "application/vnd.oci.image.index.v1+json" },
      '{"schemaVersion":2,"manifests":"none"}',
    ),
    fails: ["protocol", /no image manifest/],
  },
  "schema-1": {
    is: reply(
      200,
      { "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws" },
      '{"schemaVersion":1}',
    ),
    fails: ["protocol", /schema 1.*push it anew/],
  },

  // Size and time
  "huge-length": {
    is: ifHead(reply(200), ({ response }) => {
      response.writeHead(200, { "content-type": TYPE, "content-length": "10000000000" });
      response.write("{");
    }),
    fails: ["too-large", /over 4194304 bytes/],
  },
  endless: {
    is: ifHead(reply(200), ({ response }) => {
      response.writeHead(200, { "content-type": TYPE });
      const more = () => {
        if (!response.destroyed) response.write(Buffer.alloc(1 << 18, 32), () => setImmediate(more));
      };
      more();
    }),
    fails: ["too-large", /over 4194304 bytes/],
  },
  silent: { is: () => {}, fails: ["timeout", /silent for 1 s.*try again later/] },
  drip: {
    is: ifHead(reply(200), ({ response }) => {
      response.writeHead(200, { "content-type": TYPE });
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    }),
    fails: ["timeout", /took over 2\.5 s/],
  },

  // Statuses
  "not-found": {
    is: reply(404, json, '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}'),
    fails: ["not-found", /HTTP 404, MANIFEST_UNKNOWN: manifest unknown.*check the name/],
  },
  teapot: { is: reply(418), fails: ["protocol", /HTTP 418.*check the registry's address/] },
  denied: {
    is: reply(
      403,
      json,
      JSON.stringify({ errors: [{ code: "DENIED", message: "\u001b[31mred\u202Eevil\u0007\n[x](command:x)" }] }),
    ),
    fails: ["unauthorized", /HTTP 403, DENIED: \[31mred evil \[x\]\(command:x\)\)/],
  },
  "long-message": {
    is: reply(403, json, JSON.stringify({ errors: [{ code: "DENIED", message: "x".repeat(5000) }] })),
    fails: ["unauthorized", /^.{1,500}$/],
  },
  "server-error": { is: reply(500), fails: ["network", /HTTP 500.*try again later/] },
  "unavailable-twice": { is: first(2, reply(503), manifest()) },
  "failing-twice": { is: first(2, reply(500), manifest()) },
  "reset-once": { is: first(1, ({ response }) => response.destroy(), manifest()) },
  "cut-in-the-middle": {
    is: ifHead(reply(200), ({ response }) => {
      response.writeHead(200, { "content-type": TYPE, "content-length": String(MANIFEST.length) });
      response.write(MANIFEST.subarray(0, 20), () => setTimeout(() => response.destroy(), 20));
    }),
    fails: ["network", /closed the connection \(ECONNRESET\); try again later/],
  },
  "cut-once": {
    is: first(
      2,
      ifHead(reply(200), ({ response }) => {
        response.writeHead(200, { "content-type": TYPE, "content-length": String(MANIFEST.length) });
        response.write(MANIFEST.subarray(0, 20), () => setTimeout(() => response.destroy(), 20));
      }),
      manifest(),
    ),
  },
  "reset-always": {
    is: ({ response }) => response.destroy(),
    fails: ["network", /closed the connection \(ECONNRESET\)/],
  },

  // Redirects
  "redirect-loop": {
    is: ({ request, response }) => {
      response.writeHead(302, { location: request.url });
      response.end();
    },
    fails: ["protocol", /redirects without end/],
  },
  "redirect-file": { is: goTo(() => "file:///etc/passwd"), fails: ["protocol", /file:\/\/ is not https/] },
  "redirect-nowhere": { is: reply(302), fails: ["protocol", /no usable address/] },
  "redirect-metadata": {
    is: goTo(() => "http://169.254.169.254/latest"),
    fails: ["protocol", /169\.254\.169\.254 is not a public address/],
  },
  "redirect-userinfo": { is: goTo(() => `http://a:b@${server.host}/x`), fails: ["protocol", /carries a user name/] },
  "redirect-other-host": { is: goTo(() => `http://${stranger.host}/manifest`) },
  "login-then-redirect": {
    is: (visit) => {
      const known = visit.request.headers.authorization === BASIC;
      const next = known
        ? goTo(() => `http://${stranger.host}/manifest`)
        : reply(401, { "www-authenticate": 'Basic realm="x"' });
      next(visit);
    },
  },

  // Logins
  "no-challenge": { is: reply(401), fails: ["unauthorized", /without saying how/] },
  "unknown-challenge": {
    is: reply(401, { "www-authenticate": "Negotiate" }),
    fails: ["unauthorized", /without saying how/],
  },
  "wrong-password": {
    is: reply(401, { "www-authenticate": 'Basic realm="x"' }),
    fails: ["unauthorized", /HTTP 401.*log in with docker login/],
  },
  "several-challenges": {
    is: (visit) =>
      withToken(`Negotiate, Bearer realm="${realm("good")}?x=1",service="a, \\"b\\"", Basic realm="y"`)(visit),
  },
  "access-token": { is: (visit) => withToken(bearer("access"))(visit) },
  "wider-scope": {
    is: (visit) => {
      const { authorization } = visit.request.headers;
      const error = ',error="insufficient_scope",scope="repository:other:pull"';
      if (authorization === "Bearer wide-token-for-other") return manifest()(visit);
      return reply(401, { "www-authenticate": `${bearer("wide")}${authorization ? error : ""}` })(visit);
    },
  },
  "token-never-enough": {
    is: (visit) => reply(401, { "www-authenticate": bearer("good") })(visit),
    fails: ["unauthorized", /HTTP 401/],
  },
  "token-realm-file": {
    is: reply(401, { "www-authenticate": 'Bearer realm="file:///etc/passwd"' }),
    fails: ["protocol", /refused the token server.*not https/],
  },
  "token-realm-metadata": {
    is: reply(401, { "www-authenticate": 'Bearer realm="http://169.254.169.254/latest"' }),
    fails: ["protocol", /refused the token server.*not a public address/],
  },
  "token-realm-userinfo": {
    is: (visit) => reply(401, { "www-authenticate": `Bearer realm="http://me:${PASSWORD}@${server.host}/x"` })(visit),
    fails: ["protocol", /carries a user name/],
  },
  "token-realm-missing": {
    is: reply(401, { "www-authenticate": 'Bearer service="x"' }),
    fails: ["protocol", /names no usable token server/],
  },
  "token-huge": { is: (visit) => withToken(bearer("huge"))(visit), fails: ["too-large", /over 65536 bytes/] },
  "token-html": { is: (visit) => withToken(bearer("html"))(visit), fails: ["protocol", /gave no token/] },
  "token-with-newline": { is: (visit) => withToken(bearer("newline"))(visit), fails: ["protocol", /gave no token/] },
  "token-redirect": {
    is: (visit) => withToken(bearer("redirect"))(visit),
    fails: ["protocol", /169\.254\.169\.254 is not a public address/],
  },
  "echoes-login": {
    is: (visit) => {
      const { authorization } = visit.request.headers;
      if (authorization === undefined) return reply(401, { "www-authenticate": 'Basic realm="x"' })(visit);
      const message = `no access with ${authorization} (${PASSWORD})`;
      return reply(403, json, JSON.stringify({ errors: [{ code: "DENIED", message }] }))(visit);
    },
    fails: ["unauthorized", /no access with .*redacted/],
  },
  "echoes-token": {
    is: (visit) =>
      withToken(bearer("good"), (inner) =>
        reply(403, json, JSON.stringify({ errors: [{ code: "DENIED", message: `token=${TOKEN}` }] }))(inner),
      )(visit),
    fails: ["unauthorized", /redacted/],
  },
};

const tokenAnswers: Readonly<Record<string, Behaviour>> = {
  good: reply(200, json, JSON.stringify({ token: TOKEN, expires_in: 60 })),
  access: reply(200, json, JSON.stringify({ access_token: TOKEN, expires_in: "soon" })),
  wide: (visit) => {
    const scope = new URL(visit.request.url ?? "/", "http://x").searchParams.get("scope") ?? "";
    reply(200, json, JSON.stringify({ token: `wide-token-for-${scope.split(":")[1]}` }))(visit);
  },
  huge: reply(200, json, JSON.stringify({ token: "x".repeat(1 << 20) })),
  html: reply(200, html, "<html>"),
  newline: reply(200, json, JSON.stringify({ token: "a\r\nx-evil: 1" })),
  redirect: reply(302, { location: "http://169.254.169.254/token" }),
};

const visits = new Map<string, number>();

describe("hostile registries", () => {
  before(async () => {
    server = await serve((request, response, body) => {
      const url = new URL(request.url ?? "/", "http://x");
      const visit = (times: number) => ({ request, response, body, times, head: request.method === "HEAD" });
      const token = /^\/token-(\w+)/.exec(url.pathname)?.[1];
      if (token !== undefined) return (tokenAnswers[token] ?? reply(404))(visit(0));
      const name = /^\/v2\/([^/]+)\/manifests\//.exec(url.pathname)?.[1] ?? "";
      const times = visits.get(name) ?? 0;
      visits.set(name, times + 1);
      return (rows[name]?.is ?? reply(404))(visit(times));
    });
    stranger = await serve((request, response) => {
      if (request.headers.authorization !== undefined) strangerSaw.push(request.headers.authorization);
      response.writeHead(200, { "content-type": TYPE, "docker-content-digest": DIGEST });
      response.end(request.method === "HEAD" ? undefined : MANIFEST);
    });
    raw = await serveBytes("SSH-2.0-OpenSSH_9.2\r\n");
  });

  after(async () => {
    for (const running of [server, stranger, raw]) await running?.[Symbol.asyncDispose]();
  });

  function registry(options: Partial<RegistryOptions> = {}) {
    const logged: string[] = [];
    const login = { auth: BASIC.replace("Basic ", "") };
    const DOCKER_AUTH_CONFIG = JSON.stringify({ auths: { [server.host]: login } });
    const log = (message: string) => logged.push(message);
    const home = "/nonexistent";
    return {
      ...createRegistry({ trusted: true, env: { DOCKER_AUTH_CONFIG }, home, log, limits: LIMITS, ...options }),
      logged,
    };
  }

  /** The size is what a HEAD says, if it says it. */
  const assertFound = (outcome: unknown): void => {
    assert.ok(typeof outcome === "object" && outcome !== null && !(outcome instanceof Error), `${outcome}`);
    assert.deepEqual({ ...outcome, size: 0 }, { digest: DIGEST, mediaType: TYPE, isIndex: false, size: 0 });
  };
  const settle = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

  for (const [name, { fails }] of Object.entries(rows)) {
    test(`a registry that is ${name}`, async () => {
      const { resolveDigest, digest, existence, logged } = registry();
      const image = `${server.host}/${name}:1`;
      const started = Date.now();
      const outcome = await settle(resolveDigest(image));
      const took = Date.now() - started;
      assert.ok(took < LIMITS.totalMs + 1500, `${took} ms: ends in time, with what a busy machine takes besides`);
      const there = await existence(image);
      if (!fails || name === "not-found") assert.equal(there, fails ? "no" : "yes");
      else assert.ok(typeof there === "object", "only a registry that says so has no such image");
      if (!fails) {
        assertFound(outcome);
      } else {
        assert.ok(outcome instanceof RegistryError, `${outcome}`);
        assert.equal(outcome.kind, fails[0], outcome.message);
        assert.match(outcome.message, fails[1]);
        assert.doesNotMatch(outcome.message, /[\p{Cc}\p{Cf}]/u);
        assert.deepEqual(await digest(image), { unknown: outcome.message });
      }
      for (const text of [outcome instanceof Error ? outcome.message + outcome.stack : "", ...logged]) {
        for (const secret of [PASSWORD, TOKEN, BASIC.replace("Basic ", "")]) assert.ok(!text.includes(secret), text);
      }
    });
  }

  test("no login went to another host", () => {
    assert.deepEqual(strangerSaw, []);
  });

  const limited: Readonly<Record<string, { header: () => string; found: boolean }>> = {
    "a second": { header: () => "1", found: true },
    "a date soon": { header: () => new Date(Date.now() + 1400).toUTCString(), found: true },
    "an hour": { header: () => "3600", found: false },
    "a date far off": { header: () => new Date(Date.now() + 3_600_000).toUTCString(), found: false },
  };

  for (const [name, { header, found }] of Object.entries(limited)) {
    test(`429 with Retry-After of ${name}`, async () => {
      let requests = 0;
      await using busy = await serve((request, response, body) => {
        const behaviour = requests++ === 0 ? reply(429, { "retry-after": header() }) : manifest();
        behaviour({ request, response, body, head: request.method === "HEAD", times: 0 });
      });
      const { resolveDigest } = registry({ limits: { ...LIMITS, totalMs: 5000 } });
      const outcome = await settle(resolveDigest(`${busy.host}/a:1`));
      if (found) {
        assertFound(outcome);
        return;
      }
      assert.ok(outcome instanceof RegistryError, `${outcome}`);
      assert.equal(outcome.kind, "rate-limited");
      assert.match(outcome.message, /takes no more requests until \d\d:\d\d/);
      const other = await settle(resolveDigest(`${busy.host}/b:1`));
      assert.equal(
        other instanceof RegistryError && other.kind,
        "rate-limited",
        "the host is left alone for another image too",
      );
      assert.equal(requests, 1);
    });
  }

  test("429 without Retry-After is tried again, then rate-limited", async () => {
    let requests = 0;
    await using busy = await serve((_request, response) => {
      requests++;
      response.writeHead(429);
      response.end();
    });
    const outcome = await settle(registry().resolveDigest(`${busy.host}/a:1`));
    assert.equal(outcome instanceof RegistryError && outcome.kind, "rate-limited");
    assert.equal(requests, 3);
  });

  const unreachable: readonly (readonly [
    what: string,
    image: () => string,
    kind: RegistryErrorKind,
    message: RegExp,
  ])[] = [
    [
      "nobody listens",
      () => "127.0.0.1:1/a:1",
      "network",
      /refused the connection \(ECONNREFUSED\); check that the registry is running/,
    ],
    [
      "the name is unknown",
      () => "registry.invalid/a:1",
      "network",
      /registry\.invalid cannot be found .*check the registry's name/,
    ],
    ["the port speaks something else", () => `${raw.host}/a:1`, "protocol", /did not answer in HTTP/],
  ];

  test("no registry there at all", async () => {
    for (const [what, image, kind, message] of unreachable) {
      const error = await settle(registry().resolveDigest(image()));
      assert.ok(error instanceof RegistryError, what);
      assert.equal(error.kind, kind, `${what}: ${error.message}`);
      assert.match(error.message, message);
    }
  });

  test("certificates: unknown authority, another name, expired; none is passed over by going to http", async () => {
    const authority = createAuthority("Hostile test CA");
    const past = { from: new Date(Date.now() - 20 * 86_400_000), to: new Date(Date.now() - 86_400_000) };
    const table = [
      [authority.issue({ ip: ["127.0.0.1"] }), [], /unknown authority .*NODE_EXTRA_CA_CERTS/],
      [authority.issue({ dns: ["other.example"] }), [authority.certificate], /certificate for another name/],
      [authority.issue({ ip: ["127.0.0.1"] }, past), [authority.certificate], /not valid now.*clock/],
    ] as const;
    for (const [identity, ca, message] of table) {
      let requests = 0;
      await using secure = await serve((_request, response) => {
        requests++;
        response.end();
      }, identity);
      const error = await settle(registry({ ca }).resolveDigest(`${secure.host}/a:1`));
      assert.ok(error instanceof RegistryError, `${error}`);
      assert.equal(error.kind, "tls", error.message);
      assert.match(error.message, message);
      assert.equal(requests, 0);
    }
  });

  test("what is no image of a registry, and what is offline, is not asked for", async () => {
    const asked = registry();
    for (const [image, message] of [
      ["Alpine", /names no image: .*must be lowercase; did you mean alpine\?/],
      ["", /an empty text names no image/],
      ["scratch", /empty base/],
      ["a.example:99999/a", /a\.example:99999 is no address of a registry; check its port/],
      ["a\u202Eb", /^a b names no image: invalid reference format$/],
    ] as const) {
      const error = await settle(asked.resolveDigest(image));
      assert.equal(error instanceof RegistryError && error.kind, "reference", image);
      assert.match(String(error), new RegExp(message.source.replace(/^\^/, "")));
    }
    const error = await settle(registry({ offline: true }).resolveDigest(`${server.host}/good:1`));
    assert.equal(error instanceof RegistryError && error.kind, "offline");
  });

  test("asked for a digest, another content is refused", async () => {
    const error = await settle(registry().resolveDigest(`${server.host}/good@${OTHER_DIGEST}`));
    assert.equal(error instanceof RegistryError && error.kind, "digest");
    assert.equal(await registry().digest(`${server.host}/good@${DIGEST}`), DIGEST);
  });

  test("one question is asked once, kept, and its failure too", async () => {
    const { digest } = registry();
    const asked = () => visits.get("good") ?? 0;
    const from = asked();
    const image = `${server.host}/good:1`;
    const answers = await Promise.all([digest(image), digest(image), digest(`${server.host}/good:1@${OTHER_DIGEST}`)]);
    assert.deepEqual(answers, [DIGEST, DIGEST, DIGEST]);
    assert.equal(await digest(image), DIGEST);
    assert.equal(asked() - from, 1);

    const missing = `${server.host}/not-found:1`;
    await digest(missing);
    const before = visits.get("not-found");
    await digest(missing);
    assert.equal(visits.get("not-found"), before);
  });

  test("whoever cancels gets the signal's reason at once; the request ends when nobody waits", async () => {
    let closed = 0;
    let open = 0;
    await using slow = await serve((_request, response) => {
      open++;
      response.on("close", () => closed++);
    });
    const { digest } = registry({ limits: { ...LIMITS, idleMs: 5000, totalMs: 10_000 } });
    const one = new AbortController();
    const two = new AbortController();
    const waiting = [one, two].map(({ signal }) => settle(digest(`${slow.host}/a:1`, signal)));
    while (open === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    one.abort(new Error("first left"));
    assert.equal(String(await waiting[0]), "Error: first left");
    assert.equal(closed, 0);
    const left = Date.now();
    two.abort(new Error("second left"));
    assert.equal(String(await waiting[1]), "Error: second left");
    while (closed === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(Date.now() - left < 2000, "the request ends before its own time is up");
    assert.equal(open, 1);
    await assert.rejects(digest(`${slow.host}/a:1`, AbortSignal.abort(new Error("too late"))), /too late/);
  });

  test("at most six requests to a host at once", async () => {
    let now = 0;
    let most = 0;
    await using counting = await serve((request, response, body) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        manifest()({ request, response, body, head: request.method === "HEAD", times: 0 });
      }, 30);
    });
    const { digest } = registry();
    const found = await Promise.all(Array.from({ length: 24 }, (_, at) => digest(`${counting.host}/a${at}:1`)));
    assert.ok(found.every((answer) => answer === DIGEST));
    assert.equal(most, 6);
  });

  test("waiting behind other images does not use up an image's own time", async () => {
    await using slow = await serve((request, response, body) => {
      setTimeout(() => manifest()({ request, response, body, head: request.method === "HEAD", times: 0 }), 200);
    });
    const { digest } = registry({ limits: { ...LIMITS, totalMs: 1200 } });
    const found = await Promise.all(Array.from({ length: 30 }, (_, at) => digest(`${slow.host}/a${at}:1`)));
    assert.deepEqual(
      found,
      Array.from({ length: 30 }, () => DIGEST),
    );
  });

  test("whoever waits behind other images may leave", async () => {
    await using silent = await serve(() => {});
    const { digest } = registry({ limits: { ...LIMITS, idleMs: 5000, totalMs: 5000 } });
    const stop = new AbortController();
    const asked = Array.from({ length: 9 }, (_, at) => settle(digest(`${silent.host}/a${at}:1`, stop.signal)));
    const started = Date.now();
    setTimeout(() => stop.abort(new Error("left")), 100);
    assert.deepEqual(
      (await Promise.all(asked)).map(String),
      Array.from({ length: 9 }, () => "Error: left"),
    );
    assert.ok(Date.now() - started < 2000);
  });

  test("a proxy of the environment is used, also for TLS with an own CA, and not for this machine", async () => {
    const authority = createAuthority("Proxied test CA");
    const through: string[] = [];
    const visit = (request: IncomingMessage, response: ServerResponse) =>
      manifest()({ request, response, body: "", head: request.method === "HEAD", times: 0 });
    await using secure = await serve(visit, authority.issue({ dns: ["registry.invalid"] }));
    await using proxy = await serve(
      (request, response) => {
        through.push(`${request.method} ${request.url}`);
        visit(request, response);
      },
      undefined,
      (address) => {
        through.push(`CONNECT ${address}`);
        return Number(secure.host.split(":")[1]);
      },
    );
    const env = { HTTPS_PROXY: `http://${proxy.host}`, HTTP_PROXY: `http://${proxy.host}` };

    assert.equal(await registry({ env, ca: [authority.certificate] }).digest("registry.invalid/a:1"), DIGEST);
    const mirrors = { "other.invalid": ["http://mirror.invalid"] };
    assert.equal(
      await registry({ env, mirrors, insecureRegistries: ["mirror.invalid"] }).digest("other.invalid/a:1"),
      DIGEST,
    );
    assert.equal(await registry({ env }).digest(`${server.host}/good:1`), DIGEST);
    assert.deepEqual(through, [
      "CONNECT registry.invalid:443",
      "HEAD http://mirror.invalid/v2/a/manifests/1?ns=other.invalid",
    ]);
  });

  test("tags are listed over pages, within the registry and without end to no loop", async () => {
    const pages: Readonly<Record<string, { tags: unknown; link?: string }>> = {
      "": { tags: ["1", "latest"], link: '</v2/app/tags/list?page=2>; rel="next"' },
      "2": { tags: ["1.2", 7, "bad tag"], link: '<?page=3>; rel="next"' },
      "3": { tags: null, link: "</v2/app/tags/list?page=4>; rel=next" },
      "4": { tags: ["1.2.3"], link: '</v2/app/tags/list?page=4>; rel="next"' },
    };
    const asked: string[] = [];
    await using paged = await serve((request, response, body) => {
      const url = new URL(request.url ?? "/", "http://x");
      if (!url.pathname.endsWith("/tags/list")) {
        return manifest()({ request, response, body, head: request.method === "HEAD", times: 0 });
      }
      const name = url.searchParams.get("page") ?? "";
      asked.push(name);
      const page = pages[name];
      response.writeHead(200, { ...json, ...(page?.link && { link: page.link }) });
      return response.end(JSON.stringify({ name: "app", tags: page?.tags }));
    });
    const { versionTag } = registry();
    assert.equal(await versionTag(`${paged.host}/app:latest`), "1.2.3");
    assert.deepEqual(asked, ["", "2", "3", "4"]);
  });

  test("a list of tags that is none, or leads elsewhere", async () => {
    for (const [body, link, expected] of [
      ["<html>", "", /sent no list of tags/],
      ['{"tags":["1.0"]}', `<http://${stranger.host}/v2/app/tags/list>; rel="next"`, /^1\.0$/],
      ['{"tags":"all"}', "", /sent no list of tags/],
    ] as const) {
      let listed = 0;
      await using odd = await serve((request, response, sent) => {
        if (!request.url?.includes("/tags/list")) {
          return manifest()({ request, response, body: sent, head: request.method === "HEAD", times: 0 });
        }
        listed++;
        response.writeHead(200, link === "" ? json : { ...json, link });
        return response.end(body);
      });
      const answer = await registry().versionTag(`${odd.host}/app:latest`);
      assert.match(typeof answer === "string" ? answer : answer.unknown, expected);
      assert.equal(listed, 1);
    }
  });

  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      { mediaType: TYPE, digest: DIGEST, size: MANIFEST.length, platform: { os: "linux", architecture: "amd64" } },
    ],
  });
  const endless: Behaviour = ({ response }) => {
    response.writeHead(200, { "content-type": "application/vnd.oci.image.index.v1+json" });
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(1 << 18, 32), () => setImmediate(more));
    };
    more();
  };
  /** After the digest, which is as it should be: what is asked next, and how it is answered. */
  const further: Readonly<
    Record<
      string,
      {
        readonly ask: "overview" | "evidence" | "tags";
        readonly at: RegExp;
        readonly is: Behaviour;
        readonly fails: readonly [RegistryErrorKind, RegExp];
      }
    >
  > = {
    "a manifest of another digest": {
      ...{ ask: "overview", at: /manifests\/sha256/, is: reply(200, { "content-type": TYPE }, `${MANIFEST} `) },
      fails: ["digest", /was asked for sha256:.* and gave sha256:.*do not use it/],
    },
    "a login page for a manifest": {
      ...{ ask: "overview", at: /manifests\/sha256/, is: reply(200, html, "<html>") },
      fails: ["protocol", /text\/html that is no image manifest.*login page/],
    },
    "a manifest without end": {
      ...{ ask: "overview", at: /manifests\/sha256/, is: endless },
      fails: ["too-large", /over 4194304 bytes/],
    },
    "a configuration without end": {
      ...{ ask: "overview", at: /blobs\//, is: endless },
      fails: ["too-large", /over 4194304 bytes/],
    },
    "a configuration that is another": {
      ...{ ask: "overview", at: /blobs\//, is: reply(200, json, "{}") },
      fails: ["digest", /do not use it/],
    },
    "a configuration that is gone": {
      ...{ ask: "overview", at: /blobs\//, is: reply(404) },
      fails: ["not-found", /HTTP 404/],
    },
    "referrers without end": {
      ...{ ask: "evidence", at: /referrers\//, is: endless },
      fails: ["too-large", /over 4194304 bytes/],
    },
    "referrers that never come": {
      ...{ ask: "evidence", at: /referrers\//, is: () => {} },
      fails: ["timeout", /silent for 1 s|took over/],
    },
    "tags without end": {
      ...{ ask: "tags", at: /tags\/list/, is: endless },
      fails: ["too-large", /over 4194304 bytes/],
    },
    "tags that are a bomb": {
      ...{ ask: "tags", at: /tags\/list/ },
      is: reply(200, { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(64 << 20))),
      fails: ["too-large", /over 4194304 bytes/],
    },
  };

  for (const [name, { ask, at, is, fails }] of Object.entries(further))
    test(`behind a digest: ${name}`, async () => {
      await using odd = await serve((request, response, body) => {
        const url = request.url ?? "";
        const visit = { request, response, body, times: 0, head: request.method === "HEAD" };
        if (at.test(url) && !visit.head && !url.includes(DIGEST_OF_INDEX)) return is(visit);
        if (url.includes(DIGEST)) return manifest()(visit);
        if (!/manifests\/(?:1|sha256:[0-9a-f]+)$/.test(url)) return reply(404)(visit);
        return reply(200, { "content-type": "application/vnd.oci.image.index.v1+json" }, index)(visit);
      });
      const started = Date.now();
      const error = await settle(registry()[ask](`${odd.host}/app:1`));
      assert.ok(Date.now() - started < 8000, "ends in time");
      assert.ok(error instanceof RegistryError, `${error}`);
      assert.equal(error.kind, fails[0], error.message);
      assert.match(error.message, fails[1]);
    });
  const DIGEST_OF_INDEX = `sha256:${createHash("sha256").update(index).digest("hex")}`;

  test("a registry that sends without end, or a bomb, costs no memory", async (t) => {
    const bad = ["endless", "gzip-bomb", "huge-length"];
    const ask = async () => {
      for (const name of bad)
        assert.ok((await settle(registry().resolveDigest(`${server.host}/${name}:1`))) instanceof Error);
    };
    let most = 0;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
    const peak = async (rounds: number): Promise<number> => {
      most = 0;
      for (let round = 0; round < rounds; round++) await ask();
      return most;
    };
    await ask();
    const few = await peak(5);
    const many = await peak(10);
    clearInterval(timer);
    // What comes in is over 40 MB a round, and 640 MB of a bomb.
    const figures = `${((many - few) / (1 << 20)).toFixed(0)} MiB more after twice as many`;
    t.diagnostic(figures);
    assert.ok(many - few < 64 << 20, figures);
  });

  test("a token is kept for a repository, and another one fetched where it is refused", async () => {
    const fetched: string[] = [];
    let accepted = "token-number-1";
    const asked: string[] = [];
    await using guarded = await serve((request, response, body) => {
      const visit = { request, response, body, times: 0, head: request.method === "HEAD" };
      if (request.url?.startsWith("/token")) {
        fetched.push(`token-number-${fetched.length + 1}`);
        return reply(200, json, JSON.stringify({ token: fetched.at(-1), expires_in: 300 }))(visit);
      }
      asked.push(request.headers.authorization ?? "nobody");
      if (request.headers.authorization === `Bearer ${accepted}`) return manifest()(visit);
      const challenge = `Bearer realm="http://${request.headers.host}/token",service="test",error="invalid_token"`;
      return reply(401, { "www-authenticate": challenge })(visit);
    });
    const { digest } = registry();
    assert.equal(await digest(`${guarded.host}/app:1`), DIGEST);
    assert.equal(await digest(`${guarded.host}/app:2`), DIGEST);
    assert.deepEqual(asked, ["nobody", "Bearer token-number-1", "Bearer token-number-1"]);
    accepted = "token-number-2";
    assert.equal(await digest(`${guarded.host}/app:3`), DIGEST);
    assert.deepEqual(asked.slice(3), ["Bearer token-number-1", "Bearer token-number-2"]);
    assert.equal(fetched.length, 2);
  });
});
