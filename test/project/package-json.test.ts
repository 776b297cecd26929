/** What package.json says, what its scripts do, and what it depends on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { frameworksOf } from "../../server/src/core/model/project/node-frameworks.ts";
import { nodeNatives } from "../../server/src/core/model/project/node-native.ts";
import {
  hooksNeedingSources,
  installHooks,
  startOf,
  stepsOf,
} from "../../server/src/core/model/project/node-scripts.ts";
import {
  allDependencies,
  gitDependencies,
  localDependencies,
  type PackageJson,
  readPackageJson,
} from "../../server/src/core/model/project/package-json.ts";
import { readerTests } from "./cases.ts";

readerTests("package.json", readPackageJson, [
  [
    "what is written",
    `\uFEFF{"name":"@x/app","version":"1.2.0","private":true,"type":"module","main":"lib/a.js","bin":"cli.js",
      "engines":{"node":">=20"},"packageManager":"pnpm@9.1.0+sha512.abc","workspaces":["packages/*"],
      "dependencies":{"express":"^4"},"devDependencies":{"vite":"6"},"proxy":"http://localhost:4000"}`,
    {
      name: "@x/app",
      version: "1.2.0",
      private: true,
      type: "module",
      main: "lib/a.js",
      bin: { app: "cli.js" },
      engines: { node: ">=20" },
      packageManager: { name: "pnpm", version: "9.1.0" },
      workspaces: ["packages/*"],
      dependencies: { express: "^4" },
      devDependencies: { vite: "6" },
      proxy: "http://localhost:4000",
      hasOverrides: false,
    },
  ],
  [
    "yarn's form of workspaces, several commands, resolutions",
    `{"workspaces":{"packages":["a","b"],"nohoist":["**"]},"bin":{"a":"a.js","b":"b.js"},"resolutions":{"x":"1"}}`,
    { workspaces: ["a", "b"], bin: { a: "a.js", b: "b.js" }, hasOverrides: true, name: undefined, type: "commonjs" },
  ],
  [
    "values of the wrong kind are left out",
    `{"name":1,"scripts":{"a":1,"b":"x"},"dependencies":[],"engines":"node","workspaces":"*","packageManager":"pnpm"}`,
    {
      name: undefined,
      scripts: { b: "x" },
      dependencies: {},
      engines: {},
      workspaces: [],
      packageManager: { name: "pnpm", version: undefined },
    },
  ],
  ["npm takes no comments in it", `{"name":"a" /* b */}`, undefined],
  ["a list is none", `[]`, undefined],
  ["nothing", ``, undefined],
  [
    "a name that is everywhere",
    `{"scripts":{"__proto__":"x","constructor":"y"}}`,
    { name: undefined, main: undefined },
  ],
]);

const withScripts = (scripts: Readonly<Record<string, string>>): PackageJson => {
  const project = readPackageJson(JSON.stringify({ scripts }));
  assert.ok(project);
  return project;
};

const BUILD = { build: "tsc -p .", prebuild: "rimraf dist" };

/** The script `start`; what it does; the file or folder; what runs before it. Undefined: nobody can tell. */
const STARTS: readonly (readonly [string, string | undefined, string?, (readonly string[])?])[] = [
  ["node src/server.js", "runs a file", "src/server.js"],
  ["node .", "runs a file", "."],
  ["node --enable-source-maps -r dotenv/config dist/main", "runs a file", "dist/main"],
  ["NODE_ENV=production node --env-file .env dist/index.js", "runs a file", "dist/index.js"],
  ["cross-env NODE_ENV=production PORT=80 node a.js", "runs a file", "a.js"],
  ["exec node a.js", "runs a file", "a.js"],
  ["node $ENTRY", "runs a file"],
  ["bun run src/index.ts", "runs a file", "src/index.ts"],
  ["bun --hot src/index.ts", "development server"],
  ["node --watch a.js", "development server"],
  ["nodemon src/app.js", "development server"],
  ["react-scripts start", "development server"],
  ["vite", "development server"],
  ["vite --host", "development server"],
  ["vite preview --port 80", "static server"],
  ["next dev -p 3000", "development server"],
  ["next start -p $PORT", "framework server"],
  ["npx next start", "framework server"],
  ["node node_modules/.bin/next start", "framework server"],
  ["nuxt preview", "framework server"],
  ["node .output/server/index.mjs", "runs a file", ".output/server/index.mjs"],
  ["ng serve --host 0.0.0.0", "development server"],
  ["vue-cli-service serve", "development server"],
  ["webpack serve --mode development", "development server"],
  ["astro dev", "development server"],
  ["gatsby develop", "development server"],
  ["remix-serve ./build/server/index.js", "framework server"],
  ["serve -s build -l 3000", "static server", "build"],
  ["npx http-server -p 8080 dist", "static server", "dist"],
  ["nest start", "runs sources"],
  ["nest start --watch", "development server"],
  ["ts-node src/index.ts", "runs sources", "src/index.ts"],
  ["node --loader ts-node/esm src/index.ts", "runs sources", "src/index.ts"],
  ["node --import tsx src/index.ts", "runs sources", "src/index.ts"],
  ["tsx watch src/index.ts", "development server"],
  ["pm2-runtime start ecosystem.config.js", "process manager"],
  ["npm run build && node dist/a.js", "runs a file", "dist/a.js", ["build"]],
  ["yarn build && yarn serve", "static server", "dist", ["build"]],
  ["prisma migrate deploy && node dist/main.js", "runs a file", "dist/main.js", ["migrates"]],
  ["shx cp a b && ./wait.sh && node dist/main.js", "runs a file", "dist/main.js", ["build", "unknown"]],
  ["npm-run-all build serve", "static server", "dist", ["build"]],
  ["node --run serve", "static server", "dist"],
  ["npm-run-all --parallel api web", "unknown"],
  ["concurrently 'node a' 'node b'", "unknown"],
  ["node scripts/start.js", "runs a file", "scripts/start.js"],
  ["node a.js || true", "runs a file", "a.js"],
  ["node a.js || node b.js", undefined],
  ["node a.js | pino-pretty", undefined],
  ["if x; then node a.js; fi", undefined],
  ["a && ( b", undefined],
  ["npm run start", undefined],
  ["npm run -w api start", "unknown"],
  ["", undefined],
];

for (const [start, does, path, before = []] of STARTS)
  test(`npm start: ${start}`, () => {
    const found = startOf(withScripts({ ...BUILD, start, serve: "serve dist" }));
    assert.equal(found?.step.does, does);
    assert.equal(found?.step.path, path);
    assert.deepEqual(found?.before.map((step) => step.does) ?? [], before);
  });

test("npm start: without a script it is server.js, where there is one", () => {
  assert.equal(startOf(withScripts({}), true)?.step.path, "server.js");
  assert.equal(startOf(withScripts({})), undefined);
});

test("a script runs with what stands before and behind it, and its environment is known", () => {
  const steps = stepsOf(withScripts({ ...BUILD, postbuild: "cross-env A=1 B=2 node scripts/copy.js" }), "build");
  assert.deepEqual(
    steps?.map(({ program, does, script }) => [script, program, does]),
    [
      ["prebuild", "rimraf", "nothing"],
      ["build", "tsc", "build"],
      ["postbuild", "node", "runs a file"],
    ],
  );
  assert.deepEqual(
    [...(steps?.at(-1)?.environment ?? [])],
    [
      ["A", "1"],
      ["B", "2"],
    ],
  );
});

test("scripts that call each other end, however many times they do", () => {
  const scripts: Record<string, string> = { s40: "" };
  for (let at = 0; at < 40; at++) scripts[`s${at}`] = `npm run s${at + 1} && npm run s${at + 1}`;
  assert.equal(stepsOf(withScripts(scripts), "s0"), undefined);
  assert.equal(stepsOf(withScripts({ a: "npm run b", b: "npm run a" }), "a"), undefined);
  assert.equal(stepsOf(withScripts({}), "a"), undefined);
});

test("what an install runs of the project's own, and which of it needs the sources", () => {
  const project = withScripts({
    preinstall: "npx only-allow pnpm",
    postinstall: "prisma generate",
    prepare: "husky || true",
    prepublish: "tsc",
    test: "jest",
  });
  assert.deepEqual(
    installHooks(project).map(({ script }) => script),
    ["preinstall", "postinstall", "prepublish", "prepare"],
  );
  assert.deepEqual(
    hooksNeedingSources(project).map(({ script }) => script),
    ["postinstall", "prepublish"],
  );
});

const dependencies = (
  table: Readonly<Record<string, string>>,
  dev: Readonly<Record<string, string>> = {},
): PackageJson => {
  const project = readPackageJson(JSON.stringify({ dependencies: table, devDependencies: dev }));
  assert.ok(project);
  return project;
};

test("dependencies of the build context", () => {
  const project = dependencies({
    a: "file:../a",
    b: "link:./b",
    c: "workspace:^",
    d: "./d.tgz",
    e: "^1",
    f: "patch:f@npm%3A1.0.0#~/.yarn/patches/f.patch",
    g: "workspace:./packages/g",
  });
  assert.deepEqual(
    localDependencies(project).map(({ name, protocol, path }) => [name, protocol, path]),
    [
      ["a", "file", "../a"],
      ["b", "link", "./b"],
      ["c", "workspace", undefined],
      ["d", "file", "./d.tgz"],
      ["f", "patch", ".yarn/patches/f.patch"],
      ["g", "workspace", "./packages/g"],
    ],
  );
});

test("dependencies that git fetches", () => {
  const project = dependencies({
    a: "github:x/y",
    b: "x/y#v1",
    c: "git+ssh://git@example.com/x.git",
    d: "https://example.com/x.git#main",
    e: "npm:other@1",
    f: "https://example.com/x.tgz",
    g: ">=1 <2",
    h: "../x/y",
  });
  assert.deepEqual(gitDependencies(project), ["a", "b", "c", "d"]);
});

/** Dependencies, development dependencies, the frameworks, the most particular first. */
const FRAMEWORKS: readonly (readonly [string, string, readonly string[]])[] = [
  ["next react", "typescript", ["Next.js"]],
  ["nuxt", "", ["Nuxt"]],
  ["@nestjs/core express", "", ["NestJS", "Express"]],
  ["@remix-run/node @remix-run/serve", "vite", ["Remix", "Vite"]],
  ["", "@sveltejs/kit vite", ["SvelteKit", "Vite"]],
  ["astro", "", ["Astro"]],
  ["react-scripts", "", ["Create React App"]],
  ["@angular/core", "@angular/cli", ["Angular"]],
  ["vue", "@vue/cli-service", ["Vue CLI"]],
  ["vue", "vite", ["Vite"]],
  ["fastify", "", ["Fastify"]],
  ["koa", "", ["Koa"]],
  ["hono", "", ["Hono"]],
  ["express", "nodemon", ["Express"]],
  ["left-pad", "", []],
];

for (const [production, development, expected] of FRAMEWORKS)
  test(`frameworks of ${production} + ${development}`, () => {
    const table = (names: string): Record<string, string> =>
      Object.fromEntries(
        names
          .split(" ")
          .filter(Boolean)
          .map((name) => [name, "^1.0.0"]),
      );
    const found = frameworksOf(dependencies(table(production), table(development)));
    assert.deepEqual(
      found.map(({ name }) => name),
      expected,
    );
    assert.ok(found.every(({ wanted }) => wanted === "^1.0.0"));
  });

test("a framework among development dependencies alone says so", () => {
  assert.equal(frameworksOf(dependencies({}, { vite: "6" }))[0]?.isDevelopment, true);
  assert.equal(frameworksOf(dependencies({ next: "15" }, { next: "14" }))[0]?.wanted, "15");
});

test("packages that are more than JavaScript", () => {
  const found = nodeNatives(
    allDependencies(dependencies({ bcrypt: "5", express: "4", canvas: "3" }, { puppeteer: "24" })).keys(),
  );
  assert.deepEqual([...found.keys()].toSorted(), ["bcrypt", "canvas", "puppeteer"]);
  assert.equal(found.get("puppeteer")?.kind, "browser");
  assert.ok(found.get("canvas")?.builds?.includes("libcairo2-dev"));
  assert.equal(nodeNatives(["constructor", "toString"]).size, 0);
});
