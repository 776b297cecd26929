/** Many files: threads beside this one, progress, baselines, figures. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createProgress } from "../../server/src/cli/check/progress.ts";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { threadsFor } from "../../server/src/cli/threads/start-threads.ts";
import { rules as real } from "../../server/src/core/rules/index.ts";
import { cli, folderWith } from "./harness.ts";

const thread = join(import.meta.dirname, "../../server/src/cli/main.ts");

/** With a mistake whose place depends on the number. */
const many = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `${String(at).padStart(4, "0")}/Dockerfile`,
      `FROM scratch\n${"\n".repeat(at % 7)}COPY a b\nRUN ["apt-get", "install", "curl"]\n`,
    ]),
  );

test("threads find what one thread finds, in the same order, whatever is configured", async (t) => {
  const cwd = folderWith(t, {
    ...many(300),
    "0007/.dockwright.yaml": "rules: {apt-yes: error}\n",
    "0009/.dockwright.yaml": "ignore: Dockerfile\n",
    "0011/Dockerfile": "FROM\u0000\n",
  });
  const args = ["check", "-f", "gitlab", "--profile", "all", "--shellcheck", "off"];
  const alone = await cli(args, { cwd, parts: { rules: real } });
  const together = await cli(args, { cwd, parts: { rules: real, thread } });
  assert.equal(together.stdout, alone.stdout);
  assert.equal(together.stderr, alone.stderr);
  assert.equal(together.code, 2);
  assert.ok(JSON.parse(alone.stdout).length > 600);
});

test("threads write the parts of a JSON report, put together in the order of the files", async (t) => {
  const cwd = folderWith(t, many(300));
  const args = ["check", "-f", "json", "--profile", "all", "--shellcheck", "off"];
  const alone = await cli(args, { cwd, parts: { rules: real } });
  const together = await cli(args, { cwd, parts: { rules: real, thread } });
  assert.deepEqual(together, alone);
  assert.equal(together.code, 1);
  const files = (JSON.parse(together.stdout) as { readonly file: string }[]).map(({ file }) => file);
  assert.deepEqual([...new Set(files)], Object.keys(many(300)));
});

test("a JSON report decides the exit code without its findings being sent along", async (t) => {
  const cwd = folderWith(t, many(120));
  const args = ["check", "-f", "json", "--select", "apt-yes", "--shellcheck", "off"];
  for (const [level, expected] of [
    ["warning", 1],
    ["error", 0],
    ["none", 0],
  ] as const) {
    const { code } = await cli([...args, "--fail-level", level], { cwd, parts: { rules: real, thread } });
    assert.equal(code, expected, level);
  }
});

test("threads know what registries say", async (t) => {
  const count = 700;
  const files = Array.from({ length: count }, (_, at) => [`${at}/Dockerfile`, "FROM node:22-alpine\n"]);
  const cwd = folderWith(t, Object.fromEntries(files));
  // This thread waits with all the files it may have begun; the others are left to threads.
  const answers = createAnswers({
    "newer-tag": () => new Promise((resolve) => setTimeout(resolve, 2000, "24-alpine")),
  });
  const parts = { rules: real, thread, answers: async () => answers };
  const args = ["check", "--online", "-f", "json", "--select", "base-newer-tag", "--shellcheck", "off"];
  const { stdout } = await cli(args, { cwd, parts });
  assert.equal(JSON.parse(stdout).length, count);
});

test("a mistake in a configuration file that a thread reads ends the run", async (t) => {
  const cwd = folderWith(t, { ...many(200), "0150/.dockwright.yaml": "profile: lax\n" });
  const { code, stdout, stderr } = await cli(["check"], { cwd, parts: { rules: real, thread } });
  assert.equal(stdout, "");
  assert.match(stderr, /^dockwright: 0150\/\.dockwright\.yaml:1:10: profile cannot be lax/);
  assert.equal(code, 2);
});

test("Ctrl+C ends threads too", async (t) => {
  const cwd = folderWith(t, many(400));
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 150);
  const parts = { rules: real, thread };
  const { code, stderr } = await cli(["check", "--profile", "all"], { cwd, parts, signal: stop.signal });
  assert.equal(code, 130);
  assert.equal(stderr, "dockwright: stopped\n");
});

test("few files are not worth a thread", () => {
  assert.equal(threadsFor(1, 8), 0);
  assert.ok(threadsFor(10_000, 8) > 2);
  assert.equal(threadsFor(10_000, 1), 0);
});

test("progress is shown on a terminal, after a second, and is gone at the end", () => {
  const run = (isTTY: boolean): string => {
    let written = "";
    let now = 0;
    const progress = createProgress({ write: (text) => (written += text) }, 4, isTTY, () => now);
    for (const at of [500, 1200, 1220, 1400]) {
      now = at;
      progress.step();
    }
    progress.end();
    return written;
  };
  assert.equal(run(false), "");
  assert.equal(run(true), "\r\u001b[Kchecked 2 of 4 files\r\u001b[Kchecked 4 of 4 files\r\u001b[K");
});

test("a baseline takes away what was there before, however lines move, and no more", async (t) => {
  const text = "FROM scratch\nLABEL a=bad\nLABEL a=bad\nLABEL b=grave\n";
  const cwd = folderWith(t, { "a/Dockerfile": text, "b/Dockerfile": "FROM scratch\nLABEL a=bad\n" });
  const written = await cli(["check", "--baseline", "base.json", "--write-baseline"], { cwd });
  assert.deepEqual(written, { code: 0, stdout: "4 findings written to base.json\n", stderr: "" });
  const base = readFileSync(join(cwd, "base.json"), "utf8");
  await cli(["check", "--baseline", "base.json", "--write-baseline"], { cwd });
  assert.equal(readFileSync(join(cwd, "base.json"), "utf8"), base);

  const check = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await cli(["check", "-f", "json", "--baseline", "base.json", ...args], { cwd });
    const found = JSON.parse(stdout) as readonly { file: string; rule: string; line: number }[];
    return { code, stderr, found: found.map(({ file, rule }) => `${file} ${rule}`) };
  };
  assert.deepEqual(await check(), { code: 0, stderr: "", found: [] });
  writeFileSync(join(cwd, "a/Dockerfile"), `# moved\n\n${text.replace("LABEL a=bad", "LABEL \\\n   a=bad")}`);
  assert.deepEqual(await check("a"), { code: 0, stderr: "", found: [] });
  writeFileSync(join(cwd, "a/Dockerfile"), `${text}LABEL a=bad\nLABEL c=bad\n`);
  assert.deepEqual(await check("a"), {
    code: 1,
    stderr: "",
    found: ["a/Dockerfile bad-word", "a/Dockerfile bad-word"],
  });
  writeFileSync(join(cwd, "a/Dockerfile"), "FROM scratch\nLABEL a=bad\n");
  assert.deepEqual((await check()).stderr, "");
  assert.deepEqual((await check("--stale")).stderr.split("\n"), [
    "dockwright: a/Dockerfile: 1 finding of bad-word in the baseline does not occur any more",
    "dockwright: a/Dockerfile: 1 finding of grave-word in the baseline does not occur any more",
    "",
  ]);
});

test("what a run did not look for is not called gone", async (t) => {
  const cwd = folderWith(t, {
    "a/Dockerfile": "FROM scratch\nLABEL a=bad b=grave\n",
    "b/Dockerfile": "FROM scratch\n",
  });
  await cli(["check", "--baseline", "base.json", "--write-baseline"], { cwd });
  writeFileSync(join(cwd, "a/Dockerfile"), "FROM scratch\n");
  const stale = async (...args: readonly string[]) =>
    (await cli(["check", "--baseline", "base.json", "--stale", ...args], { cwd })).stderr;
  assert.equal(await stale("b"), "");
  assert.match(await stale("--select", "bad-word"), /^dockwright: a\/Dockerfile: 1 finding of bad-word in .*\n$/);
});

test("a baseline that is none is refused", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\n", "base.json": "[]" });
  const { code, stderr } = await cli(["check", "--baseline", "base.json"], { cwd });
  assert.equal(stderr, "dockwright: base.json is no baseline; write it with --write-baseline\n");
  assert.equal(code, 2);
});

test("--stats tells where the time went and what was found", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM scratch\nLABEL a=bad b=bad c=grave\n" });
  const { stdout, stderr } = await cli(["check", "-f", "json", "--stats"], { cwd });
  assert.equal(JSON.parse(stdout).length, 3);
  assert.match(stderr, /^1 file, 39 characters\n/);
  assert.match(stderr, /^ {2}parse +\d+\.\d ms$/m);
  assert.match(stderr, /^ {2}grave-word +\d+\.\d ms +\d+\.\d %$/m);
  assert.match(stderr, /^ {2}bad-word +2\n {2}grave-word +1$/m);
});
