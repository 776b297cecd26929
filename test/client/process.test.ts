/** The one place of the extension that starts programs, with real ones. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Invocation, type RunOptions, runProgram, setTrusted } from "../../client/src/process.ts";

const node = (code: string, ...args: readonly string[]): Invocation => ({
  command: process.execPath,
  args: ["-e", code, "--", ...args],
});
const start = (invocation: Invocation, options: Partial<RunOptions> = {}) =>
  runProgram(invocation, { signal: new AbortController().signal, timeoutMs: 30_000, ...options });
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await sleep(50);
  assert.equal(isAlive(pid), false, "the process is gone");
}

/** Prints its own pid and its child's, and waits for ever. */
const FAMILY = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  console.log(process.pid, child.pid);
  setInterval(() => {}, 1000);
`;

describe("programs", () => {
  beforeEach(() => setTrusted(() => true));
  afterEach(() => setTrusted(() => false));

  test("output, exit code, input, environment", async () => {
    const outcome = await start({
      ...node(
        'process.stdin.on("data", (text) => process.stdout.write("in:" + text)).on("end", () => { console.error(process.env.A, process.env.HOME); process.exit(3); })',
      ),
      input: "ä",
      env: { A: "b", HOME: undefined },
    });
    assert.deepEqual(outcome, {
      code: 3,
      stdout: "in:ä",
      stderr: "b undefined\n",
      truncated: false,
      missing: false,
    });
  });

  test("arguments arrive as they are: no shell reads them", async () => {
    const words = ["a b", "'", '"', ";", "$(id)", "`id`", "-x", "--", "*", "\\", "\n", "", "ä", "%PATH%", "&", "|"];
    const { stdout } = await start(node("console.log(JSON.stringify(process.argv.slice(1)))", ...words));
    assert.deepEqual(JSON.parse(stdout), words);
  });

  test("an argument that no program can be given is an outcome", async () => {
    const { code, missing, stderr } = await start(node("", "a\0b"));
    assert.deepEqual([code, missing], [null, false]);
    assert.match(stderr, /cannot be started/);
  });

  test("a program that is not there", async () => {
    for (const command of ["dockwright-no-such-program", join(tmpdir(), "no", "such"), "./node", ""]) {
      const { missing, code } = await start({ command, args: [] });
      assert.deepEqual([missing, code], [true, null], command);
    }
  });

  test("a working folder that is not there is not taken for a missing program", async () => {
    const { missing, stderr } = await start({ ...node(""), cwd: join(tmpdir(), "no-such-folder") });
    assert.equal(missing, false);
    assert.match(stderr, /no-such-folder is not a folder/);
  });

  test("PATH's relative folders are not looked into", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dockwright-path-"));
    try {
      const { missing } = await start({ command: "node", args: ["-v"], cwd: folder, env: { PATH: `.:${folder}:` } });
      assert.equal(missing, true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("more output than is kept: the beginning of stdout, the end of stderr, everything to the callbacks", async () => {
    let heard = 0;
    const outcome = await start(
      node('process.stdout.write("a" + "b".repeat(300000)); process.stderr.write("c".repeat(300000) + "d")'),
      { maxBytes: 1000, onStdout: (text) => (heard += text.length) },
    );
    assert.equal(outcome.truncated, true);
    assert.equal(outcome.stdout, `a${"b".repeat(999)}`);
    assert.ok(outcome.stderr.endsWith("cd") && outcome.stderr.length <= 2000);
    assert.equal(heard, 300_001);
  });

  test("output that is no UTF-8", async () => {
    const { stdout } = await start(node("process.stdout.write(Buffer.from([0x61, 0xff, 0xc3, 0x62]))"));
    assert.equal(stdout, "a\ufffd\ufffdb");
  });

  test("the deadline ends the whole tree and is said", async () => {
    const outcome = await start(node(FAMILY), { timeoutMs: 1_500 });
    assert.equal(outcome.code, null);
    assert.match(outcome.stderr, /did not end within 1\.5 s/);
    for (const pid of outcome.stdout.trim().split(" ").map(Number)) await gone(pid);
  });

  test("cancelling ends the whole tree and rejects with the signal's reason", async () => {
    const controller = new AbortController();
    const pids = Promise.withResolvers<readonly number[]>();
    const running = start(node(FAMILY), {
      signal: controller.signal,
      onStdout: (text) => pids.resolve(text.trim().split(" ").map(Number)),
    });
    const family = await pids.promise;
    controller.abort(new Error("cancelled"));
    await assert.rejects(running, /cancelled/);
    for (const pid of family) await gone(pid);
  });

  test("a program that does not heed the request to end is killed", async () => {
    const controller = new AbortController();
    const running = start(
      node('process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000)'),
      {
        signal: controller.signal,
        onStdout: () => controller.abort(new Error("cancelled")),
      },
    );
    await assert.rejects(running, /cancelled/);
  });

  test("a signal that has aborted before starts nothing", async () => {
    await assert.rejects(start(node(""), { signal: AbortSignal.abort(new Error("before")) }), /before/);
  });

  test("nothing starts in a workspace that is not trusted", async () => {
    setTrusted(() => false);
    await assert.rejects(start(node("")), /trusted/);
  });
});
