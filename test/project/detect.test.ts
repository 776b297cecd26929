/** Which ecosystems a build context holds, and the services its dependencies need. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ecosystemsIn } from "../../server/src/core/model/project/detect.ts";
import { readPackageJson } from "../../server/src/core/model/project/package-json.ts";
import { type PackageEcosystem, servicesOf } from "../../server/src/core/model/project/services.ts";

const found = (paths: readonly string[]): readonly string[] =>
  ecosystemsIn(paths).map(
    ({ ecosystem, folder, within }) =>
      `${ecosystem} ${folder || "."}${within === undefined ? "" : ` in ${within || "."}`}`,
  );

/** What is in the context, what is found. */
const CONTEXTS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "a Node project",
    ["package.json", "package-lock.json", "src/", "src/index.js", "node_modules/a/package.json"],
    ["node ."],
  ],
  [
    "a workspace",
    ["package.json", "apps/api/package.json", "apps/web/package.json"],
    ["node .", "node apps/api in .", "node apps/web in ."],
  ],
  ["two of one kind side by side", ["api/go.mod", "worker/go.mod"], ["go api", "go worker"]],
  [
    "back and front",
    ["backend/requirements.txt", "frontend/package.json", "frontend/index.html", "Makefile"],
    ["python backend", "node frontend"],
  ],
  ["requirements in a folder of their own", ["requirements/base.txt", "app.py"], ["python ."]],
  ["a Makefile beside something", ["Makefile", "go.mod"], ["go ."]],
  ["a Makefile alone", ["Makefile", "main.c", "lib/Makefile"], ["make ."]],
  ["a page alone", ["index.html", "about/index.html", "style.css"], ["static site ."]],
  ["a page of a project", ["pom.xml", "src/main/resources/static/index.html"], ["maven ."]],
  ["CMake's parts", ["CMakeLists.txt", "src/CMakeLists.txt"], ["cmake ."]],
  ["Maven's modules", ["pom.xml", "core/pom.xml", "target/classes/pom.xml"], ["maven .", "maven core in ."]],
  ["Gradle with Kotlin", ["settings.gradle.kts", "app/build.gradle.kts"], ["gradle app"]],
  ["a solution", ["Shop.sln", "Api/Api.csproj", "Api/bin/x.csproj"], ["dotnet Api"]],
  ["Rails with a front end", ["Gemfile", "Gemfile.lock", "package.json", "config.ru"], ["node .", "ruby ."]],
  [
    "PHP, Elixir, Rust, Deno",
    ["a/composer.json", "b/mix.exs", "c/Cargo.toml", "d/deno.json"],
    ["php a", "elixir b", "rust c", "deno d"],
  ],
  ["what others wrote", ["vendor/x/go.mod", ".venv/lib/setup.py", "testdata/package.json"], []],
  ["deeper than anybody looks", ["a/b/c/d/e/f/g/package.json"], []],
  ["a folder of that name", ["package.json/"], []],
  ["nothing", [], []],
];

for (const [about, paths, expected] of CONTEXTS)
  test(`ecosystems: ${about}`, () => assert.deepEqual(found(paths), expected));

test("ecosystems: the evidence", () => {
  const [web] = ecosystemsIn([
    "web/package.json",
    "web/pnpm-lock.yaml",
    "web/next.config.mjs",
    "web/.nvmrc",
    "web/README.md",
  ]);
  assert.deepEqual(web, {
    ecosystem: "node",
    folder: "web",
    manifests: ["web/package.json"],
    locks: ["web/pnpm-lock.yaml"],
    settings: ["web/.nvmrc", "web/next.config.mjs"],
    within: undefined,
  });
});

test("ecosystems: the examples of this repository", () => {
  const root = join(import.meta.dirname, "../../examples");
  const paths = globSync("**/*", { cwd: root }).map((path) => path.replaceAll("\\", "/"));
  assert.deepEqual(
    found(paths).filter((each) => !each.includes("stack")),
    ["go go", "maven java", "node node", "python python", "static site static/site"],
  );
});

/** The ecosystem, names of packages, what they need and how certain that is. */
const SERVICES: readonly (readonly [PackageEcosystem, readonly string[], readonly string[]])[] = [
  ["npm", ["express", "pg", "ioredis", "bullmq"], ["postgres certain pg", "redis certain ioredis bullmq"]],
  [
    "npm",
    ["mongoose", "amqplib", "kafkajs"],
    ["mongodb certain mongoose", "rabbitmq certain amqplib", "kafka certain kafkajs"],
  ],
  ["npm", ["@aws-sdk/client-s3"], ["s3 possible @aws-sdk/client-s3"]],
  ["npm", ["minio", "@aws-sdk/client-s3"], ["s3 certain minio"]],
  ["python", ["psycopg2-binary", "celery", "redis"], ["postgres certain psycopg2-binary", "redis certain redis"]],
  ["python", ["pymysql", "elasticsearch"], ["mysql certain pymysql", "elasticsearch certain elasticsearch"]],
  [
    "go",
    ["github.com/jackc/pgx/v5", "github.com/redis/go-redis/v9"],
    ["postgres certain github.com/jackc/pgx/v5", "redis certain github.com/redis/go-redis/v9"],
  ],
  ["maven", ["org.postgresql:postgresql:42.7.4"], ["postgres certain org.postgresql:postgresql:42.7.4"]],
  ["nuget", ["npgsql.entityframeworkcore.postgresql"], ["postgres certain npgsql.entityframeworkcore.postgresql"]],
  ["rubygems", ["pg", "sidekiq"], ["postgres certain pg", "redis certain sidekiq"]],
  ["composer", ["predis/predis"], ["redis certain predis/predis"]],
  ["hex", ["postgrex"], ["postgres certain postgrex"]],
  ["cargo", ["tokio-postgres", "rdkafka"], ["postgres certain tokio-postgres", "kafka certain rdkafka"]],
  // Names of another ecosystem say nothing.
  ["npm", ["psycopg2", "constructor", "__proto__"], []],
];

for (const [ecosystem, names, expected] of SERVICES)
  test(`services of ${ecosystem}: ${names.join(", ")}`, () =>
    assert.deepEqual(
      servicesOf(ecosystem, names).map(({ service, needed, because }) => [service, needed, ...because].join(" ")),
      expected,
    ));

test("the example of Node needs none", () => {
  const project = readPackageJson(readFileSync(new URL("../../examples/node/package.json", import.meta.url), "utf8"));
  assert.ok(project);
  assert.deepEqual(servicesOf("npm", project.dependencies.keys()), []);
});
