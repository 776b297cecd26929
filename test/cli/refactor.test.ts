/** `dockwright refactor`: what it writes, what it says, and how it ends. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, folderWith } from "./harness.ts";

const PLAIN = "services:\n  web:\n    ports: ['80']\n    image: memcached:1.6\n";
const SORTED = "services:\n  web:\n    image: memcached:1.6\n    ports: ['80']\n";

test("a file is rewritten, and once only", async (t) => {
  const cwd = folderWith(t, { "compose.yaml": PLAIN });
  const first = await cli(["refactor", "sort-keys", "compose.yaml"], { cwd });
  assert.deepEqual(first, { code: 0, stdout: "compose.yaml: rewritten\n", stderr: "" });
  assert.equal(readFileSync(join(cwd, "compose.yaml"), "utf8"), SORTED);
  const second = await cli(["refactor", "sort-keys", "compose.yaml"], { cwd });
  assert.deepEqual(second, { code: 0, stdout: "compose.yaml: left as it is: everything is in order\n", stderr: "" });
});

test("--diff writes nothing and says that something would change", async (t) => {
  const cwd = folderWith(t, { "compose.yaml": PLAIN });
  const { code, stdout } = await cli(["refactor", "long-syntax", "--diff", "compose.yaml"], { cwd });
  assert.equal(code, 1);
  assert.match(stdout, /^--- a\/compose\.yaml\n[^]*\n\+ {6}- target: 80\n/);
  assert.equal(readFileSync(join(cwd, "compose.yaml"), "utf8"), PLAIN);
});

test("standard input is written to standard output", async (t) => {
  const cwd = folderWith(t, {});
  const { code, stdout } = await cli(["refactor", "sort-keys", "--stdin-filename", "compose.yaml"], {
    cwd,
    stdin: PLAIN,
  });
  assert.equal(stdout, SORTED);
  assert.equal(code, 0);
});

test("a folder's compose files, not its Dockerfiles", async (t) => {
  const cwd = folderWith(t, { "compose.yaml": PLAIN, "a/docker-compose.yml": PLAIN, Dockerfile: "FROM scratch\n" });
  const { code, stdout, stderr } = await cli(["refactor", "sort-keys"], { cwd });
  assert.equal(stdout, `${join("a", "docker-compose.yml")}: rewritten\ncompose.yaml: rewritten\n`);
  assert.equal(stderr, "");
  assert.equal(code, 0);
});

test("one service", async (t) => {
  const cwd = folderWith(t, { "compose.yaml": `${PLAIN}  api:\n    image: memcached:1.6\n` });
  await cli(["refactor", "harden", "--service", "api", "compose.yaml"], { cwd });
  const text = readFileSync(join(cwd, "compose.yaml"), "utf8");
  assert.ok(text.startsWith(PLAIN));
  assert.match(text, /\n {4}cap_drop:\n {6}- ALL\n/);
  const { stdout } = await cli(["refactor", "harden", "--service", "none", "compose.yaml"], { cwd });
  assert.equal(stdout, "compose.yaml: left as it is: there is no service none\n");
});

test("secrets: the files to make are named, the value is not", async (t) => {
  const text =
    "services:\n  db:\n    image: postgres:18.1\n    environment:\n      POSTGRES_PASSWORD: 7hq2-Kd9x\n      MY_TOKEN: 8ab3\n";
  const cwd = folderWith(t, { "compose.yaml": text });
  const { code, stdout } = await cli(["refactor", "extract-secret", "compose.yaml"], { cwd });
  assert.deepEqual(stdout.split("\n"), [
    "compose.yaml: rewritten",
    "  to do  make secrets/postgres_password.txt with the value in it",
    "  to do  add /secrets/ to .gitignore",
    "  left   db: nothing says that it reads MY_TOKEN_FILE, so MY_TOKEN stays",
    "",
  ]);
  assert.equal(code, 0);
  await cli(["refactor", "extract-secret", "--unsafe", "compose.yaml"], { cwd });
  assert.match(readFileSync(join(cwd, "compose.yaml"), "utf8"), /MY_TOKEN_FILE: \/run\/secrets\/my_token\n/);
});

const MISTAKES: readonly { readonly argv: readonly string[]; readonly message: RegExp }[] = [
  { argv: [], message: /^dockwright: refactor needs to know what to do: one of harden, / },
  { argv: ["hardn"], message: /refactor cannot do hardn; did you mean harden\?/ },
  { argv: ["compose.yaml"], message: /refactor cannot do compose\.yaml; it is one of harden, / },
  { argv: ["harden", "none.yaml"], message: /none\.yaml/ },
  { argv: ["harden", "Dockerfile"], message: /Dockerfile is no compose file/ },
];
for (const { argv, message } of MISTAKES)
  test(`refactor ${argv.join(" ")}`, async (t) => {
    const cwd = folderWith(t, { "compose.yaml": PLAIN, Dockerfile: "FROM scratch\n" });
    const { code, stdout, stderr } = await cli(["refactor", ...argv], { cwd });
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
  });
