/** `dockwright fmt`: what it writes, what it says, and how it ends. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, folderWith } from "./harness.ts";

const UNEVEN = "FROM   a\nRUN b && c \\\n  d\n";
const EVEN = "FROM a\nRUN b \\\n    && c \\\n        d\n";
const STACK = "services:\n  web:\n    image:   a\n";
const EVEN_STACK = "services:\n  web:\n    image: a\n";

test("Dockerfiles and compose files of a folder", async (t) => {
  const cwd = folderWith(t, {
    Dockerfile: UNEVEN,
    "compose.yaml": STACK,
    ".dockerignore": "  a\n",
    "even/Dockerfile": EVEN,
  });
  const { code, stdout, stderr } = await cli(["fmt"], { cwd });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(stdout.split("\n").sort(), ["", "Dockerfile: laid out anew", "compose.yaml: laid out anew"]);
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), EVEN);
  assert.equal(readFileSync(join(cwd, "compose.yaml"), "utf8"), EVEN_STACK);
  assert.deepEqual(await cli(["fmt"], { cwd }), { code: 0, stdout: "", stderr: "" });
});

test("--check names the files and writes nothing", async (t) => {
  const cwd = folderWith(t, { Dockerfile: UNEVEN, "even/Dockerfile": EVEN });
  const { code, stdout } = await cli(["fmt", "--check"], { cwd });
  assert.deepEqual([code, stdout], [1, "Dockerfile: would be laid out anew\n"]);
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), UNEVEN);
  assert.equal((await cli(["fmt", "--check", "even"], { cwd })).code, 0);
});

test("--diff shows what would change", async (t) => {
  const cwd = folderWith(t, { Dockerfile: UNEVEN });
  const { code, stdout, stderr } = await cli(["fmt", "--diff", "Dockerfile"], { cwd });
  assert.equal(code, 1);
  assert.equal(
    stdout,
    "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,4 @@\n-FROM   a\n+FROM a\n-RUN b && c \\\n-  d\n+RUN b \\\n+    && c \\\n+        d\n",
  );
  assert.equal(stderr, "Dockerfile: would be laid out anew\n");
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), UNEVEN);
});

test("standard input, under the name it is given", async (t) => {
  const cwd = folderWith(t, {});
  assert.deepEqual(await cli(["fmt", "-"], { cwd, stdin: UNEVEN }), {
    code: 0,
    stdout: EVEN,
    stderr: "Dockerfile: laid out anew\n",
  });
  assert.equal((await cli(["fmt", "--stdin-filename", "compose.yaml"], { cwd, stdin: STACK })).stdout, EVEN_STACK);
  assert.equal((await cli(["fmt", "--check", "-"], { cwd, stdin: UNEVEN })).code, 1);
  assert.equal((await cli(["fmt", "--check", "-"], { cwd, stdin: EVEN })).code, 0);
});

test("as the project's configuration says, and files it ignores are left alone", async (t) => {
  const config =
    "format: {indent: tab, keywordCase: lower}\nignore: [vendor/]\noverrides:\n  - files: [b/*]\n    format: {indent: 2}\n";
  const cwd = folderWith(t, {
    ".dockwright.yaml": config,
    Dockerfile: UNEVEN,
    "b/Dockerfile": UNEVEN,
    "vendor/Dockerfile": UNEVEN,
  });
  const { code, stderr } = await cli(["fmt"], { cwd });
  assert.equal(code, 0);
  assert.match(stderr, /vendor.Dockerfile is left alone: \.dockwright\.yaml ignores it/);
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), "from a\nrun b \\\n\t&& c \\\n\t\td\n");
  assert.equal(readFileSync(join(cwd, "b/Dockerfile"), "utf8"), "from a\nrun b \\\n  && c \\\n    d\n");
  assert.equal(readFileSync(join(cwd, "vendor/Dockerfile"), "utf8"), UNEVEN);
  const { stdout } = await cli(["config", "b/Dockerfile"], { cwd });
  assert.match(stdout, /format\.indent +2 .*overrides\[0\]/);
  assert.match(stdout, /format\.keywordCase +lower/);
});

test("what cannot be laid out is said, and the run ends with 2", async (t) => {
  const cwd = folderWith(t, { "compose.yaml": "services: [\n", ".dockerignore": "a\n" });
  const broken = await cli(["fmt", "compose.yaml"], { cwd });
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /compose\.yaml is left as it is: /);
  const other = await cli(["fmt", ".dockerignore"], { cwd });
  assert.equal(other.code, 2);
  assert.match(other.stderr, /\.dockerignore is neither a Dockerfile nor a compose file/);
  const json = folderWith(t, { "dockerfile.json": '{\n  "a": 1\n}\n' });
  const found = await cli(["fmt"], { cwd: json });
  assert.deepEqual([found.code, found.stdout, found.stderr], [0, "", ""]);
  const named = await cli(["fmt", "dockerfile.json"], { cwd: json });
  assert.equal(named.code, 2);
  assert.match(named.stderr, /dockerfile\.json is left as it is: it begins with \{, which is no instruction/);
  const missing = await cli(["fmt", "nowhere/Dockerfile"], { cwd });
  assert.equal(missing.code, 2);
  const both = await cli(["fmt", "--check", "--diff"], { cwd });
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--check names the files and --diff shows what would change/);
});
