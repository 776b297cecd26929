/** Running a program: its result, whole or as it comes, and each way it is stopped. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunError, run, stream } from "../../server/src/effects/process.ts";

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

const streamed = (script: string, options: Partial<Parameters<typeof stream>[2]> = {}) =>
  stream(process.execPath, ["-e", script], { onStdout() {}, idleMs: 10_000, ...options });

test("what a program prints comes as it goes, and the program waits for whoever takes it", async () => {
  const printing =
    "process.stdout.write(Buffer.alloc(3_000_000, 'x')); process.stderr.write('last'); process.exitCode = 3";
  let [size, open, most] = [0, 0, 0];
  const { code, stderr } = await streamed(printing, {
    async onStdout(chunk) {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      size += chunk.length;
      open--;
    },
  });
  assert.deepEqual({ code, stderr, size, most }, { code: 3, stderr: "last", size: 3_000_000, most: 1 });
});

test("a streamed program that is missing, silent, cancelled, or whose output nobody can take", async () => {
  const kind = (expected: string) => (error: unknown) => error instanceof RunError && error.kind === expected;
  const options = { onStdout() {}, idleMs: 10_000 };
  await assert.rejects(stream("dockwright-no-such-program", [], options), kind("missing"));
  await assert.rejects(streamed("setInterval(() => {}, 1000)", { idleMs: 300 }), kind("timeout"));
  await assert.rejects(streamed("", { signal: AbortSignal.abort(new Error("never began")) }), /never began/);
  const onStdout = () => {
    throw new Error("not to be taken");
  };
  await assert.rejects(streamed("setInterval(() => console.log('x'), 10)", { onStdout }), /not to be taken/);
});

test("a slow taker is no silence of the program", async () => {
  let size = 0;
  await streamed("process.stdout.write('x'.repeat(10))", {
    idleMs: 1_500,
    async onStdout(chunk) {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      size += chunk.length;
    },
  });
  assert.equal(size, 10);
});

test("a streamed program that is stopped is gone with what it has started, also when it does not want to", async () => {
  const child = "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)";
  const script = `process.on('SIGTERM', () => {}); console.log(process.pid);
    require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: ['ignore', 1, 'ignore'] });
    setInterval(() => {}, 1000)`;
  const controller = new AbortController();
  let text = "";
  const running = streamed(script, {
    signal: controller.signal,
    onStdout(chunk) {
      text += Buffer.from(chunk).toString();
      if (text.trim().split("\n").length === 2) controller.abort(new Error("left"));
    },
  });
  await assert.rejects(running, /left/);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const pids = text.trim().split("\n").map(Number);
  assert.equal(pids.length, 2);
  for (const pid of pids) assert.ok(!(await runs(pid)), String(pid));
});

/** One that has ended may wait for its parent to hear of it. */
async function runs(pid: number): Promise<boolean> {
  const { code, stdout } = await run("ps", ["-o", "stat=", "-p", String(pid)], LIMITS);
  return code === 0 && !stdout.trim().startsWith("Z");
}

test("a program that opens its output itself prints into a named pipe", {
  skip: process.platform === "win32",
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "dockwright-process-"));
  const fifo = join(folder, "pipe");
  assert.equal((await run("mkfifo", ["--", fifo], LIMITS)).code, 0);
  const script = "require('fs').writeFileSync('/dev/stdout', Buffer.alloc(1_000_000, 'x'))";
  let size = 0;
  const { code } = await streamed(script, { fifo, onStdout: (chunk) => void (size += chunk.length) });
  assert.deepEqual([code, size], [0, 1_000_000]);
  assert.deepEqual(await readdir(folder), []);
  assert.equal((await run("mkfifo", ["--", fifo], LIMITS)).code, 0);
  assert.equal((await streamed("process.exit(4)", { fifo })).code, 4);
  await rm(folder, { recursive: true });
});
