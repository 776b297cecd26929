/** The pure parts of the registry effect: challenges, waits, addresses, hops, version tags, mirrors, redaction, messages. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { redact, registerLogin, registerSecret } from "../../server/src/effects/redact.ts";
import {
  guardedLookup,
  isLoopback,
  mayLead,
  type Reach,
  reachOfHost,
} from "../../server/src/effects/registry/address.ts";
import { ageText } from "../../server/src/core/text/ages.ts";
import { parseChallenges } from "../../server/src/effects/registry/challenge.ts";
import { type Endpoint, endpointsOf, pathAt } from "../../server/src/effects/registry/endpoint.ts";
import { quote, RegistryError } from "../../server/src/effects/registry/errors.ts";
import { createNotices } from "../../server/src/effects/registry/notices.ts";
import { readRegistriesConf } from "../../server/src/effects/registry/registries-conf.ts";
import { checkHop } from "../../server/src/effects/registry/redirect.ts";
import { etagOf } from "../../server/src/effects/registry/resolve.ts";
import { retryAfter } from "../../server/src/effects/registry/retry.ts";
import { countVulnerabilities } from "../../server/src/effects/trivy.ts";
import { newerLike, newestLike } from "../../server/src/core/model/image-tags/newer.ts";
import { candidatesFor } from "../../server/src/core/model/image-tags/precise.ts";

const challenges: readonly (readonly [
  header: string | undefined,
  parsed: readonly (readonly [string, Record<string, string>])[],
])[] = [
  [undefined, []],
  ["", []],
  ["Basic", [["basic", {}]]],
  ['Basic realm="a b"', [["basic", { realm: "a b" }]]],
  [
    'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"',
    [["bearer", { realm: "https://auth.example/token", service: "registry", scope: "repository:a/b:pull,push" }]],
  ],
  [
    'Negotiate, BEARER Realm="https://a/,b", service="say \\"hi\\"", Basic realm=plain',
    [
      ["negotiate", {}],
      ["bearer", { realm: "https://a/,b", service: 'say "hi"' }],
      ["basic", { realm: "plain" }],
    ],
  ],
  [
    'Bearer realm = "spaced" , error="insufficient_scope"',
    [["bearer", { realm: "spaced", error: "insufficient_scope" }]],
  ],
  ['realm="nobody\'s"', []],
  ['Bearer realm="unterminated', [["bearer", { realm: '"unterminated' }]]],
  ["@@@@", []],
];

test("WWW-Authenticate headers", () => {
  for (const [header, parsed] of challenges) {
    const got = parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);
    assert.deepEqual(got, parsed, header);
  }
});

test("Retry-After in seconds and as a date", () => {
  const now = Date.parse("Wed, 21 Oct 2015 07:28:00 GMT");
  for (const [value, ms] of [
    ["120", 120_000],
    ["0", 0],
    ["Wed, 21 Oct 2015 07:28:30 GMT", 30_000],
    ["Wed, 21 Oct 2015 07:27:00 GMT", undefined],
    ["soon", undefined],
    [undefined, undefined],
  ] as const) {
    assert.equal(retryAfter(value, now), ms, value);
  }
});

const hosts: readonly (readonly [host: string, reach: Reach])[] = [
  ["localhost", "loopback"],
  ["reg.localhost", "loopback"],
  ["127.9.9.9", "loopback"],
  ["[::1]", "loopback"],
  ["[::ffff:127.0.0.1]", "loopback"],
  ["169.254.169.254", "link-local"],
  ["[fe80::1]", "link-local"],
  ["[::ffff:169.254.169.254]", "link-local"],
  ["0.0.0.0", "private"],
  ["10.1.2.3", "private"],
  ["172.31.0.1", "private"],
  ["172.32.0.1", "public"],
  ["192.168.1.1", "private"],
  ["100.64.0.1", "private"],
  ["[fd00::1]", "private"],
  ["8.8.8.8", "public"],
  ["[2606:4700::1]", "public"],
  ["registry.example.com", "public"],
  ["localhost.example.com", "public"],
];

test("where a host is", () => {
  for (const [host, reach] of hosts) assert.equal(reachOfHost(host), reach, host);
  assert.equal(isLoopback("localhost:5000"), true);
  assert.equal(isLoopback("[::1]:5000"), true);
  assert.equal(isLoopback("example.com:5000"), false);
});

test("who may lead where", () => {
  const allowed: readonly string[] = [
    "loopback>loopback",
    "loopback>private",
    "loopback>public",
    "private>private",
    "private>public",
    "link-local>public",
    "public>public",
  ];
  const all: readonly Reach[] = ["loopback", "link-local", "private", "public"];
  const got = all.flatMap((from) => all.filter((to) => mayLead(from, to)).map((to) => `${from}>${to}`));
  assert.deepEqual([...got].sort(), [...allowed].sort());
});

const hops: readonly (readonly [from: string, to: string, refused?: RegExp])[] = [
  ["https://r.example", "https://cdn.example/x"],
  ["https://r.example", "https://r.example/x"],
  ["https://r.example", "http://r.example/x", /http:\/\/ is not https/],
  ["http://127.0.0.1:5000", "http://127.0.0.1:6000/x"],
  ["http://127.0.0.1:5000", "ftp://127.0.0.1/x", /is not https/],
  ["https://r.example", "https://127.0.0.1/x", /not a public address/],
  ["https://r.example", "https://localhost/x", /not a public address/],
  ["https://r.example", "https://10.0.0.1/x", /not a public address/],
  ["https://r.example", "https://[::ffff:10.0.0.1]/x", /not a public address/],
  ["https://r.example", "https://0x7f.1/x", /not a public address/],
  ["https://10.0.0.1", "https://10.0.0.2/x"],
  ["https://10.0.0.1", "https://169.254.169.254/x", /not a public address/],
  ["https://r.example", "https://user:pass@cdn.example/x", /carries a user name/],
];

test("redirects and token servers that are followed", () => {
  for (const [from, to, refused] of hops) {
    const check = () => checkHop(new URL(from), new URL(to), "redirect");
    if (refused) assert.throws(check, refused, to);
    else assert.doesNotThrow(check, to);
  }
});

test("a public name that has the address of this machine leads nowhere", async () => {
  for (const all of [true, false]) {
    const error = await new Promise((resolve) => guardedLookup("localhost", { all }, resolve));
    assert.ok(error instanceof RegistryError, `${error}`);
    assert.match(error.message, /refused to go on to localhost: its address \S+ is not a public one/);
  }
  const outcome = await new Promise((resolve) => {
    guardedLookup("10.1.2.3", { all: true }, (error, addresses) => resolve(error ?? addresses));
  });
  assert.deepEqual(outcome, [{ address: "10.1.2.3", family: 4 }], "a company's own network is let through");
});

const lists: readonly (readonly [tag: string, tags: readonly string[], candidates: readonly string[]])[] = [
  ["latest", ["latest", "22", "22.11", "22.11.0", "v23.1.0", "23.0.1"], ["v23.1.0", "23.0.1", "22.11.0"]],
  ["22", ["22", "22.11", "22.11.0", "22.10.1", "23.1.0", "220.1.1"], ["22.11.0", "22.10.1"]],
  [
    "alpine",
    ["22.11.0-alpine", "22.11.0-alpine3.20", "22.11.0-alpine3.19", "22.11.0", "22.11.0-slim"],
    ["22.11.0-alpine3.20", "22.11.0-alpine3.19"],
  ],
  ["22-alpine3.19", ["22.11.0-alpine3.20", "22.11.0-alpine3.19", "22-alpine3.19"], ["22.11.0-alpine3.19"]],
  ["stable-alpine", ["1.26.2-alpine", "1.26.2-alpine-slim", "1.27.0-alpine"], ["1.27.0-alpine", "1.26.2-alpine"]],
  ["lts", ["22.11.0", "22.11.0-rc.1", "22.12.0-rc1"], ["22.11.0"]],
  ["latest", ["20240923", "3.20.3", "3.20", "edge", "a1b2c3d", "1234567"], ["3.20.3"]],
  [
    "bookworm",
    ["bookworm", "bookworm-20241111", "bookworm-20241016", "bookworm-20241111-slim", "12.8"],
    ["bookworm-20241111", "bookworm-20241016"],
  ],
  ["bookworm-slim", ["bookworm-20241111", "bookworm-20241111-slim"], ["bookworm-20241111-slim"]],
  ["21-jre", ["21.0.5_11-jre", "21.0.4_7-jre", "21-jre", "21-jdk"], ["21.0.5_11-jre", "21.0.4_7-jre"]],
  ["1.2", ["1.2", "v1.2"], ["1.2", "v1.2"]],
  ["1", ["1.9.0", "1.10.0"], ["1.10.0", "1.9.0"]],
  ["nightly", ["1.0.0", "nightly"], []],
  ["latest", [], []],
];

test("tags that may be what a floating tag points at, likeliest first", () => {
  for (const [tag, tags, candidates] of lists) assert.deepEqual(candidatesFor(tag, tags), candidates, tag);
});

const NEWEST: readonly (readonly [tag: string, tags: readonly string[], newest: string | undefined])[] = [
  ["22", ["20", "22", "24", "24.1", "25-rc", "24-alpine"], "24"],
  ["22.11", ["22.12", "24.0", "24.0.1", "9.99"], "24.0"],
  ["22-alpine3.20", ["24-alpine3.20", "24-alpine3.22", "24-alpine", "24-bookworm"], "24-alpine3.22"],
  ["24-alpine3.22", ["25-alpine3.20", "24-alpine3.22"], "24-alpine3.22"],
  ["v1.2.0", ["v1.3.0", "1.9.0", "v2.0.0-beta1"], "v1.3.0"],
  ["1.2.0", ["v1.3.0"], "1.2.0"],
  ["3", ["20250101", "4"], "4"],
  ["22.04", ["24.04", "24.04.1", "25.10"], "25.10"],
  ["bookworm-20240101-slim", ["bookworm-20250101-slim", "trixie-20250601-slim"], "bookworm-20250101-slim"],
  ["latest", ["1", "2"], undefined],
  ["alpine", ["3-alpine"], undefined],
];

test("the newest tag with the same words around a version of as many parts", () => {
  for (const [tag, tags, newest] of NEWEST) assert.equal(newestLike(tag, tags), newest, tag);
});

test("steps to newer tags: within the minor version, within the major version, to the newest", () => {
  const tags = ["22.1.0-slim", "22.1.5-slim", "22.9.1-slim", "24.0.0-slim", "24.0.0", "latest", "21.9.9-slim"];
  assert.deepEqual(newerLike("22.1.0-slim", tags), ["22.1.5-slim", "22.9.1-slim", "24.0.0-slim"]);
  assert.deepEqual(newerLike("22.9.1-slim", tags), ["24.0.0-slim"], "a step that leads to the same place is one");
  assert.deepEqual(newerLike("22", ["22", "23", "24"]), ["24"]);
  assert.deepEqual(newerLike("24.0.0-slim", tags), []);
  assert.deepEqual(newerLike("latest", tags), []);
});

test("vulnerabilities are counted by severity, and what is no report is no answer", () => {
  const report = {
    SchemaVersion: 2,
    Results: [
      { Target: "a", Vulnerabilities: [{ Severity: "CRITICAL" }, { Severity: "HIGH" }, { Severity: "UNKNOWN" }] },
      { Target: "b" },
      { Target: "c", Vulnerabilities: [{ Severity: "HIGH" }, { Severity: "LOW" }, "odd", null] },
    ],
  };
  assert.equal(countVulnerabilities(JSON.stringify(report)), "critical=1 high=2 medium=0 low=1");
  assert.equal(countVulnerabilities('{"SchemaVersion": 2}'), "critical=0 high=0 medium=0 low=0");
  for (const text of ["", "FATAL", "[]", "{}"]) assert.equal(countVulnerabilities(text), undefined, text);
});

test("tens of thousands of tags are compared in little time", () => {
  const tags = Array.from({ length: 50_000 }, (_, at) => `1.${Math.floor(at / 100)}.${at % 100}`);
  const start = performance.now();
  assert.equal(candidatesFor("latest", tags)[0], "1.499.99");
  assert.ok(performance.now() - start < 2000);
});

test("where an image is asked for", () => {
  const logged: string[] = [];
  const of = (domain: string) =>
    endpointsOf(
      { domain, path: "team/app" },
      {
        mirrors: {
          "docker.io": [
            "mirror.example:5000",
            "http://localhost:1",
            "http://plain.example",
            "https://u:p@m.example",
            "https://m.example/sub",
          ],
        },
        insecureRegistries: ["old.example"],
        log: (message) => logged.push(message),
      },
    );
  assert.deepEqual(of("docker.io"), {
    mirrors: [
      { host: "mirror.example:5000", schemes: ["https"], loginOf: "mirror.example:5000", mirrorOf: "docker.io" },
      { host: "localhost:1", schemes: ["http"], loginOf: "localhost:1", mirrorOf: "docker.io" },
    ],
    registry: { host: "registry-1.docker.io", schemes: ["https"], loginOf: "docker.io" },
    blocked: false,
  });
  assert.equal(logged.length, 3);
  assert.deepEqual(of("old.example").registry.schemes, ["https", "http"]);
  assert.deepEqual(of("127.0.0.1:5000").registry.schemes, ["https", "http"]);
  assert.deepEqual(of("constructor"), {
    mirrors: [],
    registry: { host: "constructor", schemes: ["https"], loginOf: "constructor" },
    blocked: false,
  });
});

const CONF = `
unqualified-search-registries = ["elsewhere.example"]
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "mirror.example:5000/hub"
insecure = true
[[registry.mirror]]
location = "digests.example"
pull-from-mirror = "digest-only"
[[registry]]
prefix = "docker.io/acme"
location = "inside.example/teams/acme"
[[registry]]
prefix = "*.old.example"
insecure = true
[[registry]]
prefix = "bad.example/team"
blocked = true
[[registry]]
prefix = "one.example/team:tag"
blocked = true
[[registry]]
location = "not a host"
`;

test("registries.conf: mirrors, other locations, plain http, what is blocked", (t) => {
  const home = mkdtempSync(join(tmpdir(), "dockwright-conf-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const own = join(home, "containers");
  mkdirSync(join(own, "registries.conf.d"), { recursive: true });
  writeFileSync(join(own, "registries.conf"), CONF);
  writeFileSync(join(own, "registries.conf.d", "10.conf"), '[[registry]]\nprefix = "late.example"\nblocked = true\n');
  writeFileSync(join(own, "registries.conf.d", "20.conf"), '[[registry]]\nprefix = "late.example"\n');
  writeFileSync(join(own, "registries.conf.d", "30.conf"), "this is no TOML");
  writeFileSync(join(own, "registries.conf.d", "note.txt"), '[[registry]]\nprefix = "late.example"\nblocked = true\n');
  const logged: string[] = [];
  const log = (message: string) => logged.push(message);
  const read = (env: NodeJS.ProcessEnv) => readRegistriesConf({ env, home: "/nonexistent", log });
  const rules = read({ XDG_CONFIG_HOME: home });
  assert.match(logged.join(), /30\.conf is not read: it is no valid TOML/);
  assert.equal(logged.length, 1);

  const at = (domain: string, path: string) => {
    const { mirrors, registry, blocked } = endpointsOf(
      { domain, path },
      { mirrors: { "docker.io": ["ours.example"] }, insecureRegistries: [], rules, log },
    );
    const place = (each: Endpoint) => `${each.schemes.join("|")} ${each.host}/${pathAt(each, path)}`;
    return [
      ...mirrors.map((each) => `${place(each)} for ${each.mirrorOf}`),
      place(registry),
      ...(blocked ? ["blocked"] : []),
    ];
  };
  assert.deepEqual(at("docker.io", "library/node"), [
    "https ours.example/library/node for docker.io",
    "https|http mirror.example:5000/hub/library/node for docker.io",
    "https registry-1.docker.io/library/node",
  ]);
  assert.deepEqual(at("docker.io", "acme/app").slice(1), ["https inside.example/teams/acme/app"]);
  assert.deepEqual(at("docker.io", "acmeother/app").at(-1), "https registry-1.docker.io/acmeother/app");
  assert.deepEqual(at("r.old.example", "team/app"), ["https|http r.old.example/team/app"]);
  assert.deepEqual(at("old.example", "team/app"), ["https old.example/team/app"]);
  assert.deepEqual(at("bad.example", "team/app"), ["https bad.example/team/app", "blocked"]);
  assert.deepEqual(at("bad.example", "other/app"), ["https bad.example/other/app"]);
  assert.deepEqual(at("one.example", "team"), ["https one.example/team"]);
  assert.deepEqual(at("late.example", "app"), ["https late.example/app"], "the last file of a prefix holds");
  assert.deepEqual(at("elsewhere.example", "app"), ["https elsewhere.example/app"]);

  assert.deepEqual(read({ CONTAINERS_REGISTRIES_CONF: join(own, "registries.conf.d", "20.conf") }), [
    {
      prefix: "late.example",
      location: { host: "late.example", path: "", insecure: false },
      blocked: false,
      mirrors: [],
    },
  ]);
  assert.deepEqual(read({ CONTAINERS_REGISTRIES_CONF: join(own, "missing.conf") }), []);
  assert.match(logged.at(-1) ?? "", /missing\.conf could not be read .*going on without it/);
});

test("registered secrets are hidden in every form, and what looks like a credential too", () => {
  registerLogin("me", 'p@ss/word "1"');
  registerSecret("abc");
  registerSecret(undefined);
  const base64 = Buffer.from('me:p@ss/word "1"').toString("base64");
  for (const text of [
    'p@ss/word "1"',
    encodeURIComponent('p@ss/word "1"'),
    JSON.stringify({ x: 'p@ss/word "1"' }),
    `x ${base64} y`,
    "https://me:unknown@host/path",
    "Authorization: Bearer eyJhbGciOiJFUzI1NiJ9.eyJ.x",
    "GET /token?refresh_token=unknown&service=x",
    '{"access_token": "unknown", "auth":"unknown"}',
  ]) {
    const out = redact(text);
    assert.match(out, /‹redacted›/, text);
    assert.doesNotMatch(out, /p@ss|word%20|unknown|eyJ/, text);
    assert.ok(!out.includes(base64), text);
  }
  for (const harmless of [
    "abc",
    "pull node:22 from docker.io",
    "https://host/path@sha256:0",
    "Basic login",
    "mail a@b",
  ]) {
    assert.equal(redact(harmless), harmless);
  }
  registerSecret("s3cret-token");
  assert.equal(new RegistryError("protocol", "said s3cret-token").message, "said ‹redacted›");
});

test("text of a server is one clipped line without control characters", () => {
  assert.equal(quote(" a\r\n\u001b[31mb\u202Ec\u200b\u2028d "), "a [31mb c d");
  assert.equal(quote("x".repeat(300)).length, 201);
});

const hub = (remaining: string, limit = "100;w=21600") => ({
  headers: { "ratelimit-limit": limit, "ratelimit-remaining": remaining },
});

test("how many pulls are left is logged once, and once more when they are few", () => {
  const logged: string[] = [];
  const notice = createNotices((message) => logged.push(message));
  for (const left of [87, 86, 11, 10, 9, 0]) notice("registry-1.docker.io", hub(`${left};w=21600`));
  notice("other.example", hub("3", "nonsense"));
  notice("other.example", { headers: {} });
  notice("third.example", hub("40", "200;w=60"));
  assert.deepEqual(logged, [
    "registry-1.docker.io allows 100 pulls in 6 h, of which 87 are left",
    "registry-1.docker.io allows 100 pulls in 6 h, of which 10 are left; docker login gives more",
    "third.example allows 200 pulls in 60 s, of which 40 are left",
  ]);
});

test("a registry's warnings are logged once each, and not for ever", () => {
  const logged: string[] = [];
  const notice = createNotices((message) => logged.push(message));
  const warning = '299 - "Your token \\u0007expires", 110 proxy "stale", 299 - "Goes\u202e away"';
  notice("a.example", { headers: { warning } });
  notice("a.example", { headers: { warning } });
  for (let at = 0; at < 20; at++) notice("b.example", { headers: { warning: `299 - "number ${at}"` } });
  assert.deepEqual(logged.slice(0, 2), ["a.example warns: Your token \\u0007expires", "a.example warns: Goes away"]);
  assert.equal(logged.length, 7);
});

test("an ETag that could be two headers, or none, is not sent back", () => {
  for (const [etag, kept] of [
    ['"abc"', true],
    ['W/"abc"', true],
    ["abc", false],
    ['"a"b"', false],
    ['"a\r\nx: y"', false],
    [`"${"x".repeat(300)}"`, false],
    [undefined, false],
  ] as const)
    assert.equal(etagOf(etag === undefined ? {} : { etag }), kept ? etag : undefined, etag);
});

test("ages as people say them", () => {
  const minute = 60_000;
  for (const [ms, text] of [
    [0, "a minute"],
    [90 * 1000, "2 minutes"],
    [59 * minute, "59 minutes"],
    [70 * minute, "an hour"],
    [26 * 60 * minute, "26 hours"],
    [72 * 60 * minute, "3 days"],
  ] as const)
    assert.equal(ageText(ms), text);
});
