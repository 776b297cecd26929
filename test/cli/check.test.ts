/** `dockwright check`: which rules run on which files, what cannot be read, and the exit codes. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { AnswerWishes } from "../../server/src/cli/parts.ts";
import { MAX_BYTES } from "../../server/src/effects/files/read.ts";
import { type AnswerCache, createAnswers } from "../../server/src/effects/answers.ts";
import baseNewerTag from "../../server/src/core/rules/dockerfile/base-newer-tag.ts";
import baseNotFound from "../../server/src/core/rules/dockerfile/base-not-found.ts";
import { answersFrom, cli, folderWith, rules } from "./harness.ts";

const CLEAN = "FROM scratch\n";
const BAD = "FROM scratch\nLABEL a=bad\n";

interface Found {
  readonly file: string;
  readonly rule: string;
}

const jsonOf = (stdout: string): readonly Found[] => JSON.parse(stdout) as Found[];
const filesOf = (stdout: string): readonly string[] => jsonOf(stdout).map(({ file }) => file);
const rulesOf = (stdout: string): readonly string[] => jsonOf(stdout).map(({ rule }) => rule);

const EVERYTHING = "FROM node:22\nLABEL a=bad b=grave c=stuck d=trifle e=needed\n";

const choices: readonly { readonly args: readonly string[]; readonly rules: readonly string[] }[] = [
  { args: [], rules: ["bad-word", "grave-word", "stuck-word", "trifle-word"] },
  { args: ["--profile", "recommended"], rules: ["bad-word", "grave-word", "stuck-word", "trifle-word"] },
  {
    args: ["--profile=strict"],
    rules: ["base-digest-unpinned", "bad-word", "grave-word", "stuck-word", "trifle-word", "missing-file"],
  },
  {
    args: ["--profile", "all", "--ignore", "bad-word,missing-file", "--ignore=base-digest-unpinned"],
    rules: ["grave-word", "stuck-word", "trifle-word"],
  },
  { args: ["--select", "bad-word, trifle-word"], rules: ["bad-word", "trifle-word"] },
  { args: ["--select", "base-digest-unpinned"], rules: ["base-digest-unpinned"] },
  { args: ["--select=bad-word", "--select=grave-word"], rules: ["bad-word", "grave-word"] },
  { args: ["--select", "DL9001"], rules: ["bad-word", "stuck-word"] },
  { args: ["--select", "hadolint:DL9002"], rules: ["grave-word"] },
  { args: ["--select", "badword"], rules: ["bad-word"] },
  { args: ["--select", "DL9001", "--ignore", "stuck-word"], rules: ["bad-word"] },
  { args: ["--offline"], rules: ["bad-word", "grave-word", "stuck-word", "trifle-word"] },
];

for (const { args, rules } of choices) {
  test(`check ${args.join(" ")} runs the chosen rules`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: EVERYTHING });
    const { code, stdout, stderr } = await cli(["check", "--format", "json", ...args, "Dockerfile"], { cwd });
    assert.deepEqual(rulesOf(stdout), rules);
    assert.equal(code, 1);
    assert.equal(stderr, "");
  });
}

const exits: readonly {
  readonly name: string;
  readonly text: string;
  readonly args?: readonly string[];
  readonly code: number;
}[] = [
  { name: "no findings", text: CLEAN, code: 0 },
  { name: "an empty file", text: "", code: 0 },
  { name: "one line without its end", text: "FROM scratch", code: 0 },
  { name: "a finding", text: BAD, code: 1 },
  { name: "a hint, which is below the default level", text: "FROM scratch\nLABEL a=trifle\n", code: 0 },
  { name: "a hint at its level", text: "FROM scratch\nLABEL a=trifle\n", args: ["--fail-level", "hint"], code: 1 },
  { name: "an info at the default level", text: "FROM scratch\nLABEL a=stuck\n", code: 1 },
  {
    name: "an info below the level",
    text: "FROM scratch\nLABEL a=stuck\n",
    args: ["--fail-level", "warning"],
    code: 0,
  },
  { name: "a warning below the level", text: BAD, args: ["--fail-level", "error"], code: 0 },
  { name: "an error at its level", text: "FROM scratch\nLABEL a=grave\n", args: ["--fail-level=error"], code: 1 },
  { name: "an ignored finding", text: "FROM scratch\n# dockwright ignore=bad-word\nLABEL a=bad\n", code: 0 },
  {
    name: "a finding ignored by a peer's code",
    text: "FROM scratch\n# hadolint ignore=DL9001\nLABEL a=bad\n",
    code: 0,
  },
];

for (const { name, text, args = [], code } of exits) {
  test(`check ends with ${code} for ${name}`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: text });
    const outcome = await cli(["check", ...args, "Dockerfile"], { cwd });
    assert.equal(outcome.code, code, outcome.stdout + outcome.stderr);
    assert.equal(outcome.stderr, "");
  });
}

const unfinished: readonly { readonly name: string; readonly text: string; readonly rules: readonly string[] }[] = [
  {
    name: "heredoc",
    text: "FROM scratch\nRUN <<EOF\necho bad\n",
    rules: ["unterminated-heredoc", "bad-word"],
  },
  { name: "heredoc without body", text: "FROM scratch\nRUN bad <<EOF", rules: ["bad-word", "unterminated-heredoc"] },
];

for (const { name, text, rules: found } of unfinished) {
  test(`check reports an unterminated ${name} beside what the rules find`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: text });
    const { code, stdout, stderr } = await cli(["check", "-f", "json"], { cwd });
    assert.equal(code, 1);
    assert.equal(stderr, "");
    assert.deepEqual(rulesOf(stdout), found);
  });
}

test("an unterminated quote does not keep the rules from checking", async (t) => {
  const cwd = folderWith(t, { Dockerfile: 'FROM scratch\nENV A="bad\n' });
  const { code, stdout } = await cli(["check", "-f", "json"], { cwd });
  assert.equal(code, 1);
  assert.ok(rulesOf(stdout).includes("bad-word"), stdout);
});

const unreadable: readonly {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly message: string;
}[] = [
  { name: "NUL bytes", content: "FROM scratch\n\0", message: "is a binary file (NUL at byte 13); name a Dockerfile" },
  {
    name: "a binary",
    content: Buffer.from("7f454c4602010100", "hex"),
    message: "is a binary file (NUL at byte 7); name a Dockerfile",
  },
  {
    name: "UTF-16",
    content: Buffer.from(`\ufeff${CLEAN}`, "utf16le"),
    message: "is UTF-16 text, which Docker does not read; save it as UTF-8",
  },
  { name: "Latin-1", content: Buffer.from("LABEL a=\xe9", "latin1"), message: "is not UTF-8 text; save it as UTF-8" },
  {
    name: "more than 10 MB",
    content: Buffer.alloc(MAX_BYTES + 1, "#"),
    message: "is larger than 10 MB, which no Dockerfile is; name another file or split it",
  },
];

for (const { name, content, message } of unreadable) {
  test(`check says what is wrong with ${name}, checks the others and ends with 2`, async (t) => {
    const cwd = folderWith(t, { "odd.dockerfile": content, Dockerfile: BAD });
    const { code, stdout, stderr } = await cli(["check", "-f", "json", "odd.dockerfile", "Dockerfile"], { cwd });
    assert.equal(stderr, `dockwright: odd.dockerfile ${message}\n`);
    assert.deepEqual(filesOf(stdout), ["Dockerfile"]);
    assert.equal(code, 2);
  });

  test(`check says what is wrong with ${name} on standard input`, async (t) => {
    const cwd = folderWith(t, {});
    const stdin = typeof content === "string" ? Buffer.from(content) : content;
    const { code, stdout, stderr } = await cli(["check", "-f", "json", "--stdin-filename", "a/Dockerfile"], {
      cwd,
      stdin,
    });
    assert.equal(stderr, `dockwright: a/Dockerfile ${message}\n`);
    assert.equal(stdout, "[]\n");
    assert.equal(code, 2);
  });
}

test("a file of exactly 10 MB is checked", async (t) => {
  const text = `${"#".repeat(99)}\n`.repeat(Math.ceil(MAX_BYTES / 100)).slice(0, MAX_BYTES - BAD.length - 1);
  const content = `${text}\n${BAD}`;
  assert.equal(content.length, MAX_BYTES);
  const cwd = folderWith(t, { Dockerfile: content });
  const { code, stdout } = await cli(["check", "-f", "json", "--select", "bad-word"], { cwd });
  assert.deepEqual(rulesOf(stdout), ["bad-word"]);
  assert.equal(code, 1);
});

const places: readonly { readonly path: string; readonly message: string }[] = [
  { path: "missing", message: "missing does not exist; check the path" },
  { path: "Dockerfile/below", message: "Dockerfile/below is below something that is no folder; check the path" },
  { path: "loop", message: "loop is a symbolic link that leads to itself; mend the link" },
  {
    path: "empty",
    message: "empty has no Dockerfile, compose file or .dockerignore in it; name the file or another folder",
  },
  { path: "x".repeat(300), message: `${"x".repeat(300)} has too long a name; check the path` },
];

for (const { path, message } of places) {
  test(`check ends with 2 for ${path.slice(0, 20)}`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: CLEAN });
    symlinkSync("loop", join(cwd, "loop"));
    mkdirSync(join(cwd, "empty"));
    const { code, stdout, stderr } = await cli(["check", path, "Dockerfile"], { cwd });
    assert.equal(stderr, `dockwright: ${message}\n`);
    assert.equal(stdout, "No problems in 1 file\n");
    assert.equal(code, 2);
  });
}

test("a file and a folder without permission are named, and the rest is checked", async (t) => {
  const cwd = folderWith(t, { Dockerfile: BAD, "closed/Dockerfile": BAD, "secret.dockerfile": BAD });
  chmodSync(join(cwd, "closed"), 0);
  chmodSync(join(cwd, "secret.dockerfile"), 0);
  const { code, stdout, stderr } = await cli(["check", "-f", "json"], { cwd });
  chmodSync(join(cwd, "closed"), 0o700);
  if (process.getuid?.() === 0) {
    // root reads whatever the mode says
    assert.deepEqual(filesOf(stdout), ["Dockerfile", "closed/Dockerfile", "secret.dockerfile"]);
    assert.equal(code, 1);
    return;
  }
  assert.deepEqual(filesOf(stdout), ["Dockerfile"]);
  for (const name of ["closed", "secret.dockerfile"]) {
    assert.ok(stderr.includes(`dockwright: ${name} may not be accessed; check its owner and permissions\n`), stderr);
  }
  assert.equal(code, 2);
});

test("a folder is searched by file name, without what git ignores", async (t) => {
  const cwd = folderWith(t, {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/Dockerfile": BAD,
    ".gitignore": "build/\n*.tmp.dockerfile\n!kept.tmp.dockerfile\n/only-here/Dockerfile\n",
    Dockerfile: BAD,
    "Dockerfile.dev": BAD,
    dockerfile: BAD,
    "Dockerfile.dockerignore": "bad\n",
    "api.Dockerfile": BAD,
    "api.Dockerfile.dockerignore": "bad\n",
    "web.dockerfile": BAD,
    "a.tmp.dockerfile": BAD,
    "kept.tmp.dockerfile": BAD,
    Containerfile: BAD,
    "Containerfile.prod": BAD,
    "NotADockerfile.txt": BAD,
    "Dockerfiles/readme": BAD,
    "build/Dockerfile": BAD,
    "node_modules/x/Dockerfile": BAD,
    "only-here/Dockerfile": BAD,
    "sub/only-here/Dockerfile": BAD,
    "sub/.gitignore": "local\n!build\n",
    "sub/local/Dockerfile": BAD,
    "sub/build/Dockerfile": BAD,
    "sub/Dockerfile": BAD,
  });
  symlinkSync("../sub/Dockerfile", join(cwd, "Dockerfiles", "Dockerfile"));
  symlinkSync("../sub", join(cwd, "Dockerfiles", "linked"));
  symlinkSync("gone", join(cwd, "Dockerfiles", "Dockerfile.gone"));
  const { stdout, stderr } = await cli(["check", "-f", "json"], { cwd });
  assert.deepEqual(filesOf(stdout), [
    "Containerfile",
    "Containerfile.prod",
    "Dockerfile",
    "Dockerfile.dev",
    "Dockerfiles/Dockerfile",
    "api.Dockerfile",
    "dockerfile",
    "kept.tmp.dockerfile",
    "sub/Dockerfile",
    "sub/build/Dockerfile",
    "sub/only-here/Dockerfile",
    "web.dockerfile",
  ]);
  assert.equal(stderr, "");

  const below = await cli(["check", "-f", "json", "sub"], { cwd });
  assert.deepEqual(filesOf(below.stdout), ["sub/Dockerfile", "sub/build/Dockerfile", "sub/only-here/Dockerfile"]);

  const meant = await cli(["check", "-f", "json", "build", "a.tmp.dockerfile"], { cwd });
  assert.deepEqual(filesOf(meant.stdout), ["build/Dockerfile", "a.tmp.dockerfile"]);
});

test("a .gitignore above the folder counts only inside a repository", async (t) => {
  const cwd = folderWith(t, { ".gitignore": "inner\n", "inner/Dockerfile": BAD, "other/inner/Dockerfile": BAD });
  const { stdout } = await cli(["check", "-f", "json", "other"], { cwd });
  assert.deepEqual(filesOf(stdout), ["other/inner/Dockerfile"]);
});

test("a file named twice is checked once, and any name will do", async (t) => {
  const cwd = folderWith(t, { Dockerfile: BAD, "recipe.txt": BAD });
  const { stdout } = await cli(["check", "-f", "json", "./Dockerfile", ".", "Dockerfile", "recipe.txt"], { cwd });
  assert.deepEqual(filesOf(stdout), ["Dockerfile", "recipe.txt"]);
});

const inputs: readonly { readonly args: readonly string[]; readonly file: string }[] = [
  { args: ["-"], file: "Dockerfile" },
  { args: ["--stdin-filename", "deep/web.dockerfile"], file: "deep/web.dockerfile" },
  { args: ["-", "--stdin-filename=./x"], file: "x" },
];

for (const { args, file } of inputs) {
  test(`check ${args.join(" ")} reads standard input`, async (t) => {
    const cwd = folderWith(t, {});
    const { code, stdout } = await cli(["check", "-f", "json", ...args], { cwd, stdin: BAD });
    assert.deepEqual(filesOf(stdout), [file]);
    assert.equal(code, 1);
  });
}

test("questions about files are answered from the Dockerfile's folder", async (t) => {
  const text = "FROM scratch\nCOPY needed.txt /\n";
  const cwd = folderWith(t, { "with/Dockerfile": text, "with/needed.txt": "", "without/Dockerfile": text });
  const { stdout } = await cli(["check", "-f", "json", "--select", "missing-file"], { cwd });
  assert.deepEqual(filesOf(stdout), ["without/Dockerfile"]);
});

test("check asks no registry", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM node:22\n" });
  const asked: string[] = [];
  const answers = async (): Promise<AnswerCache> => ({
    ask: async ({ ask }) => {
      asked.push(ask);
      return "no";
    },
    known: () => new Map(),
  });
  const { code } = await cli(["check", "--profile", "all"], { cwd, parts: { answers } });
  assert.equal(code, 1);
  assert.deepEqual(asked, [], "what is asked about files is answered without waiting");
});

test("a rule that fails is named, the others go on, and the run ends with 2", async (t) => {
  const broken = rules.map((rule) =>
    rule.id === "grave-word"
      ? {
          ...rule,
          check(): void {
            throw new Error("it broke");
          },
        }
      : rule,
  );
  const cwd = folderWith(t, { Dockerfile: BAD });
  const { code, stdout, stderr } = await cli(["check", "-f", "json"], { cwd, parts: { rules: broken } });
  assert.deepEqual(rulesOf(stdout), ["bad-word"]);
  assert.match(
    stderr,
    /^dockwright: Dockerfile was not checked by rule grave-word, which failed \(it broke\); please report it at https:\/\/\S+\n$/,
  );
  assert.equal(code, 2);
});

test("check --online asks registries about images, as it is wished; without it nobody does", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM node:22-alpine\n" });
  const asked: (AnswerWishes | undefined)[] = [];
  const parts = {
    rules: [baseNewerTag],
    answers: async (wishes?: AnswerWishes) => {
      asked.push(wishes);
      return answersFrom({ "node:22-alpine": "24-alpine" });
    },
  };
  const run = async (...args: string[]) =>
    (await cli(["check", "--profile", "strict", "--format", "json", ...args, "Dockerfile"], { cwd, parts })).stdout;
  assert.deepEqual(rulesOf(await run()), []);
  assert.deepEqual(rulesOf(await run("--offline")), []);
  assert.equal(asked.length, 0);
  for (const args of [
    [],
    ["--offline"],
    ["--no-cache", "--mirror=docker.io=https://m.example", "--insecure-registry=old"],
  ])
    assert.deepEqual(rulesOf(await run("--online", ...args)), ["base-newer-tag"]);
  assert.deepEqual(
    asked.map((wishes) => [
      wishes?.registries,
      wishes?.offline,
      wishes?.anew,
      wishes?.mirrors,
      wishes?.insecureRegistries,
    ]),
    [
      [true, false, false, {}, []],
      [true, true, false, {}, []],
      [true, false, true, { "docker.io": ["https://m.example"] }, ["old"]],
    ],
  );
  const both = await cli(["check", "--online", "--offline", "--no-cache", "Dockerfile"], { cwd, parts });
  assert.deepEqual([both.code, both.stdout], [2, ""]);
  assert.match(both.stderr, /leave --offline out/);
});

test("check --online says which images nobody knows anything about", async (t) => {
  const text = Array.from({ length: 7 }, (_, at) => `FROM gone:${at}\n`).join("");
  const cwd = folderWith(t, { "a/Dockerfile": text, "b/Dockerfile": "FROM gone:0\n" });
  const existence = async ({ image }: { readonly image: string }) => ({ unknown: `${image} is nowhere` });
  const parts = { rules: [baseNotFound], answers: async () => createAnswers({ existence }) };
  const { code, stderr } = await cli(["check", "--online", "."], { cwd, parts });
  assert.equal(code, 0, "what is not known is no finding");
  const named = [0, 1, 2, 3, 4].map((at) => `dockwright: gone:${at} was not looked up: gone:${at} is nowhere\n`);
  assert.equal(stderr, `${named.join("")}dockwright: 2 more images could not be looked up\n`);
});

test("fix --unsafe moves no image to a newer tag", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM node:22-alpine\n" });
  const parts = { rules: [baseNewerTag], answers: async () => answersFrom({ "node:22-alpine": "24-alpine" }) };
  const { stdout } = await cli(["fix", "--unsafe", "--diff", "--profile", "strict", "Dockerfile"], { cwd, parts });
  assert.equal(stdout, "");
});
