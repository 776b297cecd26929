/** The program as a process of its own, with the rules it ships. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import manifest from "../../package.json" with { type: "json" };
import { buildAll } from "../../scripts/build.ts";
import { freePort, run, start } from "../../scripts/process.ts";
import { startOverPipes } from "../lsp/process.ts";
import { folderWith } from "./harness.ts";

const MAIN = join(import.meta.dirname, "../../server/src/cli/main.ts");
const EXAMPLES = join(import.meta.dirname, "../../examples");

const dockwright = (args: readonly string[], cwd: string, input = "") =>
  run(process.execPath, [MAIN, ...args], { cwd, input, timeoutMs: 60_000, env: { FORCE_COLOR: undefined } });

const TEXT = "FROM alpine:3.22 AS Build\n";

test("the exit code of the process is that of the run", async (t) => {
  const cwd = folderWith(t, { Dockerfile: TEXT });
  const args = ["--select", "stage-name-case", "Dockerfile"];
  assert.deepEqual(await dockwright(["--version"], cwd), { code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  assert.equal((await dockwright(["check", ...args], cwd)).code, 1);
  assert.equal((await dockwright(["check", "missing", ...args], cwd)).code, 2);
  assert.equal((await dockwright(["fix", ...args], cwd)).code, 0);
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), "FROM alpine:3.22 AS build\n");
});

test("standard input is read from a pipe", async (t) => {
  const cwd = folderWith(t, {});
  const { code, stdout } = await dockwright(["fix", "--select", "stage-name-case", "-"], cwd, TEXT);
  assert.equal(stdout, "FROM alpine:3.22 AS build\n");
  assert.equal(code, 0);
});

test("a reader that goes away early is no failure", { skip: process.platform === "win32" }, async (t) => {
  const stages = Array.from({ length: 1_000 }, (_, index) => `FROM alpine:3.22 AS Build${index}\n`).join("");
  const cwd = folderWith(t, { Dockerfile: stages });
  const script = '"$0" "$1" check --select stage-name-case Dockerfile | head -n 1; echo "${PIPESTATUS[0]}"';
  const { stdout, stderr } = await run("bash", ["-c", script, process.execPath, MAIN], { cwd, timeoutMs: 60_000 });
  assert.match(stdout, /^Dockerfile:1:21 warning .*\n1\n$/);
  assert.equal(stderr, "");
});

test("lsp --stdio serves an editor until it says exit", async (t) => {
  const { wire, exited } = startOverPipes(t, [MAIN, "lsp", "--stdio"]);
  const { result } = await wire.send("initialize", { processId: null, rootUri: null, capabilities: {} }).answer;
  assert.match(JSON.stringify(result), /"name":"dockwright"/);
  await wire.send("shutdown").answer;
  wire.notify("exit");
  assert.equal(await exited, 0);
});

test("every example has findings, and the safe fixes of each settle", async (t) => {
  const names = [
    ...["go", "java", "node", "python"].map((name) => `${name}/Dockerfile`),
    ...["stack/api/Dockerfile", "stack/compose.yaml", "static/Dockerfile"],
  ];
  const { stdout, stderr, code } = await dockwright(["check", "--format", "json", "--profile", "all"], EXAMPLES);
  const findings = JSON.parse(stdout) as { file: string }[];
  assert.deepEqual([...new Set(findings.map(({ file }) => file))].sort(), names);
  assert.equal(stderr, "");
  assert.equal(code, 1);

  const cwd = folderWith(t, Object.fromEntries(names.map((name) => [name, readFileSync(join(EXAMPLES, name))])));
  const fixed = await dockwright(["fix"], cwd);
  assert.equal(fixed.stderr, "");
  const again = await dockwright(["fix"], cwd);
  for (const name of names) assert.match(again.stdout, new RegExp(`^${name}: applied 0 fixes`, "m"));
});

test("Ctrl+C ends the wait for a registry that does not answer, with 130", async (t) => {
  const silent = createServer().listen(0, "127.0.0.1");
  t.after(() => silent.close());
  await once(silent, "listening");
  const address = silent.address();
  assert.ok(typeof address === "object" && address);
  const text = `FROM 127.0.0.1:${address.port}/app:1\n`;
  const cwd = folderWith(t, { Dockerfile: text, "config/config.json": "{}" });
  await using child = start(process.execPath, [MAIN, "pin", "Dockerfile"], {
    cwd,
    env: { DOCKER_CONFIG: join(cwd, "config") },
  });
  await once(silent, "connection", { signal: AbortSignal.timeout(30_000) });
  process.kill(child.pid, "SIGINT");
  assert.equal(await child.exited, 130);
  assert.equal(child.output(), "dockwright: stopped\n");
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), text);
});

test("a registry that is down is named, and pin ends with 2", async (t) => {
  const port = await freePort();
  const cwd = folderWith(t, { Dockerfile: `FROM 127.0.0.1:${port}/app:1\n` });
  const { code, stderr } = await dockwright(["pin", "Dockerfile"], cwd);
  assert.ok(stderr.startsWith(`dockwright: Dockerfile: 127.0.0.1:${port}/app:1 was not pinned: `), stderr);
  assert.equal(code, 2);
});

test("the bundle brings ShellCheck beside itself, with its licence, and runs it", async (t) => {
  const dist = folderWith(t, {});
  await buildAll(dist);
  const bundles = ["cli.js", "program.js", "check.js", "server.js", "extension.js", "shellcheck-worker.js"];
  for (const name of bundles) {
    const text = readFileSync(join(dist, name), "utf8");
    assert.doesNotMatch(text, /ghc_wasm_jsffi\s*=|GNU GENERAL PUBLIC/, `${name} has ShellCheck's parts in it`);
  }
  assert.match(readFileSync(join(dist, "shellcheck/COPYING"), "utf8"), /GNU GENERAL PUBLIC LICENSE/);
  const cwd = folderWith(t, { Dockerfile: "FROM alpine:3.22\nRUN echo `date` $HOME\n" });
  const env = { XDG_CACHE_HOME: folderWith(t, {}) };
  const codesWith = async (...args: string[]): Promise<readonly string[]> => {
    const line = [join(dist, "cli.js"), "check", ...args, "--format", "json", "Dockerfile"];
    const { stdout, stderr } = await run(process.execPath, line, { cwd, timeoutMs: 60_000, env });
    return [...new Set(stdout.match(/SC\d{4}/g) ?? assert.fail(stderr))].sort();
  };
  assert.deepEqual(await codesWith("--select", "SC2006"), ["SC2006"]);
  assert.deepEqual(await codesWith("--select", "shellcheck"), ["SC2006", "SC2046", "SC2086"]);
  assert.deepEqual(await codesWith("--profile", "all", "--ignore", "SC2046,SC2086"), ["SC2006"]);
});

test("the bundle starts threads from itself and keeps itself compiled, and does without where it cannot", async (t) => {
  // Only a run of some length is worth keeping.
  const text = readFileSync(join(import.meta.dirname, "../bench/sixty-lines.Dockerfile"), "utf8");
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`${at}.Dockerfile`, text]));
  const cwd = folderWith(t, files);
  const dist = folderWith(t, {});
  const cache = folderWith(t, {});
  await buildAll(dist);
  const check = (XDG_CACHE_HOME: string) => {
    const args = [join(dist, "cli.js"), "check", "-f", "github", "--profile", "all", "--shellcheck", "off"];
    return run(process.execPath, args, { cwd, timeoutMs: 60_000, env: { XDG_CACHE_HOME } });
  };
  const first = await check(cache);
  assert.equal(first.code, 1, first.stderr);
  assert.ok(first.stdout.split("\n").length > 400);
  assert.deepEqual(await check(cache), first);
  const folder = join(cache, "dockwright/compiled");
  const kept = readdirSync(folder).map((name) => join(folder, name));
  assert.equal(kept.length, 1);
  assert.match(kept[0] ?? "", /-short$/);
  // One for all threads: the first byte counts the runs that V8 did not refuse it in.
  assert.deepEqual(
    kept.map((file) => readFileSync(file)[0]),
    [2],
  );
  for (const file of kept) writeFileSync(file, "\u0001not compiled");
  assert.deepEqual(await check(cache), first);
  assert.deepEqual(await check(kept[0] ?? ""), first);
});

test("a process that is done ends at once, with its exit code, and soon where something holds it", async () => {
  const leave = join(import.meta.dirname, "../../server/src/cli/leave.ts");
  const endsWith = async (before: string): Promise<number> => {
    const began = performance.now();
    const script = `import { leave } from ${JSON.stringify(pathToFileURL(leave).href)}; ${before} process.exitCode = 3; leave();`;
    const { code, stderr } = await run(process.execPath, ["--input-type=module", "--eval", script], {
      timeoutMs: 60_000,
    });
    assert.deepEqual([code, stderr], [3, ""]);
    return performance.now() - began;
  };
  await endsWith("");
  // Before that which holds it would be over.
  assert.ok((await endsWith("setInterval(() => {}, 30_000);")) < 20_000);
});
