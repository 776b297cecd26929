/** What Python projects say: requirements, pyproject.toml, Pipfile, lock files. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readPipfile } from "../../server/src/core/model/project/pipfile.ts";
import { readPyproject } from "../../server/src/core/model/project/pyproject.ts";
import { pythonFrameworks } from "../../server/src/core/model/project/python-frameworks.ts";
import { readPythonLock } from "../../server/src/core/model/project/python-locks.ts";
import { pythonNatives } from "../../server/src/core/model/project/python-native.ts";
import { readPythonRequirement } from "../../server/src/core/model/project/python-requirement.ts";
import { readRequirements } from "../../server/src/core/model/project/requirements.ts";
import { readerTests } from "./cases.ts";

const NONE = { extras: [], specifier: "", marker: undefined, url: undefined, vcs: false, path: undefined };

readerTests("a requirement", readPythonRequirement, [
  ["a name alone", "Flask", { name: "flask", ...NONE }],
  ["names are normalised", "zope.interface__x", { name: "zope-interface-x" }],
  ["a version", "flask==3.1.2", { name: "flask", specifier: "==3.1.2" }],
  ["several, with blanks and brackets", "a ( >= 1.0, < 2 )", { name: "a", specifier: ">=1.0,<2" }],
  ["compatible release", "a~=1.4", { specifier: "~=1.4" }],
  [
    "extras",
    "uvicorn[standard,Foo_Bar]>=0.30",
    { name: "uvicorn", extras: ["standard", "foo-bar"], specifier: ">=0.30" },
  ],
  [
    "a marker",
    `tomli>=2; python_version < "3.11"`,
    { name: "tomli", specifier: ">=2", marker: `python_version < "3.11"` },
  ],
  ["a marker alone", `colorama ; sys_platform == 'win32'`, { specifier: "", marker: `sys_platform == 'win32'` }],
  [
    "a URL behind a name",
    "a @ https://example.com/a-1.0.whl ; os_name == 'nt'",
    { name: "a", url: "https://example.com/a-1.0.whl", marker: "os_name == 'nt'", vcs: false },
  ],
  [
    "git behind a name",
    "a @ git+https://example.com/a.git@v1",
    { name: "a", url: "git+https://example.com/a.git@v1", vcs: true },
  ],
  ["git alone", "git+ssh://git@example.com/a.git#egg=My_Name", { name: "my-name", vcs: true, path: undefined }],
  ["a wheel of the network", "https://example.com/My_Pkg-1.0-py3-none-any.whl", { name: "my-pkg", vcs: false }],
  ["a folder", "./ext", { name: undefined, path: "./ext", url: undefined }],
  ["a folder with extras", ".[dev]", { path: ".", extras: ["dev"] }],
  ["a folder without a dot", "libs/common", { path: "libs/common" }],
  ["an archive", "dist/a-1.0-py3-none-any.whl", { name: "a", path: "dist/a-1.0-py3-none-any.whl" }],
  ["a file URL", "file:///src/a", { path: "/src/a", url: undefined }],
  ["no requirement", "=1.0", undefined],
  ["a sentence", "this is text", undefined],
  ["nothing", "  ", undefined],
]);

readerTests("requirements.txt", readRequirements, [
  [
    "pip's forms",
    `# comment
--index-url https://example.com/simple
--extra-index-url=https://example.com/other
-r base.txt
-rmore.txt
--requirement=third.txt # comment
-c constraints.txt
-e .
-e git+https://example.com/x.git#egg=x
--no-binary :all:
flask==3.1.2
  gunicorn >= 20   # not pinned
a#b
requests==2.32.3 \\
    --hash=sha256:aaa \\
    --hash=sha256:bbb
token @ https://\${TOKEN}@example.com/a.whl
!!!
`,
    {
      includes: ["base.txt", "more.txt", "third.txt"],
      constraints: ["constraints.txt"],
      sources: ["https://example.com/simple", "https://example.com/other"],
      hashed: true,
      pinned: { exact: 2, of: 3 },
      variables: ["TOKEN"],
      unread: ["a#b", "!!!"],
    },
  ],
  ["Windows' line endings, no end", "flask==1\r\ndjango", { pinned: { exact: 1, of: 2 }, hashed: false, unread: [] }],
  ["a wildcard pins nothing", "a==1.*", { pinned: { exact: 0, of: 1 } }],
  ["hashes asked for", "--require-hashes\na==1", { hashed: true }],
  ["nothing", "", { requirements: [], includes: [], unread: [] }],
]);

test("requirements.txt: each with its own", () => {
  const { requirements } = readRequirements(
    "-e ./lib\na==1 --hash=sha256:x --hash=sha256:y\nb; os_name == 'nt' --hash=sha256:z",
  );
  assert.deepEqual(
    requirements.map(({ name, path, editable, hashes, marker }) => [name, path, editable, hashes, marker]),
    [
      [undefined, "./lib", true, 0, undefined],
      ["a", undefined, false, 2, undefined],
      ["b", undefined, false, 1, "os_name == 'nt'"],
    ],
  );
});

const names = (list: unknown): unknown =>
  Array.isArray(list) ? list.map((each: { name: string }) => each.name) : list;
const readProject = (text: string): unknown => {
  const found = readPyproject(text);
  return (
    found && {
      ...found,
      dependencies: names(found.dependencies),
      groups: new Map([...found.groups].map(([name, group]) => [name, names(group)])),
      extras: new Map([...found.extras].map(([name, group]) => [name, names(group)])),
    }
  );
};

readerTests("pyproject.toml", readProject, [
  [
    "the standard's tables, with setuptools",
    `[build-system]
requires = ["setuptools>=61", "setuptools_scm"]
build-backend = "setuptools.build_meta"

[project]
name = "app"
dynamic = ["version"]
readme = "README.md"
license = {file = "LICENSE"}
requires-python = ">=3.11"
dependencies = [
  "fastapi>=0.115", # web
  'uvicorn[standard]',
]
[project.optional-dependencies]
pg = ["psycopg[binary]"]
[project.scripts]
serve = "app.main:run"
[tool.setuptools.dynamic]
version = {file = "app/VERSION"}
`,
    {
      name: "app",
      version: undefined,
      requiresPython: ">=3.11",
      manager: undefined,
      buildBackend: "setuptools.build_meta",
      dependencies: ["fastapi", "uvicorn"],
      extras: { pg: ["psycopg"] },
      scripts: { serve: "app.main:run" },
      readFiles: ["README.md", "LICENSE", "app/VERSION"],
      versionFromGit: true,
      dynamic: ["version"],
    },
  ],
  [
    "poetry's own tables",
    `[tool.poetry]
name = "app"
version = "0.1.0"
readme = "README.md"
package-mode = false
[tool.poetry.dependencies]
python = "^3.12"
Django = "^5.0"
lib = { path = "../lib", develop = true }
fork = { git = "https://example.com/fork.git", branch = "main" }
maybe = { version = "1", optional = true }
both = [ { version = "1", python = "<3.9" }, { version = "2" } ]
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.poetry.dev-dependencies]
black = "24"
[tool.poetry.scripts]
app = "app.cli:main"
[tool.poetry.extras]
more = ["Maybe"]
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`,
    {
      name: "app",
      version: "0.1.0",
      requiresPython: "^3.12",
      manager: "poetry",
      isPackage: false,
      dependencies: ["django", "lib", "fork", "both"],
      extras: { more: ["maybe"] },
      groups: { dev: ["black", "pytest"] },
      scripts: { app: "app.cli:main" },
      versionFromGit: false,
    },
  ],
  [
    "uv with groups that include each other",
    `[project]
name = "app"
version = "1"
dependencies = []
[dependency-groups]
test = ["pytest"]
dev = [{include-group = "test"}, "ruff"]
[tool.uv]
dev-dependencies = ["mypy"]
package = false
[tool.uv.workspace]
members = ["packages/*"]
[tool.uv.sources]
app = { workspace = true }
`,
    {
      manager: "uv",
      isPackage: false,
      groups: { test: ["pytest"], dev: ["ruff", "pytest", "mypy"] },
      workspaceMembers: ["packages/*"],
    },
  ],
  [
    "pdm",
    `[project]\nname="a"\n[tool.pdm]\ndistribution = false\n[tool.pdm.dev-dependencies]\ntest = ["pytest"]\n[build-system]\nbuild-backend = "pdm.backend"`,
    { manager: "pdm", isPackage: false, groups: { test: ["pytest"] } },
  ],
  [
    "hatch with a version from git",
    `[build-system]\nrequires=["hatchling","hatch-vcs"]\nbuild-backend="hatchling.build"\n[tool.hatch.version]\nsource="vcs"`,
    { manager: undefined, buildBackend: "hatchling.build", versionFromGit: true },
  ],
  [
    "settings of tools alone",
    `[tool.black]\nline-length = 100`,
    { name: undefined, manager: undefined, dependencies: [], tools: ["black"] },
  ],
  [
    "dotted keys and inline tables",
    `project.name = "a"\nproject.scripts = { x = "a:b" }\nproject."requires-python" = '>=3'`,
    { name: "a", scripts: { x: "a:b" }, requiresPython: ">=3" },
  ],
  ["no TOML", `name = a b c`, undefined],
  ["a table twice", `[project]\nname="a"\n[project]\nname="b"`, undefined],
]);

test("pyproject.toml: groups that include each other again and again end", () => {
  const lines = [...Array(60).keys()].map(
    (at) => `g${at} = ["p${at}"${`, {include-group = "g${at - 1}"}`.repeat(at === 0 ? 0 : 2)}]`,
  );
  assert.ok(readPyproject(`[dependency-groups]\n${lines.join("\n")}`));
});

readerTests("Pipfile", readPipfile, [
  [
    "both kinds of packages",
    `[[source]]\nurl = "https://pypi.org/simple"\n[packages]\nflask = "*"\nrequests = {version = "==2.32", extras = ["socks"]}\nlib = {path = "./lib", editable = true}\n[dev-packages]\npytest = "*"\n[requires]\npython_version = "3.12"\n[scripts]\nweb = "flask run"`,
    {
      pythonVersion: "3.12",
      scripts: { web: "flask run" },
      packages: [
        { name: "flask", ...NONE, editable: false },
        { name: "requests", ...NONE, extras: ["socks"], specifier: "==2.32", editable: false },
        { name: "lib", ...NONE, path: "./lib", editable: true },
      ],
      devPackages: [{ name: "pytest", ...NONE, editable: false }],
    },
  ],
  ["no TOML", "[", undefined],
]);

/** The name of the file, its text, what is known of it. */
const LOCKS: readonly (readonly [string, string, object | undefined])[] = [
  [
    "uv.lock",
    `version = 1\nrevision = 2\nrequires-python = ">=3.12"\n\n[[package]]\nname = "Flask"\nversion = "3.1.2"\nsource = { registry = "https://pypi.org/simple" }\n\n[[package]]\nname = "app"\nsource = { virtual = "." }\n`,
    {
      kind: "uv",
      version: "1",
      tool: undefined,
      requiresPython: ">=3.12",
      packages: new Map([
        ["flask", "3.1.2"],
        ["app", ""],
      ]),
    },
  ],
  [
    "api/poetry.lock",
    `# This file is automatically @generated by Poetry 2.1.3 and should not be changed by hand.\n\n[[package]]\nname = "click"\nversion = "8.1.7"\n\n[package.dependencies]\ncolorama = "*"\nname = "no"\n\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.12"\ncontent-hash = "x"\n`,
    {
      kind: "poetry",
      version: "2.1",
      tool: "2.1.3",
      requiresPython: ">=3.12",
      packages: new Map([["click", "8.1.7"]]),
    },
  ],
  [
    "Pipfile.lock",
    `{"_meta":{"hash":{"sha256":"x"},"pipfile-spec":6,"requires":{"python_version":"3.12"}},"default":{"flask":{"version":"==3.1.2"}},"develop":{"pytest":{"version":"==8"}}}`,
    {
      kind: "pipenv",
      version: "6",
      tool: undefined,
      requiresPython: "3.12",
      packages: new Map([
        ["pytest", "8"],
        ["flask", "3.1.2"],
      ]),
    },
  ],
  [
    "pylock.dev.toml",
    `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\n`,
    { kind: "pylock", version: "1.0", tool: undefined, requiresPython: undefined, packages: new Map([["a", "1"]]) },
  ],
  ["uv.lock", "", undefined],
  ["other.lock", "version = 1", undefined],
];

for (const [path, text, expected] of LOCKS)
  test(`${path}: ${JSON.stringify(text.slice(0, 30))}`, () => assert.deepEqual(readPythonLock(path, text), expected));

test("frameworks and servers", () => {
  const of = (text: string): readonly string[] =>
    pythonFrameworks(readRequirements(text).requirements).map(({ name }) => name);
  assert.deepEqual(of("Flask==3\ngunicorn"), ["Flask", "Gunicorn"]);
  assert.deepEqual(of("fastapi[standard]"), ["FastAPI", "Uvicorn"]);
  assert.deepEqual(of("requests"), []);
  const example = readFileSync(new URL("../../examples/python/requirements.txt", import.meta.url), "utf8");
  assert.deepEqual(of(example), ["Flask", "Gunicorn"]);
});

test("packages that need more than Python", () => {
  const found = pythonNatives(["psycopg2", "psycopg2-binary", "flask", "constructor"]);
  assert.deepEqual([...found.keys()], ["psycopg2", "psycopg2-binary"]);
  assert.deepEqual(found.get("psycopg2"), { wheels: false, builds: ["libpq-dev"], runs: ["libpq5"] });
  assert.equal(found.get("psycopg2-binary")?.wheels, true);
});
