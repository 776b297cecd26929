/** Configuration of what builds Node projects, read without running it: what is literal is known, everything else is not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAngularJson } from "../../server/src/core/model/project/angular-json.ts";
import { readAstroConfig } from "../../server/src/core/model/project/astro-config.ts";
import { readNestCli } from "../../server/src/core/model/project/nest-cli.ts";
import { readNextConfig } from "../../server/src/core/model/project/next-config.ts";
import { readNuxtConfig } from "../../server/src/core/model/project/nuxt-config.ts";
import { readSvelteConfig } from "../../server/src/core/model/project/svelte-config.ts";
import { compiledPath, readTsconfig, withParents } from "../../server/src/core/model/project/tsconfig.ts";
import { readViteConfig } from "../../server/src/core/model/project/vite-config.ts";
import { readVueConfig } from "../../server/src/core/model/project/vue-config.ts";
import { readerTests } from "./cases.ts";

/** Every way in which people write the same: `output` is what is expected of Next.js. */
const NEXT: readonly (readonly [string, string, string | null | undefined])[] = [
  ["a variable, CommonJS", `const nextConfig = { output: 'standalone' }\nmodule.exports = nextConfig`, "standalone"],
  [
    "a type",
    `import type { NextConfig } from "next";\nconst c: NextConfig = { output: "standalone" };\nexport default c;`,
    "standalone",
  ],
  ["a generic type", `const c: Partial<Record<string, unknown>> = { output: "export" }\nexport default c`, "export"],
  ["written where it is exported", `export default { output: "export" }`, "export"],
  ["satisfies", `export default { output: "export" } satisfies NextConfig`, "export"],
  ["as const", `export default { output: "export" as const }`, "export"],
  ["a template without anything inserted", "export default { output: `export` }", "export"],
  ["a quoted key", `module.exports = { "output": "export" }`, "export"],
  ["a constant", `const output = "export"; module.exports = { output }`, "export"],
  ["a constant under another name", `const kind = "export"\nmodule.exports = { output: kind }`, "export"],
  ["a function", `module.exports = (phase) => ({ output: "export" })`, "export"],
  [
    "a function with a body",
    `module.exports = async (phase, { defaults }) => { const x = 1; return { output: "export" } }`,
    "export",
  ],
  ["a named function", `export default function config() { return { output: "export" } }`, "export"],
  ["a plugin around it", `module.exports = withMDX({ a: 1 })({ output: "standalone" })`, "standalone"],
  [
    "two plugins around it",
    `export default withSentry(withAnalyzer(config), { silent: true });\nconst config = { output: "export" }`,
    "export",
  ],
  ["not set", `module.exports = { reactStrictMode: true }`, null],
  ["in a comment", `module.exports = {\n  // output: "standalone",\n  /* output: "export" */\n}`, null],
  ["in a text", `module.exports = { a: 'output: "standalone"', b: /output: "x"/ }`, null],
  [
    "of something else",
    `module.exports = { webpack(config) { config.output = { output: "x" }; return config } }`,
    null,
  ],
  ["a condition", `module.exports = { output: process.env.DOCKER ? "standalone" : undefined }`, undefined],
  ["computed", `module.exports = { output: "stand" + "alone" }`, undefined],
  ["an expression on the next line", `const output = "stand"\n  + "alone"\nmodule.exports = { output }`, undefined],
  ["something inserted", "module.exports = { output: `${kind}` }", undefined],
  ["spread, which may set it", `module.exports = { ...base, reactStrictMode: true }`, undefined],
  ["spread, and set behind it", `module.exports = { ...base, output: "export" }`, "export"],
  ["set, and a spread behind it", `module.exports = { output: "export", ...base }`, undefined],
  ["a computed key behind it", `module.exports = { output: "export", [key]: 1 }`, undefined],
  ["a plugin may set it", `module.exports = withMDX({ reactStrictMode: true })`, undefined],
  ["assigned later", `const c = {}\nif (x) c.output = "standalone"\nmodule.exports = c`, undefined],
  ["declared twice", `let c = { output: "a" }\nc = { output: "b" }\nmodule.exports = c`, undefined],
  ["imported", `import config from "./base.mjs"\nexport default config`, undefined],
  [
    "one of two returns",
    `module.exports = (phase) => { if (phase) return { output: "export" }; return {} }`,
    undefined,
  ],
  ["a name that stands for itself", `const a = a\nmodule.exports = a`, undefined],
  [
    "functions inside have returns of their own",
    `module.exports = () => { const a = [1].map((x) => { return x }); return { async headers() { return [] }, output: "export" } }`,
    "export",
  ],
  [
    "a return in a block",
    `module.exports = (phase) => { if (phase) { return { output: "export" } } return {} }`,
    undefined,
  ],
  [
    "a return in an else",
    `module.exports = (phase) => { if (phase) return {}; else { return { output: "export" } } }`,
    undefined,
  ],
  [
    "a return in a try",
    `module.exports = () => { try { return { output: "export" } } catch (e) { return {} } }`,
    undefined,
  ],
  ["nothing", ``, undefined],
];

for (const [about, text, output] of NEXT)
  test(`next.config: ${about}`, () => assert.equal(readNextConfig(text).output, output));

test("next.config: everything it says", () => {
  assert.deepEqual(
    readNextConfig(
      `export default { output: "standalone", distDir: "build", basePath: "/app", images: { unoptimized: true } }`,
    ),
    { output: "standalone", distDir: "build", basePath: "/app", unoptimizedImages: true, outputFileTracingRoot: null },
  );
});

readerTests("vite.config", readViteConfig, [
  [
    "through defineConfig and a function",
    `import { defineConfig, loadEnv } from 'vite'
     import react from '@vitejs/plugin-react'
     export default defineConfig(({ mode }) => {
       const env = loadEnv(mode, process.cwd())
       return { base: "/x/", plugins: [react()], build: { outDir: "out" }, server: { proxy: { "/api": env.API } } }
     })`,
    { base: "/x/", outDir: "out", root: null, proxies: true, isLibrary: false, plugins: ["@vitejs/plugin-react"] },
  ],
  ["Vite's own defaults", `export default defineConfig({})`, { base: null, outDir: null, proxies: false, plugins: [] }],
  ["a library", `export default { build: { lib: { entry: "a.ts" } } }`, { isLibrary: true, outDir: null }],
  ["a server that may have one", `export default { server: makeServer() }`, { proxies: undefined }],
]);

readerTests("nuxt.config", readNuxtConfig, [
  [
    "everything it says",
    `export default defineNuxtConfig({ ssr: false, nitro: { preset: "static", output: { dir: "out" } }, app: { baseURL: "/a/" } })`,
    { ssr: false, preset: "static", outputDir: "out", baseURL: "/a/", target: null },
  ],
  ["Nuxt 2", `export default { target: 'static' }`, { target: "static", ssr: null }],
]);

readerTests("svelte.config", readSvelteConfig, [
  [
    "adapter-node with a folder",
    `import adapter from '@sveltejs/adapter-node';
     /** @type {import('@sveltejs/kit').Config} */
     const config = { kit: { adapter: adapter({ out: 'out' }) } };
     export default config;`,
    { adapter: "@sveltejs/adapter-node", output: "out", base: null },
  ],
  [
    "adapter-static",
    `import adapter from "@sveltejs/adapter-static"; export default { kit: { adapter: adapter({ pages: "site", fallback: "index.html" }) } }`,
    { adapter: "@sveltejs/adapter-static", output: "site" },
  ],
  [
    "without options",
    `import a from "@sveltejs/adapter-auto"\nexport default { kit: { adapter: a() } }`,
    { adapter: "@sveltejs/adapter-auto", output: null },
  ],
]);

readerTests("astro.config", readAstroConfig, [
  [
    "a server of its own",
    `import { defineConfig } from 'astro/config';\nimport node from '@astrojs/node';
     export default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }), outDir: './out' });`,
    { output: "server", adapter: "@astrojs/node", mode: "standalone", outDir: "./out", base: null },
  ],
  ["files", `export default defineConfig({ integrations: [] })`, { output: null, adapter: null }],
]);

readerTests("vue.config", readVueConfig, [
  [
    "a folder",
    `const { defineConfig } = require('@vue/cli-service')\nmodule.exports = defineConfig({ outputDir: 'public' })`,
    { outputDir: "public", publicPath: null },
  ],
]);

readerTests("nest-cli.json", readNestCli, [
  [
    "a monorepo",
    `{ "monorepo": true, "sourceRoot": "apps/api/src", "projects": { "api": {}, "worker": {} }, "compilerOptions": { "webpack": true, "assets": ["**/*.hbs"] } }`,
    {
      monorepo: true,
      sourceRoot: "apps/api/src",
      projects: ["api", "worker"],
      builder: "webpack",
      hasAssets: true,
      entryFile: undefined,
    },
  ],
  [
    "the usual one, with a comment",
    `{ /* x */ "collection": "@nestjs/schematics", "sourceRoot": "src", }`,
    { monorepo: false, builder: undefined, hasAssets: false },
  ],
]);

/** The part of angular.json that says where the files go → the folder with index.html. */
const ANGULAR: readonly (readonly [string, string, string | undefined])[] = [
  ["application", `"builder":"@angular/build:application","options":{"outputPath":"dist/shop"}`, "dist/shop/browser"],
  [
    "application without an output",
    `"builder":"@angular-devkit/build-angular:application","options":{}`,
    "dist/web/browser",
  ],
  [
    "application with folders",
    `"builder":"@angular/build:application","options":{"outputPath":{"base":"out","browser":""}}`,
    "out",
  ],
  ["browser", `"builder":"@angular-devkit/build-angular:browser","options":{"outputPath":"dist/web"}`, "dist/web"],
  ["browser without an output", `"builder":"@angular-devkit/build-angular:browser","options":{}`, undefined],
];

for (const [about, build, folder] of ANGULAR)
  test(`angular.json: ${about}`, () => {
    const found = readAngularJson(
      `{"projects":{"web":{"projectType":"application","architect":{"build":{${build}}}}}}`,
    );
    assert.deepEqual(
      found?.projects.map(({ name, browserFolder, hasServer }) => [name, browserFolder, hasServer]),
      [["web", folder, false]],
    );
  });

readerTests("tsconfig.json", readTsconfig, [
  [
    "comments and trailing commas, which the compiler takes",
    `{
      // build
      "extends": "./base.json",
      "compilerOptions": { "outDir": "./dist", "rootDir": "src", "paths": {"@/*": ["src/*"]}, /* "noEmit": true, */ },
      "include": ["src"],
    }`,
    {
      extends: ["./base.json"],
      outDir: "./dist",
      rootDir: "src",
      hasPaths: true,
      noEmit: undefined,
      include: ["src"],
      files: undefined,
    },
  ],
  [
    "a text that looks like a comment",
    `{"compilerOptions":{"outDir":"a//b","rootDir":"c/*d*/"}}`,
    { outDir: "a//b", rootDir: "c/*d*/" },
  ],
  [
    "several parents and references",
    `{"extends":["a","b"],"references":[{"path":"./core"}]}`,
    { extends: ["a", "b"], references: ["./core"] },
  ],
  ["nothing", ``, undefined],
]);

test("tsconfig.json: what it inherits, and what a file becomes", () => {
  const read = (text: string): NonNullable<ReturnType<typeof readTsconfig>> => {
    const found = readTsconfig(text);
    assert.ok(found);
    return found;
  };
  const own = read(`{"compilerOptions":{"rootDir":"./src/"}}`);
  const merged = withParents(own, [
    read(`{"compilerOptions":{"outDir":"a","rootDir":"x"}}`),
    read(`{"compilerOptions":{"outDir":"./dist"}}`),
  ]);
  // The last of several parents says, the file itself before all of them.
  assert.equal(merged.outDir, "./dist");
  assert.equal(merged.rootDir, "./src/");
  assert.equal(compiledPath(merged, "src/http/main.ts"), "dist/http/main.js");
  assert.equal(compiledPath(merged, "./src/a.mts"), "dist/a.mjs");
  assert.equal(compiledPath(merged, "test/a.ts"), undefined);
  assert.equal(compiledPath(own, "src/a.ts"), undefined);
});
