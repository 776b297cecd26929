/** Runs programs for scripts and tests: argument arrays, no shell, a deadline, and nothing left running. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { accessSync, constants, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process; an undefined value removes the variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly input?: string | Uint8Array;
  /** Called with each piece of output as it comes, besides being collected. */
  readonly onOutput?: (text: string) => void;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A daemon: its output so far, and the one way to end it. */
export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  readonly output: () => string;
  readonly exited: Promise<number>;
  readonly stop: () => Promise<void>;
}

const OUTPUT_LIMIT = 64 * 1024 * 1024;
const DAEMON_OUTPUT_LIMIT = 1024 * 1024;

/** How long a program that was asked to end may take to end what it has started itself. */
const GRACE_MS = 5_000;

/** Groups still alive; ended when this process ends, so that an interrupted test run leaves nothing behind. */
const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) killGroup(child, "SIGKILL");
});
// A group of its own hears neither Ctrl+C nor the end of this process.
for (const [signal, number] of [
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const) {
  process.on(signal, () => {
    const ended = [...alive].map((child) => killGently(child));
    const handledElsewhere = process.listenerCount(signal) > 1;
    if (!handledElsewhere) void Promise.all(ended).then(() => process.exit(128 + number));
  });
}

/** Runs to the end and gives the exit code, whatever it is. A program that cannot be started rejects. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = launch(command, args, options);
    let stdout = "";
    let stderr = "";
    let ended: string | undefined;
    const end = (why: string): void => {
      ended ??= why;
      void killGently(child);
    };
    const collect = (chunk: string, into: "stdout" | "stderr"): void => {
      options.onOutput?.(chunk);
      if (into === "stdout") stdout += chunk;
      else stderr += chunk;
      if (stdout.length + stderr.length > OUTPUT_LIMIT) end("wrote more than the output limit");
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => collect(chunk, "stdout"));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => collect(chunk, "stderr"));
    const timer = options.timeoutMs
      ? setTimeout(() => end(`took longer than ${options.timeoutMs} ms`), options.timeoutMs)
      : undefined;
    const onAbort = (): void => end("was cancelled");
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
    };
    child.once("error", (error) => {
      settle();
      reject(new Error(`${command} cannot be started: ${error.message}`));
    });
    child.once("close", (code) => {
      settle();
      if (ended) reject(new Error(`${shown(command, args)} ${ended}\n${tail(stdout + stderr)}`));
      else resolve({ code: code ?? 1, stdout, stderr });
    });
    child.stdin.on("error", () => {}); // a program may end without reading its input
    child.stdin.end(options.input ?? "");
    if (options.signal?.aborted) onAbort();
  });
}

/** As `run`, but any exit code except 0 is an error that carries the end of the output. */
export async function mustRun(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  throw new Error(`${shown(command, args)} ended with ${result.code}\n${tail(result.stdout + result.stderr)}`);
}

/** Starts a program that runs until stopped, in a process group of its own. */
export function start(command: string, args: readonly string[], options: Omit<RunOptions, "input"> = {}): Daemon {
  const child = launch(command, args, options);
  child.stdin.on("error", () => {});
  child.stdin.end();
  let output = "";
  const collect = (chunk: string): void => {
    options.onOutput?.(chunk);
    output = (output + chunk).slice(-DAEMON_OUTPUT_LIMIT);
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const exited = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      collect(`${command} cannot be started: ${error.message}\n`);
      resolve(127);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
  const stop = async (): Promise<void> => {
    await killGently(child);
    await exited;
  };
  options.signal?.addEventListener("abort", () => void stop(), { once: true });
  return { pid: child.pid ?? 0, output: () => output, exited, stop, [Symbol.asyncDispose]: stop };
}

/** Runs with this terminal's input and output and gives the exit code: for a person to look at. */
export function runInTerminal(
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, "cwd" | "env"> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: environment(options.env), stdio: "inherit" });
    child.once("error", (error) => reject(new Error(`${command} cannot be started: ${error.message}`)));
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** The program's path when PATH has it. */
export function which(name: string, path: string = process.env["PATH"] ?? ""): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** A TCP port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `ready` holds; gives up early when the daemon has ended. The error carries the daemon's output. */
export async function waitUntil(
  what: string,
  ready: () => Promise<boolean>,
  { daemon, timeoutMs = 60_000 }: { readonly daemon?: Daemon; readonly timeoutMs?: number } = {},
): Promise<void> {
  let gone = false;
  void daemon?.exited.then(() => {
    gone = true;
  });
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await ready()) return;
    if (gone) throw new Error(`${what}: the program ended before it was ready\n${tail(daemon?.output() ?? "")}`);
    await sleep(100);
  }
  throw new Error(`${what}: not ready after ${timeoutMs} ms\n${tail(daemon?.output() ?? "")}`);
}

/** True when something accepts connections on this loopback port or socket file. */
export function accepts(where: { readonly port: number } | { readonly path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = "path" in where ? connect(where.path) : connect(where.port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** True when the address answers with any HTTP status below 500. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

/** A program this process talks to over its pipes. Whoever starts it ends it; at the latest it ends with this process. */
export const launch = (
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, "cwd" | "env"> = {},
): ChildProcessWithoutNullStreams =>
  tracked(
    spawn(command, args, { cwd: options.cwd, env: environment(options.env), stdio: "pipe", detached: OWN_GROUP }),
  );

/** The same for a Node program that is talked to over Node's own channel. */
export const launchWithChannel = (module: string, args: readonly string[]): ChildProcess =>
  tracked(
    spawn(process.execPath, [module, ...args], { stdio: ["ignore", "pipe", "pipe", "ipc"], detached: OWN_GROUP }),
  );

/** A group of its own, so that its children end with it. */
const OWN_GROUP = process.platform !== "win32";

function tracked<T extends ChildProcess>(child: T): T {
  alive.add(child);
  child.once("close", () => alive.delete(child));
  return child;
}

function environment(extra: RunOptions["env"] = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(extra)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  return env;
}

/** Asks the group to end, and ends it when it has not after the time of grace. */
async function killGently(child: ChildProcess): Promise<void> {
  if (!alive.has(child)) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  killGroup(child, "SIGTERM");
  await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
  killGroup(child, "SIGKILL");
  await closed;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.pid || !alive.has(child)) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // the group has ended already
  }
}

function shown(command: string, args: readonly string[]): string {
  return [command, ...args].join(" ").slice(0, 300);
}

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-25).join("\n");
}
