/**
 * Runs a program and collects what it prints, or hands it on as it comes: an argument array and never a shell, with a deadline and
 * an output cap. The only module of the server that imports node:child_process; callers check workspace trust before they call.
 */
import type * as ChildProcess from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

/** Takes milliseconds to load, and most runs start no program. */
const childProcess = (): typeof ChildProcess => process.getBuiltinModule("node:child_process");

export interface RunOptions {
  readonly timeoutMs: number;
  /** Most bytes taken from stdout and stderr together. */
  readonly maxBytes: number;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** The user's home by default: Windows looks for programs in the working folder first, which must not be the workspace. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunResult {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export type RunErrorKind = "missing" | "timeout" | "too-large" | "failed";

export class RunError extends Error {
  override readonly name = "RunError";
  readonly kind: RunErrorKind;

  constructor(kind: RunErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Ends with the program's result whatever its exit code.
 *
 * @throws RunError when it could not be started or was stopped for time or size; the signal's reason when that aborted.
 */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { signal } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const child = childProcess().spawn(program, args, {
      cwd: options.cwd ?? homedir(),
      env: options.env ?? process.env,
      shell: false,
      windowsHide: true,
      stdio: ["pipe", "pipe", "pipe"],
    });

    const stop = (reason: unknown) => {
      settle();
      kill(child);
      reject(reason);
    };
    const aborted = () => stop(signal?.reason);
    const late = () => stop(new RunError("timeout", `${program} did not end within ${options.timeoutMs / 1000} s`));
    const timer = setTimeout(late, options.timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    };
    signal?.addEventListener("abort", aborted, { once: true });

    let size = 0;
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > options.maxBytes) stop(new RunError("too-large", `${program} printed over ${options.maxBytes} bytes`));
      else into.push(chunk);
    };
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", collect(stdout));
    child.stderr.on("data", collect(stderr));

    child.on("error", (error) => stop(startFailure(program, error)));
    child.on("close", (code) => {
      settle();
      resolve({ code: code ?? undefined, stdout: text(stdout), stderr: text(stderr) });
    });

    // A program may end without reading its input; its exit code tells what happened.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

export interface StreamOptions {
  /** Gets what the program prints, piece by piece; the program waits for its promise. What it throws stops the program. */
  readonly onStdout: (chunk: Uint8Array) => void | Promise<void>;
  /** Gets what it prints on stderr as it comes, besides the end of it being kept. */
  readonly onStderr?: ((text: string) => void) | undefined;
  /** A program that prints nothing for so long is stopped. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /**
   * A named pipe to print into, gone afterwards: for programs that open `/dev/stdout`, which works with a pipe and not with the
   * socket that Node gives them.
   */
  readonly fifo?: string | undefined;
}

/** As much of stderr as is kept: its end, where the reason stands. */
const MAX_STDERR = 64 * 1024;
/** How long a program that was asked to end may take to end what it has started itself. */
const GRACE_MS = 3_000;
const WINDOWS = process.platform === "win32";

/**
 * Ends with the program's exit code and its last words, whatever they are, and only once the program has ended.
 *
 * @throws RunError when it could not be started or was silent for too long; what `onStdout` threw; the signal's reason when that aborted
 */
export async function stream(
  program: string,
  args: readonly string[],
  { onStdout, onStderr, idleMs, signal, env, fifo }: StreamOptions,
): Promise<Omit<RunResult, "stdout">> {
  signal?.throwIfAborted();
  const own = fifo === undefined ? undefined : openFifo(fifo);
  const child = childProcess().spawn(program, args, {
    cwd: homedir(),
    env: env ?? process.env,
    shell: false,
    windowsHide: true,
    // A process group of its own, so that one signal reaches what it starts.
    detached: !WINDOWS,
    stdio: ["ignore", own?.writer ?? "pipe", "pipe"],
  });
  if (own) closeSync(own.writer);
  const stdout = own?.reader ?? child.stdout ?? Readable.from([]);
  const ended = Promise.withResolvers<number | undefined>();
  child.once("error", (error: NodeJS.ErrnoException) => {
    if (child.pid === undefined) ended.reject(startFailure(program, error));
  });
  child.once("close", (code) => ended.resolve(code ?? undefined));
  ended.promise.catch(() => {}); // said by whoever waits for it below

  let failure: { readonly reason: unknown } | undefined;
  let killing: NodeJS.Timeout | undefined;
  const stop = (reason: unknown): void => {
    if (failure) return;
    failure = { reason };
    endGroup(child, "SIGTERM");
    killing = setTimeout(() => {
      endGroup(child, "SIGKILL");
      kill(child);
    }, GRACE_MS);
    stdout.destroy();
  };
  const aborted = (): void => stop(signal?.reason);
  const leaving = (): void => endGroup(child, "SIGKILL");
  signal?.addEventListener("abort", aborted, { once: true });
  process.once("exit", leaving);
  /** It may be us that the program waits for. */
  let taking = false;
  const idle = setTimeout(() => {
    if (taking) idle.refresh();
    else stop(new RunError("timeout", `${program} printed nothing for ${idleMs / 1000} s`));
  }, idleMs);

  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (more: string) => {
    onStderr?.(more);
    stderr = (stderr + more).slice(-MAX_STDERR);
  });
  try {
    for await (const chunk of stdout) {
      taking = true;
      await onStdout(chunk);
      taking = false;
      idle.refresh();
    }
  } catch (error) {
    stop(error);
  }
  try {
    const code = await ended.promise;
    if (failure) throw failure.reason;
    return { code, stderr };
  } finally {
    clearTimeout(idle);
    clearTimeout(killing);
    signal?.removeEventListener("abort", aborted);
    process.off("exit", leaving);
    if (failure) endGroup(child, "SIGKILL");
  }
}

/** The file is gone at once: both ends are open. */
function openFifo(path: string): { readonly reader: Readable; readonly writer: number } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const reader = new Socket({ fd, readable: true, writable: false });
  try {
    return { reader, writer: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    reader.destroy();
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}

function startFailure(program: string, { code }: NodeJS.ErrnoException): RunError {
  const missing = code === "ENOENT";
  return new RunError(missing ? "missing" : "failed", `${program} ${missing ? "is not on PATH" : `failed: ${code}`}`);
}

function endGroup(child: ChildProcess.ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (WINDOWS) {
    // Windows knows no groups; its own program for it walks the tree.
    const taskkill = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
    const options = { windowsHide: true, stdio: "ignore" } as const;
    const started = childProcess().spawn(taskkill, ["/pid", String(pid), "/t", "/f"], options);
    started.on("error", () => child.kill(signal));
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // the group has ended
  }
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");

/** Its pipes are closed too: a grandchild that holds them open must not keep this process alive. */
function kill(child: ChildProcess.ChildProcess): void {
  child.kill("SIGKILL");
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}
