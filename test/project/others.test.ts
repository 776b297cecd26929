/** What Ruby, PHP, Elixir, CMake and make projects say, and the small files that say versions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCmake } from "../../server/src/core/model/project/cmake.ts";
import {
  installScripts,
  missingFromLock,
  readComposerJson,
  readComposerLock,
} from "../../server/src/core/model/project/composer.ts";
import { readGemfile } from "../../server/src/core/model/project/gemfile.ts";
import { readGemfileLock } from "../../server/src/core/model/project/gemfile-lock.ts";
import { readMakefile } from "../../server/src/core/model/project/makefile.ts";
import { readMixExs, readMixLock } from "../../server/src/core/model/project/mix-exs.ts";
import { rubyNatives } from "../../server/src/core/model/project/ruby-native.ts";
import { versionsSaid } from "../../server/src/core/model/project/version-files.ts";
import { readerTests } from "./cases.ts";

const gem = (name: string, rest: object = {}): object => ({
  name,
  requirement: "",
  groups: [],
  path: undefined,
  git: false,
  ...rest,
});

readerTests("Gemfile", readGemfile, [
  [
    "versions, groups, places",
    `source "https://rubygems.org"
ruby "3.4.1"

gem "rails", "~> 8.0", ">= 8.0.1" # the framework
gem 'pg'
gem "core", path: "../core"
gem "fork", github: "x/fork", branch: "main"
gem "web-console", group: :development
gem "tools", groups: [:development, :test], require: false
gem "long",
    "~> 1",
    require: false

group :development, :test do
  gem "debug", platforms: %i[ mri windows ]
  if ENV["X"]
    gem "maybe"
  end
end

path "engines" do
  gem "billing"
end
gem "last"
gem name_of_it
`,
    {
      ruby: "3.4.1",
      rubyFile: undefined,
      gemspec: false,
      gems: [
        gem("rails", { requirement: "~> 8.0, >= 8.0.1" }),
        gem("pg"),
        gem("core", { path: "../core" }),
        gem("fork", { git: true }),
        gem("web-console", { groups: ["development"] }),
        gem("tools", { groups: ["development", "test"] }),
        gem("long", { requirement: "~> 1" }),
        gem("debug", { groups: ["development", "test"] }),
        gem("maybe", { groups: ["development", "test"] }),
        gem("billing", { path: "engines" }),
        gem("last"),
      ],
    },
  ],
  [
    "Ruby's version in a file",
    `ruby file: ".ruby-version"\ngemspec`,
    { ruby: undefined, rubyFile: ".ruby-version", gemspec: true },
  ],
  ["Ruby's version computed", `ruby File.read(".ruby-version")\nruby "#{x}"`, { ruby: undefined }],
  ["a hash in quotes is no comment", `gem "a#b"\ngem "c"`, { gems: [gem("c")] }],
  ["brackets", `gem("puma", ">= 5.0")`, { gems: [gem("puma", { requirement: ">= 5.0" })] }],
  ["nothing", ``, { gems: [], ruby: undefined }],
]);

readerTests("Gemfile.lock", readGemfileLock, [
  [
    "every section",
    `GIT
  remote: https://github.com/x/fork
  revision: abc
  specs:
    fork (1.0)

PATH
  remote: ../core
  specs:
    core (0.1.0)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.18.0-x86_64-linux-gnu)
      racc (~> 1.4)
    pg (1.5.9)
    rails (8.0.1)
      actionpack (= 8.0.1)

PLATFORMS
  x86_64-linux-gnu
  ruby

DEPENDENCIES
  rails (~> 8.0)

RUBY VERSION
   ruby 3.4.1p0

BUNDLED WITH
   2.6.2
`,
    {
      ruby: "3.4.1",
      bundledWith: "2.6.2",
      gems: { fork: "1.0", core: "0.1.0", nokogiri: "1.18.0", pg: "1.5.9", rails: "8.0.1" },
      platforms: ["x86_64-linux-gnu", "ruby"],
      paths: ["../core"],
      git: true,
    },
  ],
  ["something else", "hello", undefined],
]);

test("gems that need more than Ruby", () => {
  assert.deepEqual(rubyNatives(["pg", "rails"]).get("pg"), {
    prebuilt: false,
    builds: ["libpq-dev"],
    runs: ["libpq5"],
  });
  assert.equal(rubyNatives(["rails", "toString"]).size, 0);
});

const COMPOSER = `{
  "name": "x/app", "type": "project",
  "require": { "php": ">=8.2", "ext-intl": "*", "ext-GD": "*", "laravel/framework": "^11", "x/lib": "*" },
  "require-dev": { "phpunit/phpunit": "^11" },
  "config": { "platform": { "php": "8.3.0" }, "vendor-dir": "lib" },
  "autoload": { "psr-4": { "App\\\\": "app/", "B\\\\": ["b1", "b2"] }, "files": ["helpers.php"], "classmap": ["database"] },
  "scripts": { "post-autoload-dump": ["@php artisan package:discover"], "test": "phpunit" },
  "repositories": [ { "type": "path", "url": "packages/*" }, { "type": "vcs", "url": "https://example.com" } ]
}`;

readerTests("composer.json", readComposerJson, [
  [
    "everything it says",
    COMPOSER,
    {
      name: "x/app",
      type: "project",
      php: ">=8.2",
      platformPhp: "8.3.0",
      require: { "laravel/framework": "^11", "x/lib": "*" },
      requireDev: { "phpunit/phpunit": "^11" },
      extensions: ["intl", "gd"],
      scripts: { "post-autoload-dump": ["@php artisan package:discover"], test: ["phpunit"] },
      autoload: ["app/", "b1", "b2", "database", "helpers.php"],
      vendorDir: "lib",
      pathRepositories: ["packages/*"],
    },
  ],
  ["composer takes no comments", `{ // x\n}`, undefined],
]);

test("composer.lock: packages, extensions, what is not locked", () => {
  const project = readComposerJson(COMPOSER);
  const lock = readComposerLock(
    `{"content-hash":"abc","packages":[{"name":"laravel/framework","version":"v11.0.0","require":{"ext-mbstring":"*","php":"^8.2"}}],"packages-dev":[{"name":"phpunit/phpunit","version":"11.0"}],"platform":{"php":">=8.2","ext-intl":"*"}}`,
  );
  assert.ok(project && lock);
  assert.deepEqual([...lock.packages], [["laravel/framework", "v11.0.0"]]);
  assert.deepEqual(lock.extensions, ["mbstring", "intl"]);
  assert.equal(lock.php, ">=8.2");
  assert.equal(lock.contentHash, "abc");
  assert.deepEqual(missingFromLock(project, lock), ["x/lib"]);
  assert.deepEqual([...installScripts(project).keys()], ["post-autoload-dump"]);
  assert.equal(readComposerLock("{}"), undefined);
});

readerTests("mix.exs", readMixExs, [
  [
    "an application with a release",
    `defmodule Shop.MixProject do
  use Mix.Project

  @version "1.2.0"

  def project do
    [
      app: :shop,
      version: @version, # "9"
      elixir: "~> 1.15",
      aliases: aliases(),
      deps: deps(),
      releases: [
        shop: [include_executables_for: [:unix], applications: [runtime_tools: :permanent]],
        worker: []
      ]
    ]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7.14"},
      {:ecto_sql, "~> 3.10"},
      {:shared, path: "../shared"},
      {:fork, github: "x/fork"},
      # {:gone, "1"},
      {:esbuild, "~> 0.8", runtime: Mix.env() == :dev},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:floki, ">= 0.30.0", only: :test}
    ]
  end

  defp aliases do
    [
      setup: ["deps.get", "ecto.setup"],
      "assets.deploy": ["esbuild shop --minify", "phx.digest"]
    ]
  end
end
`,
    {
      app: "shop",
      version: "1.2.0",
      elixir: "~> 1.15",
      releases: ["shop", "worker"],
      appsPath: undefined,
      aliases: ["setup", "assets.deploy"],
      dependencies: [
        { name: "phoenix", requirement: "~> 1.7.14", path: undefined, git: false, only: undefined, runtime: true },
        { name: "ecto_sql", requirement: "~> 3.10", path: undefined, git: false, only: undefined, runtime: true },
        { name: "shared", requirement: undefined, path: "../shared", git: false, only: undefined, runtime: true },
        { name: "fork", requirement: undefined, path: undefined, git: true, only: undefined, runtime: true },
        { name: "esbuild", requirement: "~> 0.8", path: undefined, git: false, only: undefined, runtime: true },
        { name: "credo", requirement: "~> 1.7", path: undefined, git: false, only: ["dev", "test"], runtime: false },
        { name: "floki", requirement: ">= 0.30.0", path: undefined, git: false, only: ["test"], runtime: true },
      ],
    },
  ],
  [
    "an umbrella",
    `[apps_path: "apps", releases: releases()]\ndefp releases do\n [all: [applications: [a: :permanent]]]\nend`,
    { app: undefined, appsPath: "apps", releases: ["all"] },
  ],
  [
    "aliases where they are used",
    `[app: :a, aliases: [release: ["compile --force", "release"], "a.b": ["c"]]]`,
    { aliases: ["release", "a.b"] },
  ],
  ["no release is declared", `[app: :a, version: "0.1.0"]`, { releases: [], version: "0.1.0", dependencies: [] }],
  ["releases that are computed", `[app: :a, releases: make()]`, { releases: undefined }],
  ["something else", `hello`, undefined],
]);

test("mix.lock", () => {
  const text = `%{\n  "bandit": {:hex, :bandit, "1.5.7", "abc", [:mix], [], "hexpm", "def"},\n  "fork": {:git, "https://x", "abc", []},\n}\n`;
  assert.deepEqual([...readMixLock(text)], [["bandit", "1.5.7"]]);
});

readerTests("CMakeLists.txt", readCmake, [
  [
    "programs, libraries, what it finds and installs",
    `cmake_minimum_required(VERSION 3.16)
project(srv VERSION 1.0 LANGUAGES C CXX)
#[[ add_executable(no main.c)
]]
set(NAME tool)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY \${CMAKE_BINARY_DIR}/bin)
find_package(OpenSSL REQUIRED)
pkg_check_modules(DEPS REQUIRED IMPORTED_TARGET libpq>=14 zlib)
add_executable(\${PROJECT_NAME} main.c # the program
  "other file.c")
Add_Executable(\${NAME} tool.c)
add_executable(\${ELSEWHERE} x.c)
add_executable(given::x ALIAS srv)
add_library(core STATIC core.c)
add_library(plugin MODULE p.c)
add_library(headers INTERFACE)
install(constructor x)
target_link_libraries(srv PRIVATE core sqlite3)
add_subdirectory(lib)
install(TARGETS srv tool LIBRARY DESTINATION lib RUNTIME DESTINATION \${CMAKE_INSTALL_BINDIR})
install(FILES a.conf b.conf DESTINATION etc)
install(DIRECTORY data/ DESTINATION share/srv)
install(TARGETS core)
`,
    {
      project: "srv",
      minimum: "3.16",
      languages: ["C", "CXX"],
      executables: ["srv", "tool"],
      libraries: [
        { name: "core", kind: "static" },
        { name: "plugin", kind: "shared" },
      ],
      packages: ["OpenSSL"],
      modules: ["libpq", "zlib"],
      links: ["core", "sqlite3"],
      subdirectories: ["lib"],
      runtimeOutput: "bin",
      fetches: false,
      installs: [
        { what: "targets", names: ["srv", "tool"], destination: "bin" },
        { what: "files", names: ["a.conf", "b.conf"], destination: "etc" },
        { what: "directory", names: ["data/"], destination: "share/srv" },
        { what: "targets", names: ["core"], destination: "bin" },
      ],
    },
  ],
  [
    "a variable set twice is unknown",
    `set(N a)\nif(X)\nset(N b)\nendif()\nadd_executable(\${N} m.c)`,
    { executables: [] },
  ],
  [
    "sources fetched while it builds",
    `include(FetchContent)\nFetchContent_Declare(fmt URL https://example.com)`,
    { fetches: true },
  ],
  ["nothing", ``, { project: undefined, executables: [], installs: [] }],
]);

readerTests("Makefile", readMakefile, [
  [
    "targets, recipes, variables",
    `CC ?= gcc # the compiler
CFLAGS := -O2 \\
  -Wall
-include local.mk
.PHONY: all clean
all: srv
srv: main.o util.o | build
	$(CC) -o $@ $^
	@echo done
%.o: %.c
	$(CC) -c $<
debug: CFLAGS = -g
clean: ; rm -f srv
install lib/x.so:: srv
ifdef X
endif
define NOTE
no: target
endef
`,
    {
      first: "all",
      variables: { CC: "gcc", CFLAGS: "-O2  -Wall" },
      includes: ["local.mk"],
      targets: [
        { name: "all", prerequisites: ["srv"], phony: true, recipe: [] },
        {
          name: "srv",
          prerequisites: ["main.o", "util.o", "|", "build"],
          phony: false,
          recipe: ["$(CC) -o $@ $^", "echo done"],
        },
        { name: "clean", prerequisites: [], phony: true, recipe: ["rm -f srv"] },
        { name: "install", prerequisites: ["srv"], phony: false, recipe: [] },
        { name: "lib/x.so", prerequisites: ["srv"], phony: false, recipe: [] },
      ],
    },
  ],
  ["nothing", ``, { targets: [], first: undefined }],
]);

/** The file, its text, what it says. */
const VERSIONS: readonly (readonly [string, string, readonly string[]])[] = [
  [".nvmrc", "v22.11.0\n", ["node 22.11.0"]],
  [".nvmrc", "lts/jod", ["node lts/jod"]],
  ["api/.python-version", "# pyenv\n3.12.7\r\n3.11\n", ["python 3.12.7"]],
  ["runtime.txt", "python-3.12.7", ["python 3.12.7"]],
  [".ruby-version", "ruby-3.4.1", ["ruby 3.4.1"]],
  [
    ".tool-versions",
    "nodejs 22.11.0\n# x\nelixir 1.18.1-otp-27 1.17\nother 1\n",
    ["node 22.11.0", "elixir 1.18.1-otp-27"],
  ],
  [".sdkmanrc", "# x\njava=21.0.5-tem\n", ["java 21.0.5-tem"]],
  ["rust-toolchain", "stable\n", ["rust stable"]],
  ["rust-toolchain", `[toolchain]\nchannel = "1.85"`, ["rust 1.85"]],
  ["rust-toolchain.toml", `[toolchain]\nchannel = "nightly-2025-01-01"`, ["rust nightly-2025-01-01"]],
  ["global.json", `{ "sdk": { "version": "9.0.100" /* x */ } }`, ["dotnet 9.0.100"]],
  ["global.json", `{}`, []],
  [".nvmrc", "", []],
  ["other", "1", []],
];

for (const [path, text, expected] of VERSIONS)
  test(`${path}: ${JSON.stringify(text)}`, () =>
    assert.deepEqual(
      versionsSaid(path, text).map(({ language, version }) => `${language} ${version}`),
      expected,
    ));
