/**
 * Runs a program and collects what it prints: an argument array and never a shell, with a deadline and an output cap.
 * The only module of the server that imports node:child_process; callers check workspace trust before they call.
 */
import type * as ChildProcess from "node:child_process";
import { createRequire } from "node:module";
import { homedir } from "node:os";

/** Takes milliseconds to load, and most runs start no program. */
const load = createRequire(import.meta.filename);
const childProcess = (): typeof ChildProcess => load("node:child_process");

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

    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      stop(
        new RunError(
          missing ? "missing" : "failed",
          `${program} ${missing ? "is not on PATH" : `failed: ${error.code}`}`,
        ),
      );
    });
    child.on("close", (code) => {
      settle();
      resolve({ code: code ?? undefined, stdout: text(stdout), stderr: text(stderr) });
    });

    // A program may end without reading its input; its exit code tells what happened.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");

/** Its pipes are closed too: a grandchild that holds them open must not keep this process alive. */
function kill(child: ChildProcess.ChildProcess): void {
  child.kill("SIGKILL");
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
}
