/** What Go and Rust projects say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { binariesOf, nativeCrates, readCargoToml } from "../../server/src/core/model/project/cargo-toml.ts";
import { cgoRequires, goWorkFolders, readGoMod } from "../../server/src/core/model/project/go-mod.ts";
import { pathsNamed, readGoSource } from "../../server/src/core/model/project/go-source.ts";
import { readerTests } from "./cases.ts";

const GO_MOD = `// Deprecated: no
module example.com/api // the module

go 1.24.3

toolchain go1.25.0

require (
	github.com/mattn/go-sqlite3 v1.14.28
	golang.org/x/sys v0.30.0 // indirect
)

require github.com/gin-gonic/gin v1.10.0

replace example.com/lib => ../lib

replace (
	example.com/a v1.0.0 => ./a
	example.com/b => example.com/c v1.2.0
)

tool golang.org/x/tools/cmd/stringer
exclude example.com/x v1.0.0
`;

readerTests("go.mod", readGoMod, [
  [
    "every directive",
    GO_MOD,
    {
      module: "example.com/api",
      go: "1.24.3",
      toolchain: "go1.25.0",
      requires: [
        { path: "github.com/mattn/go-sqlite3", version: "v1.14.28", indirect: false },
        { path: "golang.org/x/sys", version: "v0.30.0", indirect: true },
        { path: "github.com/gin-gonic/gin", version: "v1.10.0", indirect: false },
      ],
      replaces: [
        { path: "example.com/lib", folder: "../lib" },
        { path: "example.com/a", folder: "./a" },
        { path: "example.com/b", folder: undefined },
      ],
      tools: ["golang.org/x/tools/cmd/stringer"],
    },
  ],
  [
    "Windows' line endings and quotes",
    `module "example.com/a"\r\ngo 1.22\r\n`,
    { module: "example.com/a", go: "1.22" },
  ],
  [
    "brackets without a blank",
    "module a\nrequire(\n\tb v1\n)\n",
    { requires: [{ path: "b", version: "v1", indirect: false }] },
  ],
  ["something else", "hello", undefined],
]);

test("modules that call C", () => {
  const mod = readGoMod(GO_MOD);
  assert.ok(mod);
  assert.deepEqual([...cgoRequires(mod).keys()], ["github.com/mattn/go-sqlite3"]);
  const versioned = readGoMod("module a\nrequire github.com/confluentinc/confluent-kafka-go/v2 v2.5.0\n");
  assert.ok(versioned);
  assert.equal(cgoRequires(versioned).size, 1);
});

test("go.work", () =>
  assert.deepEqual(goWorkFolders("go 1.24\nuse ./a\nuse (\n\t./b // x\n\t./c\n)\n"), ["./a", "./b", "./c"]));

readerTests("a Go file", readGoSource, [
  [
    "imports, literals, what it embeds and starts",
    `//go:build linux && !cgo

// import "C" in a comment
package main

import (
	"embed"
	"os/exec"
	tmpl "html/template"
)

//go:embed static/* all:views "a b.txt"
var files embed.FS

/* "not a literal" */
func main() {
	t := tmpl.Must(tmpl.ParseFiles("templates/a.html"))
	r := '"'
	s := \`raw "text" \\n\`
	exec.Command("git", "status")
	exec.CommandContext(ctx, "ffmpeg")
	exec.Command(name)
	_, _, _ = t, r, s
}
`,
    {
      package: "main",
      hasMain: true,
      usesCgo: false,
      embeds: ["static/*", "views", "a b.txt"],
      imports: ["embed", "os/exec", "html/template"],
      literals: ["templates/a.html", 'raw "text" \\n', "git", "status", "ffmpeg"],
      starts: ["git", "ffmpeg"],
      loadsPlugins: false,
      constraints: ["linux && !cgo"],
    },
  ],
  [
    "cgo",
    `package db\n\n// #include <stdlib.h>\nimport "C"\nimport "unsafe"\n`,
    { package: "db", usesCgo: true, imports: ["C", "unsafe"], hasMain: false },
  ],
  [
    "all on one line",
    `package main;import ("fmt";"os");func main(){os.ReadFile("templates/a.html")}`,
    { imports: ["fmt", "os"], literals: ["templates/a.html"], hasMain: true },
  ],
  ["plugins", `package x\nfunc f() { plugin.Open("a.so") }`, { loadsPlugins: true, literals: ["a.so"] }],
  ["a text with the word in it", `package x\nvar s = "import \\"C\\""`, { usesCgo: false, imports: [] }],
  ["nothing", "", { package: undefined, literals: [] }],
]);

test("literals that name paths of the build context", () => {
  const paths = ["templates/", "templates/a.html", "cmd/api/main.go", "cmd/api/conf.yaml", "static/"];
  const of = (literals: readonly string[], folder?: string): readonly string[] => pathsNamed(literals, paths, folder);
  assert.deepEqual(of(["templates/a.html", "./static", "text/html", "missing.txt"]), ["templates/a.html", "static"]);
  assert.deepEqual(of(["templates/*.html"]), ["templates"]);
  assert.deepEqual(of(["conf.yaml"], "cmd/api"), ["cmd/api/conf.yaml"]);
  assert.deepEqual(of(["", ".", "/", "..", "/static", "%s/static", "*"]), []);
});

readerTests("Cargo.toml", readCargoToml, [
  [
    "a package",
    `[package]
name = "server"
version = "0.3.1"
edition = "2024"
rust-version = "1.85"
default-run = "server"
build = "build/main.rs"

[[bin]]
name = "server"
path = "src/server.rs"

[[bin]]
name = "admin"
required-features = ["admin"]

[dependencies]
axum = "0.8"
tls = { package = "native-tls", version = "0.2" }
shared = { path = "../shared" }

[target.'cfg(unix)'.dependencies]
nix = { git = "https://example.com/nix" }

[build-dependencies]
cc = "1"

[dev-dependencies]
tokio-test = "0.4"

[profile.dist]
inherits = "release"
`,
    {
      name: "server",
      version: "0.3.1",
      rustVersion: "1.85",
      defaultRun: "server",
      build: "build/main.rs",
      autobins: true,
      binaries: [
        { name: "server", path: "src/server.rs", requiredFeatures: [] },
        { name: "admin", path: undefined, requiredFeatures: ["admin"] },
      ],
      workspace: undefined,
      profiles: ["dist"],
      dependencies: [
        { name: "axum", version: "0.8", path: undefined, git: undefined, features: [], kind: "normal" },
        { name: "native-tls", version: "0.2", path: undefined, git: undefined, features: [], kind: "normal" },
        { name: "shared", version: undefined, path: "../shared", git: undefined, features: [], kind: "normal" },
        { name: "cc", version: "1", path: undefined, git: undefined, features: [], kind: "build" },
        { name: "tokio-test", version: "0.4", path: undefined, git: undefined, features: [], kind: "dev" },
        {
          name: "nix",
          version: undefined,
          path: undefined,
          git: "https://example.com/nix",
          features: [],
          kind: "normal",
        },
      ],
    },
  ],
  [
    "a workspace, and values it gives",
    `[workspace]\nmembers = ["crates/*"]\ndefault-members = ["crates/api"]\nexclude = ["old"]\n[package]\nname = "x"\nversion.workspace = true\nbuild = false`,
    {
      workspace: { members: ["crates/*"], defaultMembers: ["crates/api"], exclude: ["old"] },
      version: undefined,
      build: false,
      name: "x",
    },
  ],
  ["no TOML", "[package", undefined],
]);

test("the programs of a Cargo.toml", () => {
  const of = (toml: string, paths: readonly string[]): readonly string[] => {
    const cargo = readCargoToml(toml);
    assert.ok(cargo);
    return binariesOf(cargo, paths);
  };
  const SOURCES = ["src/main.rs", "src/lib.rs", "src/bin/tool.rs", "src/bin/other/main.rs", "src/bin/other/part.rs"];
  assert.deepEqual(of(`[package]\nname = "app"`, SOURCES), ["app", "tool", "other"]);
  assert.deepEqual(of(`[package]\nname = "app"\n[[bin]]\nname = "server"\npath = "src/main.rs"`, ["src/main.rs"]), [
    "server",
  ]);
  assert.deepEqual(of(`[package]\nname = "app"\nautobins = false`, SOURCES), []);
  assert.deepEqual(of(`[workspace]`, SOURCES), []);
  assert.deepEqual(of(`[package]\nname = "app"`, ["src/lib.rs"]), []);
});

test("crates that need libraries", () => {
  const of = (dependencies: string): readonly string[] => {
    const cargo = readCargoToml(`[dependencies]\n${dependencies}`);
    assert.ok(cargo);
    return [...nativeCrates(cargo).values()].flat();
  };
  assert.deepEqual(of(`openssl = "0.10"`), ["libssl-dev", "pkg-config"]);
  assert.deepEqual(of(`openssl = { version = "0.10", features = ["vendored"] }`), []);
  assert.deepEqual(of(`diesel = { version = "2", features = ["postgres", "r2d2"] }`), ["libpq-dev"]);
  assert.deepEqual(of(`axum = "0.8"`), []);
});

test("the example's go.mod", () => {
  const read = (name: string): string => readFileSync(new URL(`../../examples/go/${name}`, import.meta.url), "utf8");
  assert.deepEqual(readGoMod(read("go.mod")), {
    module: "example.com/hello",
    go: "1.24",
    toolchain: undefined,
    requires: [],
    replaces: [],
    tools: [],
  });
  const main = readGoSource(read("main.go"));
  assert.equal(main.hasMain, true);
  assert.equal(main.usesCgo, false);
});
