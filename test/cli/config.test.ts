/** Configuration files on the command line: which is taken, what it changes, what is said about it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, folderWith } from "./harness.ts";

const BAD = "FROM scratch\nLABEL a=bad b=grave c=trifle\n";

const found = async (cwd: string, ...args: readonly string[]): Promise<readonly string[]> => {
  const { stdout, stderr } = await cli(["check", "-f", "json", ...args], { cwd, env: { HOME: join(cwd, "home") } });
  if (stdout === "") return [stderr];
  const findings = JSON.parse(stdout) as readonly { file: string; rule: string; severity: string }[];
  return findings.map(({ file, rule, severity }) => `${file} ${rule} ${severity}`);
};

test("a file changes severities and the profile, and options win over it", async (t) => {
  const cwd = folderWith(t, {
    ".git/HEAD": "",
    ".dockwright.yaml": "profile: strict\nrules: {bad-word: error, grave-word: off}\n",
    Dockerfile: "FROM node:22\nLABEL a=bad b=grave\n",
  });
  assert.deepEqual(await found(cwd), ["Dockerfile base-digest-unpinned info", "Dockerfile bad-word error"]);
  assert.deepEqual(await found(cwd, "--profile", "recommended"), ["Dockerfile bad-word error"]);
  assert.deepEqual(await found(cwd, "--select", "grave-word"), ["Dockerfile grave-word error"]);
  assert.deepEqual(await found(cwd, "--ignore", "bad-word"), ["Dockerfile base-digest-unpinned info"]);
  assert.deepEqual(await found(cwd, "--no-config"), ["Dockerfile bad-word warning", "Dockerfile grave-word error"]);
});

test("the nearest file upward is the only one, and what is above the repository is not looked at", async (t) => {
  const cwd = folderWith(t, {
    ".dockwright.yaml": "rules: {bad-word: off}\n",
    "repo/.git/HEAD": "",
    "repo/Dockerfile": BAD,
    "repo/a/.dockwright.json": '{"rules": {"grave-word": "off"}}',
    "repo/a/b/Dockerfile": BAD,
    "repo/c/.dockwright.yml": "rules: {trifle-word: off}",
    "repo/c/.hadolint.yaml": "ignored: [DL9001]",
    "repo/c/Dockerfile": BAD,
  });
  assert.deepEqual(await found(cwd, "repo"), [
    "repo/Dockerfile bad-word warning",
    "repo/Dockerfile grave-word error",
    "repo/Dockerfile trifle-word hint",
    "repo/a/b/Dockerfile bad-word warning",
    "repo/a/b/Dockerfile trifle-word hint",
    "repo/c/Dockerfile bad-word warning",
    "repo/c/Dockerfile grave-word error",
  ]);
});

test("hadolint's file counts where there is none of ours: the project's, then the person's", async (t) => {
  const cwd = folderWith(t, {
    ".git/HEAD": "",
    "a/.hadolint.yaml": "ignored: [DL9002]\noverride: {info: [DL9001]}\n",
    "a/b/Dockerfile": BAD,
    Dockerfile: BAD,
    "home/.config/hadolint.yaml": "ignored: [DL9001]\n",
  });
  assert.deepEqual(await found(cwd, "a"), ["a/b/Dockerfile bad-word info", "a/b/Dockerfile trifle-word hint"]);
  assert.deepEqual(await found(cwd, "Dockerfile"), ["Dockerfile grave-word error", "Dockerfile trifle-word hint"]);
});

test("--config names a file, of hadolint's kind by its name", async (t) => {
  const cwd = folderWith(t, {
    ".dockwright.yaml": "rules: {bad-word: off}\n",
    "ci/strict.yaml": "rules: {grave-word: off, trifle-word: off}\n",
    "ci/hadolint.yml": "ignored: [DL9001]\n",
    Dockerfile: BAD,
  });
  assert.deepEqual(await found(cwd, "--config", "ci/strict.yaml"), ["Dockerfile bad-word warning"]);
  const theirs = ["Dockerfile grave-word error", "Dockerfile trifle-word hint"];
  assert.deepEqual(await found(cwd, "--config", "ci/hadolint.yml"), theirs);
});

test("ignored files are left alone, also when they are named", async (t) => {
  const cwd = folderWith(t, {
    ".dockwright.yaml": "ignore: [vendor/]\noverrides: [{files: '*.dev.Dockerfile', rules: {bad-word: off}}]\n",
    Dockerfile: BAD,
    "x.dev.Dockerfile": BAD,
    "vendor/Dockerfile": BAD,
  });
  const expected = ["Dockerfile bad-word", "Dockerfile grave-word", "Dockerfile trifle-word"];
  const lines = (await found(cwd)).map((line) => line.replace(/ \w+$/, ""));
  assert.deepEqual(lines, [...expected, "x.dev.Dockerfile grave-word", "x.dev.Dockerfile trifle-word"]);
  const named = await cli(["check", "vendor/Dockerfile"], { cwd });
  assert.deepEqual(named, {
    code: 0,
    stdout: "",
    stderr: "dockwright: vendor/Dockerfile is not checked: .dockwright.yaml ignores it\n",
  });
  const fixed = await cli(["fix", "vendor/Dockerfile"], { cwd });
  assert.match(fixed.stderr, /vendor\/Dockerfile is left alone: \.dockwright\.yaml ignores it/);
  assert.equal(readFileSync(join(cwd, "vendor/Dockerfile"), "utf8"), BAD);
  const piped = await cli(["fix", "--stdin-filename", "vendor/Dockerfile"], { cwd, stdin: BAD });
  assert.equal(piped.stdout, BAD);
  const pinned = await cli(["pin", "vendor/Dockerfile"], { cwd });
  assert.match(pinned.stderr, /left alone/);
});

test("fix heeds the file", async (t) => {
  const cwd = folderWith(t, { ".dockwright.yaml": "rules: {bad-word: off}\n", Dockerfile: BAD });
  await cli(["fix"], { cwd });
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), BAD);
});

for (const [level, code] of [
  ["none", 0],
  ["error", 0],
  ["warning", 1],
] as const)
  test(`failLevel ${level} ends with ${code} for a warning`, async (t) => {
    const cwd = folderWith(t, {
      ".dockwright.yaml": `failLevel: ${level}\n`,
      Dockerfile: "FROM scratch\nLABEL a=bad\n",
    });
    assert.equal((await cli(["check"], { cwd })).code, code);
    assert.equal((await cli(["check", "--fail-level", "warning"], { cwd })).code, 1);
  });

test("mistakes end the run with 2, each with its place", async (t) => {
  const cwd = folderWith(t, { "a/.dockwright.yaml": "rules:\n  bad-wrd: off\nprofile: lax\n", "a/Dockerfile": BAD });
  const outcome = await cli(["check", "a"], { cwd });
  assert.deepEqual(outcome, {
    code: 2,
    stdout: "",
    stderr:
      "dockwright: a/.dockwright.yaml:2:3: bad-wrd in rules is no rule; did you mean bad-word?\n" +
      "a/.dockwright.yaml:3:10: profile cannot be lax; it is one of recommended, strict, all\n",
  });
});

for (const [name, program, isFine] of [
  ["a name on PATH", "shellcheck", true],
  ["an absolute path elsewhere", "/usr/bin/shellcheck", true],
  ["a path in the project", "./tools/shellcheck", false],
  ["an absolute path in the project", "HERE/tools/shellcheck", false],
  ["an absolute path to another folder of the repository", "HERE/../other/shellcheck", false],
] as const)
  test(`a configuration file ${isFine ? "may" : "may not"} name ${name} to be run`, async (t) => {
    const cwd = folderWith(t, { ".git/HEAD": "", "sub/Dockerfile": "FROM scratch\n" });
    const here = join(cwd, "sub");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(here, ".dockwright.yaml"), `shellcheck: ${program.replace("HERE", here)}\n`);
    const { code, stderr } = await cli(["check", "sub"], { cwd });
    assert.equal(code, isFine ? 0 : 2);
    if (!isFine) assert.match(stderr, /outside this project/);
  });

test("config says what holds and which line says so", async (t) => {
  const cwd = folderWith(t, {
    ".git/HEAD": "",
    ".dockwright.yaml": "profile: strict\noverrides:\n  - files: '*.dev'\n    rules:\n      bad-word: off\n",
    ".hadolint.yaml": "ignored: [DL9001, DL0]\nformat: json\n",
    "b/.git/HEAD": "",
    "b/.hadolint.yaml": "ignored: [DL9002, DL0]\nformat: json\n",
  });
  const { code, stdout } = await cli(["config", "Dockerfile.dev", "--fail-level", "hint"], { cwd });
  assert.equal(code, 0);
  assert.deepEqual(
    stdout.split("\n").map((line) => line.replace(/ +/g, " ").trim()),
    [
      "Dockerfile.dev: .dockwright.yaml",
      "profile strict .dockwright.yaml:1",
      "trustedRegistries [] default",
      "labels.schema {} default",
      "labels.strict false default",
      "inlineIgnores true default",
      "failLevel hint the command line",
      "shellcheck wasm default",
      "rules.bad-word off .dockwright.yaml:5 (overrides[0].rules.bad-word)",
      "5 rules run",
      "",
    ],
  );
  const json = await cli(["config", "-f", "json", "b/Dockerfile"], { cwd });
  const told = JSON.parse(json.stdout) as { config: string; settings: { key: string; from: string }[]; rules: unknown };
  assert.equal(told.config, "b/.hadolint.yaml");
  assert.equal(told.settings.find(({ key }) => key === "rules.grave-word")?.from, "b/.hadolint.yaml:1");
  assert.match(json.stderr, /not heeded: b\/\.hadolint\.yaml:1:19: DL0 has no rule here/);
});

test("init writes a file that says what hadolint's says, once", async (t) => {
  const cwd = folderWith(t, { ".git/HEAD": "", ".hadolint.yaml": "ignored: [DL9001, DL0]\nformat: json\n" });
  const first = await cli(["init"], { cwd });
  assert.deepEqual(first, {
    code: 0,
    stdout: ".dockwright.yaml written, with what .hadolint.yaml says\n",
    stderr:
      "dockwright: not carried over: .hadolint.yaml:1:19: DL0 has no rule here\n" +
      "dockwright: not carried over: .hadolint.yaml:2:1: format is an option of the command line: --format\n",
  });
  const written = readFileSync(join(cwd, ".dockwright.yaml"), "utf8");
  assert.match(written, /^rules:\n {2}bad-word: off\n {2}stuck-word: off$/m);
  const second = await cli(["init"], { cwd });
  assert.deepEqual(second, {
    code: 2,
    stdout: "",
    stderr: "dockwright: there is .dockwright.yaml already; --force replaces it\n",
  });
  assert.equal((await cli(["init", "--force", "--stdout"], { cwd })).stdout, written);
  const { stdout } = await cli(["config", "Dockerfile"], { cwd });
  assert.match(stdout, /rules\.bad-word +off +\.dockwright\.yaml:\d+\n/);
});

test("comments switch nothing off where a project says so", async (t) => {
  const text = "FROM scratch\n# dockwright ignore=bad-word\nLABEL a=bad\n";
  const cwd = folderWith(t, { ".hadolint.yaml": "disable-ignore-pragma: true\n", Dockerfile: text });
  assert.deepEqual(await found(cwd), ["Dockerfile bad-word warning"]);
  assert.deepEqual(await found(cwd, "--no-config"), []);
});
