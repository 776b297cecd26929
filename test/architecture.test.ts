/** The invariants of ARCHITECTURE.md that are about what is absent. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { stale } from "../scripts/generate.ts";
import { rules } from "../server/src/core/rules/index.ts";

const root = join(import.meta.dirname, "..");

interface Source {
  readonly path: string;
  readonly text: string;
  /** Repository paths for relative imports, package names for others. */
  readonly imports: readonly string[];
}

const sources = (folder: string): Source[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .map((name) => {
      const path = join(folder, name).replaceAll("\\", "/");
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });

function importsOf(path: string, text: string): string[] {
  const names = [
    ...text.matchAll(/^\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|^import\s+"([^"]+)"/gm),
  ];
  return names.map((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? "";
    return name.startsWith(".") ? relative(root, resolve(root, dirname(path), name)).replaceAll("\\", "/") : name;
  });
}

const server = sources("server/src");
const client = sources("client/src");
const isLocal = (name: string): boolean => /^(server|client|test|scripts)\//.test(name);
const isPackage = (name: string): boolean => !isLocal(name) && !name.startsWith("node:") && name !== "package.json";
const packageOf = (name: string): string =>
  name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? name);

/** Libraries that only compute. */
const PURE: ReadonlySet<string> = new Set(["smol-toml", "unbash", "yaml"]);

test("the core is pure: no node, no protocol, no promise, no clock, no randomness", () => {
  const core = server.filter(({ path }) => path.startsWith("server/src/core/"));
  assert.ok(core.length > 30);
  for (const { path, imports, text } of core) {
    for (const name of imports) {
      assert.ok(isLocal(name) ? name.startsWith("server/src/core/") : PURE.has(name), `${path} imports ${name}`);
    }
    const code = withoutTexts(text);
    assert.doesNotMatch(
      code,
      /\b(async|await)\s|\bPromise\b|\bDate\.|new Date\b|performance\.now|Math\.random|setTimeout|\bprocess\./,
      path,
    );
  }
});

/** Without comments and string contents, where such words are about what is checked. */
const withoutTexts = (code: string): string =>
  code.replace(/\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*/g, "");

/** Each layer may import itself and those named; `text ← model ← rule ← rules, assists ← lint ← findings`. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  text: [],
  model: ["text"],
  features: ["text", "model"],
  "rule.ts": ["text", "model"],
  assists: ["text", "model", "rule.ts"],
  rules: ["text", "model", "rule.ts", "assists"],
  generate: ["text", "model", "rule.ts", "assists"],
  "lint.ts": ["text", "model", "rule.ts"],
  image: ["text", "model", "rule.ts"],
  verify: ["text", "model"],
  findings: ["text", "model", "rule.ts", "lint.ts", "assists"],
  config: ["text", "model", "rule.ts", "lint.ts", "findings", "rules", "image"],
};

test("the core's layers import downwards only", () => {
  const layerOf = (path: string): string => path.replace("server/src/core/", "").split("/")[0] ?? "";
  for (const { path, imports } of server.filter((each) => each.path.startsWith("server/src/core/"))) {
    const allowed = LAYERS[layerOf(path)];
    assert.ok(allowed, `${path} is in no known layer`);
    for (const name of imports.filter(isLocal))
      assert.ok(layerOf(name) === layerOf(path) || allowed.includes(layerOf(name)), `${path} imports ${name}`);
  }
});

test("nothing sees lsp, cli is a driver, effects see only the core", () => {
  for (const { path, imports } of server) {
    for (const name of imports.filter((each) => each.startsWith("server/"))) {
      const folder = path.split("/")[2] ?? "";
      const target = name.split("/")[2] ?? "";
      if (folder === target) continue;
      // `dockwright lsp` starts the server: the one door between the drivers.
      const door = path === "server/src/cli/parts.ts" && name === "server/src/lsp/main.ts";
      assert.ok(
        door || target === "core" || (target === "effects" && (folder === "lsp" || folder === "cli")),
        `${path} imports ${name}`,
      );
    }
  }
  for (const { path, imports } of client)
    for (const name of imports.filter(isLocal))
      assert.ok(name.startsWith("client/") || name === "server/src/lsp/messages.ts", `${path} imports ${name}`);
});

test("lines and columns begin where people and editors are told of places", () => {
  const users = server.filter(({ text }) => /\.(?:position|offset)\(/.test(text)).map(({ path }) => path);
  const allowed = [
    "server/src/lsp/convert.ts",
    "server/src/cli/locate.ts",
    "server/src/cli/reporters/",
    "server/src/core/findings/example-output.ts",
  ];
  assert.ok(users.length > 1);
  for (const path of users)
    assert.ok(
      allowed.some((start) => path.startsWith(start)),
      `${path} reckons in lines`,
    );
});

test("no import goes round in a circle", () => {
  const importsAt = new Map([...server, ...client].map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    assert.ok(!way.includes(path), [...way, path].join(" → "));
    if (done.has(path)) return;
    for (const name of importsAt.get(path) ?? []) visit(name, [...way, path]);
    done.add(path);
  };
  for (const path of importsAt.keys()) visit(path, []);
});

test("each library has one importing module, or one importing folder where that is its job", () => {
  const folders: Readonly<Record<string, string>> = {
    "vscode-languageserver": "server/src/lsp/",
    vscode: "client/src/",
    "vscode-languageclient": "client/src/",
  };
  const importers = new Map<string, Set<string>>();
  for (const { path, imports } of [...server, ...client])
    for (const name of imports)
      if (isPackage(name)) {
        const library = packageOf(name);
        importers.set(library, (importers.get(library) ?? new Set()).add(path));
      }
  for (const [library, paths] of importers) {
    const folder =
      folders[library] ?? (library.startsWith("vscode-languageserver") ? folders["vscode-languageserver"] : undefined);
    if (folder) for (const path of paths) assert.ok(path.startsWith(folder), `${path} imports ${library}`);
    else assert.equal(paths.size, 1, `${library} is imported by ${[...paths].join(", ")}`);
  }
});

test("processes start in process.ts only, and never through a shell", () => {
  const starters = [...server, ...client, ...sources("scripts"), ...sources("test")]
    .filter(({ imports }) => imports.includes("node:child_process"))
    .map(({ path }) => path);
  assert.deepEqual(starters.toSorted(), [
    "client/src/process.ts",
    "scripts/process.ts",
    "server/src/effects/process.ts",
  ]);
  for (const { path, text } of [...server, ...client]) {
    assert.doesNotMatch(text, /shell:\s*true|\beval\(|new Function\(/, path);
  }
});

test("every rule has a page and every generated file is fresh", async () => {
  assert.deepEqual(await stale(), []);
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
});

test("no file names a machine", () => {
  for (const { path, text } of [...server, ...client, ...sources("test"), ...sources("scripts")])
    assert.doesNotMatch(
      text,
      /\/(?:home|Users)\/(?!node\b|dev\b|gradle\b|bun\b)[a-z]+\/|\/work\/(?:main|shared)/,
      path,
    );
});
