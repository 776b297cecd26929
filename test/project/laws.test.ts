/** What holds for any text: no reader throws, and none takes more than linear time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readAngularJson } from "../../server/src/core/model/project/angular-json.ts";
import { readAstroConfig } from "../../server/src/core/model/project/astro-config.ts";
import { readBunLock } from "../../server/src/core/model/project/bun-lock.ts";
import { binariesOf, nativeCrates, readCargoToml } from "../../server/src/core/model/project/cargo-toml.ts";
import { readCmake } from "../../server/src/core/model/project/cmake.ts";
import { readComposerJson, readComposerLock } from "../../server/src/core/model/project/composer.ts";
import { readDotnetProject } from "../../server/src/core/model/project/csproj.ts";
import { ecosystemsIn } from "../../server/src/core/model/project/detect.ts";
import { readGemfile } from "../../server/src/core/model/project/gemfile.ts";
import { readGemfileLock } from "../../server/src/core/model/project/gemfile-lock.ts";
import { cgoRequires, goWorkFolders, readGoMod } from "../../server/src/core/model/project/go-mod.ts";
import { pathsNamed, readGoSource } from "../../server/src/core/model/project/go-source.ts";
import { readGradle, readGradleSettings } from "../../server/src/core/model/project/gradle.ts";
import { readMakefile } from "../../server/src/core/model/project/makefile.ts";
import { readMixExs, readMixLock } from "../../server/src/core/model/project/mix-exs.ts";
import { readNestCli } from "../../server/src/core/model/project/nest-cli.ts";
import { readNextConfig } from "../../server/src/core/model/project/next-config.ts";
import { frameworksOf } from "../../server/src/core/model/project/node-frameworks.ts";
import { installHooks, startOf } from "../../server/src/core/model/project/node-scripts.ts";
import { readNodeSource } from "../../server/src/core/model/project/node-source.ts";
import { readNpmLock } from "../../server/src/core/model/project/npm-lock.ts";
import { readNuxtConfig } from "../../server/src/core/model/project/nuxt-config.ts";
import {
  gitDependencies,
  localDependencies,
  readPackageJson,
} from "../../server/src/core/model/project/package-json.ts";
import { readPipfile } from "../../server/src/core/model/project/pipfile.ts";
import { pnpmWorkspaces, readPnpmLock } from "../../server/src/core/model/project/pnpm-lock.ts";
import { readPom, runnableArchive } from "../../server/src/core/model/project/pom.ts";
import { readPyproject } from "../../server/src/core/model/project/pyproject.ts";
import { readPythonLock } from "../../server/src/core/model/project/python-locks.ts";
import { readPythonRequirement } from "../../server/src/core/model/project/python-requirement.ts";
import { readRequirements } from "../../server/src/core/model/project/requirements.ts";
import { readSvelteConfig } from "../../server/src/core/model/project/svelte-config.ts";
import { compiledPath, readTsconfig } from "../../server/src/core/model/project/tsconfig.ts";
import { versionsSaid } from "../../server/src/core/model/project/version-files.ts";
import { readViteConfig } from "../../server/src/core/model/project/vite-config.ts";
import { readVueConfig } from "../../server/src/core/model/project/vue-config.ts";
import { readYarnLock } from "../../server/src/core/model/project/yarn-lock.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
// The same texts at every run, so that a red one is about the change. FUZZ_SEED and FUZZ_RUNS go looking for more.
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

type Read = (text: string) => unknown;

const packageJson: Read = (text) => {
  const project = readPackageJson(text);
  return (
    project && [
      startOf(project),
      installHooks(project),
      frameworksOf(project),
      localDependencies(project),
      gitDependencies(project),
    ]
  );
};
const script: Read = (text) =>
  packageJson(JSON.stringify({ scripts: { start: text, postinstall: text }, dependencies: { a: text } }));
const cargo: Read = (text) => {
  const found = readCargoToml(text);
  return found && [nativeCrates(found), binariesOf(found, text.split("\n"))];
};
const goMod: Read = (text) => {
  const found = readGoMod(text);
  return found && cgoRequires(found);
};
const goSource: Read = (text) => pathsNamed(readGoSource(text).literals, text.split("\n"));
const pom: Read = (text) => {
  const found = readPom(text);
  return found && runnableArchive(found);
};
const tsconfig: Read = (text) => {
  const found = readTsconfig(text);
  return found && compiledPath(found, text);
};
const lockOf =
  (path: string): Read =>
  (text) =>
    readPythonLock(path, text);
const versionOf =
  (path: string): Read =>
  (text) =>
    versionsSaid(path, text);

/** The readers of one syntax, and pieces that mean something in it. */
const SYNTAXES: Readonly<
  Record<string, { readonly readers: Readonly<Record<string, Read>>; readonly pieces: readonly string[] }>
> = {
  json: {
    readers: {
      packageJson,
      readNpmLock,
      readBunLock,
      tsconfig,
      readNestCli,
      readAngularJson,
      readComposerJson,
      readComposerLock,
      pipenv: lockOf("Pipfile.lock"),
      global: versionOf("global.json"),
    },
    pieces: [
      '{"a":',
      "[",
      "]",
      "}",
      ",",
      '"',
      "\\",
      "//",
      "/*",
      "*/",
      '"packages":{"":',
      '"scripts":{',
      '"dependencies":',
      '"workspaces":',
      "1",
      "null",
      ":",
      '"__proto__":{',
      '"lockfileVersion":3,',
      "\uFEFF",
    ],
  },
  toml: {
    readers: {
      readPyproject,
      readPipfile,
      cargo,
      uv: lockOf("uv.lock"),
      poetry: lockOf("poetry.lock"),
      toolchain: versionOf("rust-toolchain.toml"),
    },
    pieces: [
      "[project]",
      "[[package]]\nname =",
      "[[package]]",
      "[tool.poetry]",
      "name = ",
      '"x"',
      "'",
      '"""',
      "'''",
      "=",
      "{",
      "}",
      "[",
      "]",
      ",",
      ".",
      "a.b",
      "# c",
      "\n",
      "dependencies = [",
      "1979-05-27",
      "\\",
      'name = "',
      " ",
    ],
  },
  scripts: {
    readers: { script, readPythonRequirement },
    pieces: [
      "node a.js",
      "npm run start",
      "&&",
      "||",
      ";",
      "|",
      "(",
      ")",
      "'",
      '"',
      "`",
      "$",
      "$(",
      "cross-env A=b",
      "npx ",
      "if ",
      "then ",
      "fi",
      "<<E",
      "\n",
      "\\",
      " ",
      "@",
      "[",
      ">=1",
      "#egg=",
      "git+",
      ".",
    ],
  },
  javascript: {
    readers: {
      readNextConfig,
      readNodeSource,
      readNuxtConfig,
      readViteConfig,
      readSvelteConfig,
      readAstroConfig,
      readVueConfig,
      readGradle,
      readGradleSettings,
      goSource,
    },
    pieces: [
      "export default ",
      "module.exports = ",
      "const a = ",
      "a",
      "b(",
      "{",
      "}",
      "(",
      ")",
      "[",
      "]",
      "...",
      "output: ",
      "'",
      '"',
      "`",
      "${",
      "/",
      "//",
      "/*",
      "*/",
      "=>",
      ",",
      ":",
      "=",
      ".",
      "\n",
      "return ",
      "function ",
      "import x from ",
      "1",
      "\\",
      "plugins {",
      "id 'x' version '1'",
      "archiveFileName = ",
      'import "C"',
      "exec.Command(",
      "//go:embed ",
    ],
  },
  xml: {
    readers: { pom, readDotnetProject },
    pieces: [
      "<project>",
      "<Project Sdk='x'>",
      "<a>",
      "</a>",
      "<a/>",
      "<a b='",
      "<",
      ">",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<?",
      "?>",
      "<!DOCTYPE [",
      "]",
      "&amp;",
      "&#x",
      "${a}",
      "<properties><a>${a}",
      "<version>",
      "</version>",
      "text",
      "\n",
      '"',
      "'",
    ],
  },
  lines: {
    readers: {
      readRequirements,
      goMod,
      goWorkFolders,
      readGemfile,
      readGemfileLock,
      readMixExs,
      readMixLock,
      readCmake,
      readMakefile,
      readYarnLock,
      readPnpmLock,
      pnpmWorkspaces,
      tools: versionOf(".tool-versions"),
      nvmrc: versionOf(".nvmrc"),
      ecosystems: (text) => ecosystemsIn(text.split("\n")),
    },
    pieces: [
      "\n",
      "\r\n",
      " ",
      "\t",
      "# ",
      "#[[",
      "]]",
      "\\\n",
      "\\",
      "-r ",
      "--hash=",
      "a==1",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      '"',
      "'",
      "=",
      ":",
      ",",
      ";",
      "@",
      "$",
      "${",
      "module a",
      "require (",
      "=>",
      "gem 'a', ",
      "do",
      "end",
      "group :a do",
      "GEM",
      "    a (1)",
      "app: :a",
      "deps: deps",
      "defp deps do [",
      "defp deps",
      "name = ",
      "-r",
      "gem 'a'",
      "releases: [",
      "add_executable(a ",
      "set(a ",
      "all: b",
      "\u2028",
      "# yarn lockfile v1\n",
      "__metadata:\n",
      "a@^1:\n",
      "lockfileVersion: '9'\n",
      "importers:\n  .:\n",
      "- a",
      "&a ",
      "*a",
    ],
  },
};

/** What a text has to begin with for a reader to go on. */
const HEADS: Readonly<Record<string, string>> = {
  readMixExs: "app: :a, releases: releases\n",
  readGemfileLock: "GEM\n",
  readYarnLock: "# yarn lockfile v1\n",
  readPnpmLock: "lockfileVersion: 9\n",
  pom: "<project>",
  readDotnetProject: "<Project>",
  readNextConfig: "export default { output: ",
  readViteConfig: "export default { build: { outDir: 'x' }, plugins: ",
  goSource: "package main\n",
  uv: "[[package]]\n",
};

for (const [name, { readers, pieces }] of Object.entries(SYNTAXES)) {
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 40, size: "max" }).map((parts) => parts.join("")),
    fc.string({ maxLength: 100, unit: "binary" }),
  );
  for (const [reader, read] of Object.entries(readers)) {
    const head = HEADS[reader] ?? "";
    test(`${reader} throws on no text of ${name}`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          read(text);
          read(head + text);
        }),
        { numRuns: RUNS },
      );
    });
    // What YAML takes is the library's business.
    if (read === pnpmWorkspaces) continue;
    test(`${reader} takes linear time`, () => {
      const pairs = pieces.map((each, at) => each + (pieces[(at * 7 + 3) % pieces.length] ?? ""));
      const texts = [
        ...[...pieces, ...pairs, "\0"].map((piece) => head + piece.repeat(SIZE / piece.length)),
        ...pieces.flatMap((piece) => [" ", "a", "\u2028"].map((filler) => `${head}${piece}${filler.repeat(SIZE)}!`)),
      ];
      for (const text of texts) {
        const began = process.cpuUsage();
        read(text);
        const { user, system } = process.cpuUsage(began);
        assert.ok(user + system < LIMIT, `${JSON.stringify(text.slice(0, 40))}… took ${user + system} µs`);
      }
    });
  }
}

/** Long enough for a square of it to take many times the limit, which is generous for a busy machine. */
const SIZE = 40_000;
const LIMIT = 1_000_000;
