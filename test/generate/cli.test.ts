/** `dockwright init --containerize`: what it writes, leaves alone, asks and refuses; plain `dockwright init` is as it was. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { answersFrom, cli, folderWith, type Outcome } from "../cli/harness.ts";

const GO = {
  "go.mod": "module example.com/hello\n\ngo 1.24\n",
  "main.go":
    'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.HandleFunc("/health", nil)\n\thttp.ListenAndServe(":8080", nil)\n}\n',
} as const;
/** Nothing says which Node.js. */
const NODE = {
  "package.json": '{ "name": "a", "scripts": { "start": "node a.js" } }\n',
  "a.js": 'require("http").createServer((_, r) => r.end("/")).listen(8080);\n',
} as const;
const ON_GITHUB = { ".git/config": '[remote "origin"]\n\turl = git@github.com:team/hello.git\n' } as const;
const DIGEST = `sha256:${"7".repeat(64)}`;

const init = (cwd: string, ...argv: readonly string[]): Promise<Outcome> =>
  cli(["init", "--containerize", "--offline", ...argv], { cwd });
const textOf = (folder: string, path: string): string => readFileSync(join(folder, path), "utf8");

describe("dockwright init --containerize", () => {
  test("writes the four files, says what was decided, and a second run changes nothing", async (t) => {
    const cwd = folderWith(t, { ...GO, ...ON_GITHUB });
    const first = await init(cwd);
    assert.deepEqual([first.code, first.stderr], [0, ""]);
    for (const path of ["Dockerfile", ".dockerignore", "compose.yaml", ".github/workflows/container.yml"]) {
      assert.match(first.stdout, new RegExp(`^${path.replaceAll(".", "\\.")} written$`, "m"));
      assert.ok(existsSync(join(cwd, path)), path);
    }
    assert.match(first.stdout, /^ {4}port: It listens on port 8080, because main\.go says so$/m);
    assert.match(textOf(cwd, "Dockerfile"), /^CMD \["\.\/hello"\]$/m);
    const again = await init(cwd);
    assert.equal(again.code, 0);
    assert.doesNotMatch(again.stdout, /^\S+ written$/m);
    assert.match(again.stdout, /^Dockerfile is already as it would be written$/m);
  });

  test("only what is wanted, to standard output, and nothing is written", async (t) => {
    const cwd = folderWith(t, GO);
    const { code, stdout } = await init(cwd, "--only", "Dockerfile", "--stdout");
    assert.equal(code, 0);
    assert.match(stdout, /^# syntax=docker\/dockerfile:1\n/);
    assert.ok(!existsSync(join(cwd, "Dockerfile")));
    const two = await init(cwd, "--only=Dockerfile,compose.yaml", "--stdout");
    assert.match(two.stdout, /^==> Dockerfile <==\n[^]*\n==> compose\.yaml <==\nservices:/);
  });

  test("as a diff: nothing is written, and what is said goes elsewhere", async (t) => {
    const cwd = folderWith(t, GO);
    const { code, stdout, stderr } = await init(cwd, "--diff", "--only", "Dockerfile");
    assert.equal(code, 1);
    assert.match(stdout, /^--- \/dev\/null\n\+\+\+ b\/Dockerfile\n/);
    assert.match(stderr, /^Go\n/);
    assert.ok(!existsSync(join(cwd, "Dockerfile")));
  });

  test("a file of the person's is shown as a diff and left alone, until that is asked for", async (t) => {
    const cwd = folderWith(t, { ...GO, Dockerfile: "FROM scratch\n" });
    const kept = await init(cwd, "--only", "Dockerfile");
    assert.equal(kept.code, 1);
    assert.match(kept.stdout, /^-FROM scratch$/m);
    assert.match(kept.stdout, /^Dockerfile is there and was left alone; --force replaces it$/m);
    assert.equal(textOf(cwd, "Dockerfile"), "FROM scratch\n");
    const forced = await init(cwd, "--only", "Dockerfile", "--force");
    assert.equal(forced.code, 0);
    assert.match(textOf(cwd, "Dockerfile"), /^FROM golang:1\.24 AS build$/m);
  });

  test("a doubtful decision is not taken: it is chosen, or taken with --yes", async (t) => {
    const cwd = folderWith(t, NODE);
    const asked = await init(cwd);
    assert.equal(asked.code, 1);
    assert.match(asked.stdout, /^ {2}\? node-version: Node\.js \d+, because the project does not say a version/m);
    assert.match(asked.stdout, /Nothing is written yet: node-version/);
    assert.ok(!existsSync(join(cwd, "Dockerfile")));
    const chosen = await init(
      cwd,
      "--choose",
      "node-version=22,health-path=/",
      "--choose",
      "port=9000",
      "--choose=ci=none",
    );
    assert.equal(chosen.code, 0, chosen.stdout);
    assert.match(textOf(cwd, "Dockerfile"), /^FROM node:22-slim$/m);
    assert.match(textOf(cwd, "Dockerfile"), /^EXPOSE 9000$/m);
    assert.ok(!existsSync(join(cwd, ".github")));
    const taken = await init(folderWith(t, NODE), "--yes");
    assert.equal(taken.code, 0);
  });

  test("the folder of one of several projects", async (t) => {
    const cwd = folderWith(
      t,
      Object.fromEntries([
        ...Object.entries(GO).map(([path, text]) => [`api/${path}`, text]),
        ...Object.entries(NODE).map(([path, text]) => [`web/${path}`, text]),
        ...Object.entries(ON_GITHUB),
      ]),
    );
    const refused = await init(cwd);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /there are several projects here/);
    assert.match(refused.stderr, /--folder api \(api\/go\.mod\)/);
    const { code } = await init(cwd, "--folder", "api", "--yes");
    assert.equal(code, 0);
    assert.ok(existsSync(join(cwd, "api/Dockerfile")) && !existsSync(join(cwd, "Dockerfile")));
    assert.match(textOf(cwd, ".github/workflows/container.yml"), /file: "api\/Dockerfile"\n\s+context: "api"/);
  });

  test("digests are those a registry says; who says none is named", async (t) => {
    const cwd = folderWith(t, GO);
    const parts = { answers: async () => answersFrom({ "golang:1.24": DIGEST, "docker/dockerfile:1": DIGEST }) };
    const { code, stderr } = await cli(["init", "--containerize"], { cwd, parts });
    assert.equal(code, 0);
    assert.match(
      textOf(cwd, "Dockerfile"),
      new RegExp(`^# syntax=docker/dockerfile:1@${DIGEST}\n\nFROM golang:1.24@${DIGEST} AS build$`, "m"),
    );
    assert.match(textOf(cwd, "Dockerfile"), /^FROM alpine:[\d.]+$/m);
    assert.match(stderr, /^dockwright: alpine:[\d.]+ has no digest: no such image$/m);
  });

  test("what git ignores is no project and stays out of the image", async (t) => {
    const cwd = folderWith(t, {
      ...GO,
      ".gitignore": "/tools/\nsecret.json\n",
      "tools/package.json": "{}",
      "secret.json": "{}",
    });
    mkdirSync(join(cwd, ".git"));
    writeFileSync(join(cwd, ".git/config"), '[remote "origin"]\n\turl = https://me:word@gitlab.com/team/hello.git\n');
    writeFileSync(join(cwd, ".git/HEAD"), "ref: refs/heads/trunk\n");
    const { code, stdout } = await init(cwd);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /tools|word/);
    assert.match(textOf(cwd, ".dockerignore"), /^# As git does\.\ntools\n\*\*\/secret\.json$/m);
    assert.match(textOf(cwd, ".gitlab-ci.yml"), /REPOSITORY: "registry\.gitlab\.com\/team\/hello"/);
  });

  test("in a folder of a repository no CI file is written: it belongs to the top", async (t) => {
    const cwd = folderWith(t, Object.fromEntries(Object.entries(GO).map(([path, text]) => [`api/${path}`, text])));
    mkdirSync(join(cwd, ".git"));
    const { code, stdout } = await init(join(cwd, "api"));
    assert.equal(code, 0);
    assert.match(stdout, /ci: No CI file is written, because the repository begins above this folder/);
    assert.ok(!existsSync(join(cwd, "api/.github")));
  });

  for (const [argv, words] of [
    [["init", "--folder", "api"], "--folder goes with --containerize"],
    [["init", "--containerize", "--offline", "--only", "Dockerfle"], "not Dockerfle; did you mean Dockerfile?"],
    [["init", "--containerize", "--offline", "--choose", "port"], "--choose takes ID=VALUE"],
    [["init", "--containerize", "--offline", "--choose", "prt=1"], "there is no decision prt; did you mean port?"],
    [["init", "--containerize", "--offline", "--folder", "nothing"], "nothing in nothing says what it is made with"],
  ] as const)
    test(`refused: ${argv.join(" ")}`, async (t) => {
      const cwd = folderWith(t, GO);
      const { code, stderr } = await cli(argv, { cwd });
      assert.equal(code, 2);
      assert.ok(stderr.includes(words), stderr);
      assert.ok(!existsSync(join(cwd, "Dockerfile")));
    });
});
