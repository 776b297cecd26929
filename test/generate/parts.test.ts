/** Small parts: ranges and releases, ports and variables in sources, patterns of .gitignore, addresses of services. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gitPatterns } from "../../server/src/core/generate/ignore-file.ts";
import { healthPathIn, listeningOf, variablesIn } from "../../server/src/core/generate/listening.ts";
import { takes } from "../../server/src/core/generate/ranges.ts";
import { SERVICES, valueFor } from "../../server/src/core/generate/services.ts";

describe("which releases a range takes", () => {
  for (const [range, yes, no, tilde] of [
    [">=20", ["20", "24"], ["18"]],
    ["^20.1 || ^22", ["20", "22"], ["18", "24"]],
    ["20.x", ["20"], ["22"]],
    ["20 - 22", ["20", "21", "22"], ["18", "24"]],
    ["*", ["24"], []],
    [">=3.10,<3.14", ["3.10", "3.13"], ["3.9", "3.14"]],
    [">=3.11, <4.0", ["3.11", "3.14"], ["3.10"]],
    ["~=3.11", ["3.11", "3.13"], ["3.10"]],
    ["~=3.11.2", ["3.11"], ["3.12"]],
    ["==3.12.*", ["3.12"], ["3.11"]],
    ["!=3.12", ["3.13"], ["3.12"]],
    ["~20", ["20"], ["22"]],
    ["^8.2", ["8.2", "8.4"], ["8.1"], "last part"],
    ["~8.2", ["8.2", "8.4"], ["8.1"], "last part"],
    ["~8.2.0", ["8.2"], ["8.3"], "last part"],
    ["~> 3.3", ["3.3", "3.4"], ["3.2"], "last part"],
    [">=8.1|^9", ["8.4"], ["8.0"], "last part"],
    ["<3.13.5", ["3.13", "3.12"], ["3.14"]],
    [">3.12.1", ["3.12", "3.13"], ["3.11"]],
  ] as const)
    test(range, () => {
      for (const release of yes) assert.equal(takes(range, release, tilde), true, release);
      for (const release of no) assert.equal(takes(range, release, tilde), false, release);
    });

  test("what is none is not understood", () => {
    for (const range of ["latest", "lts/*", "${VERSION}", ">=a"]) assert.equal(takes(range, "20"), undefined, range);
  });
});

describe("what sources say", () => {
  for (const [speech, text, ports] of [
    ["node", "app.listen(process.env.PORT || 3000)", [3000]],
    ["node", "const port = Number(process.env.PORT ?? '4000'); app.listen(port)", [4000]],
    ["node", "server.listen({ port: 8080 })", [8080]],
    ["node", "pg.connect({ port: 5432 })", []],
    ["python", "uvicorn.run(app, port=9000)", [9000]],
    ["python", 'int(os.environ.get("PORT", "8080"))', [8080]],
    ["python", 'HTTPServer(("", 8000), H)', [8000]],
    ["go", 'http.ListenAndServe(":8080", nil)', [8080]],
    ["go", 'redis.Options{Addr: "localhost:6379"}', []],
    ["rust", 'TcpListener::bind("0.0.0.0:3000")', [3000]],
    ["rust", "SocketAddr::from(([0, 0, 0, 0], 8000))", [8000]],
    ["jvm", "server:\n  port: ${PORT:9090}\n", [9090]],
    ["c", "addr.sin_port = htons(8080);", [8080]],
  ] as const)
    test(`${speech}: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        listeningOf([{ path: "a", text }], speech).ports.map(({ port }) => port),
        ports,
      );
    });

  test("what listens on the loopback address alone is told", () => {
    assert.equal(listeningOf([{ path: "a.js", text: 'app.listen(3000, "127.0.0.1")' }], "node").loopback, "a.js");
    assert.equal(
      listeningOf([{ path: "a.js", text: 'app.listen(3000); fetch("http://127.0.0.1:9")' }], "node").loopback,
      undefined,
    );
  });

  test("a path that answers is one that is written", () => {
    const path = (text: string) => healthPathIn([{ path: "a", text }])?.path;
    assert.equal(path('app.get("/health", f)'), "/health");
    assert.equal(path('mux.HandleFunc("GET /healthz", f)'), "/healthz");
    assert.equal(path("get '/' do"), "/");
    assert.equal(path('app.get("/healthy", f)'), undefined);
  });

  test("variables of each language", () => {
    const text = [
      "process.env.A_URL; process.env['B_KEY']",
      'os.environ["C_X"]; os.getenv("D_X")',
      'os.Getenv("E_X"); std::env::var("F_X")',
      'ENV.fetch("G_X"); ENV["H_X"]; System.fetch_env!("I_X")',
      'Environment.GetEnvironmentVariable("J_X"); System.getenv("K_X")',
    ].join("\n");
    assert.deepEqual(
      variablesIn([{ path: "a.txt", text }])
        .toSorted()
        .map((name) => name[0]),
      "ABCDEFGHIJK".split(""),
    );
    assert.deepEqual(variablesIn([{ path: "application.yml", text: "url: ${DB_URL:none}" }]), ["DB_URL"]);
  });
});

test("what git ignores, as .dockerignore has it", () => {
  const patterns = gitPatterns(
    "# a comment\n\nnode_modules\n/build/\n*.log\ndocs/api\nkeep/*\n!keep/this\n*\n!/src\nspace\\ name\nnode_modules\n",
  );
  assert.deepEqual(patterns, ["**/node_modules", "build", "**/*.log", "docs/api"]);
});

test("a variable is told where the service is, and no password stands in the file", () => {
  const { postgres, redis } = SERVICES;
  assert.ok(postgres && redis);
  const value = (name: string) => valueFor(name, "postgres", postgres);
  assert.equal(
    value("DATABASE_URL"),
    "postgresql://app:${POSTGRES_PASSWORD:?set it in the environment or in .env}@postgres:5432/app",
  );
  assert.deepEqual(["DB_HOST", "PGPORT", "POSTGRES_USER", "DB_NAME"].map(value), ["postgres", "5432", "app", "app"]);
  assert.match(value("DB_PASSWORD") ?? "", /^\$\{POSTGRES_PASSWORD:\?/);
  assert.deepEqual([value("REDIS_URL"), value("API_TOKEN"), value("DB_POOL")], [undefined, undefined, undefined]);
  assert.equal(valueFor("REDIS_ADDR", "redis", redis), "redis:6379");
});
