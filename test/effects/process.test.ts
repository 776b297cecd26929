/** Running a program: its result, and each way it is stopped. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunError, run } from "../../server/src/effects/process.ts";

const LIMITS = { timeoutMs: 10_000, maxBytes: 1 << 20 };
const node = (script: string, options: Partial<Parameters<typeof run>[2]> = {}) =>
  run(process.execPath, ["-e", script], { ...LIMITS, ...options });

test("exit code, output and input; arguments reach no shell", async () => {
  const echo =
    "process.stdin.on('data', d => process.stdout.write(d)); process.stderr.write('e'); process.exitCode = 3";
  assert.deepEqual(await node(echo, { input: "in" }), { code: 3, stdout: "in", stderr: "e" });
  const text = "$(id); `id` && *";
  const { stdout } = await run(process.execPath, ["-p", "process.argv[1]", text], LIMITS);
  assert.equal(stdout, `${text}\n`);
});

test("a program that does not read its input still gives its result", async () => {
  assert.equal((await node("process.exit(0)", { input: "x".repeat(1 << 20) })).code, 0);
});

test("missing, late, talkative and cancelled programs", async () => {
  const kind = (expected: string) => (error: unknown) => error instanceof RunError && error.kind === expected;
  await assert.rejects(run("dockwright-no-such-program", [], LIMITS), kind("missing"));
  await assert.rejects(node("setInterval(() => {}, 1000)", { timeoutMs: 300 }), kind("timeout"));
  await assert.rejects(node("setInterval(() => console.log('x'.repeat(1000)))", { maxBytes: 5000 }), kind("too-large"));

  const controller = new AbortController();
  const running = node("setInterval(() => {}, 1000)", { signal: controller.signal });
  controller.abort(new Error("left"));
  await assert.rejects(running, /left/);
  await assert.rejects(node("", { signal: AbortSignal.abort(new Error("never began")) }), /never began/);
});

test("a stopped program is gone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dockwright-process-"));
  const file = join(folder, "pid");
  const script = `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
  await assert.rejects(node(script, { timeoutMs: 1500 }), RunError);
  const pid = Number(await readFile(file, "utf8"));
  await rm(folder, { recursive: true });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(pid > 0);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});
