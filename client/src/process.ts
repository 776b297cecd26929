/**
 * Starts programs for the extension: an argument array and never a shell, a deadline, capped output, and a process tree that ends
 * when the work is cancelled. The only module of the client that imports node:child_process; nothing starts in a workspace
 * that is not trusted.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, extname, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { descendantsOf, killAll } from "./process-tree.ts";

/** What to start. */
export interface Invocation {
  /** A name on PATH or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** The person's home by default. */
  readonly cwd?: string;
  /** Added to the environment; an undefined value removes the variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Most characters kept of each stream: the beginning of stdout, the end of stderr. The callbacks get everything. */
  readonly maxBytes?: number;
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

export interface Outcome {
  /** Null when it was ended by a signal, by the deadline, or never started; stderr says why. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** More was printed than was kept. */
  readonly truncated: boolean;
  /** The program is not there. */
  readonly missing: boolean;
}

const KEPT = 64 * 1024 * 1024;
/** How long a program that was asked to end may take to end what it has started itself. */
const GRACE_MS = 5_000;
const POLL_MS = 20;
const WINDOWS = process.platform === "win32";

let isTrusted = (): boolean => false;

/** Says once how to find out whether the workspace is trusted. */
export function setTrusted(ask: () => boolean): void {
  isTrusted = ask;
}

/** Trees still alive; ended with this process. */
const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) endTree(child, "SIGKILL");
});

/**
 * Runs to the end and tells how it ended, whatever the exit code.
 *
 * @throws the signal's reason when that aborts, after the process tree has ended; an Error in a workspace that is not trusted
 */
export async function runProgram(invocation: Invocation, options: RunOptions): Promise<Outcome> {
  options.signal.throwIfAborted();
  if (!isTrusted()) throw new Error("No program is started until the workspace is trusted");
  const { command, args, cwd, input } = invocation;
  const env: NodeJS.ProcessEnv = { ...process.env, ...invocation.env };
  for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
  const program = programPath(command, env);
  if (program === undefined) return notStarted(`${command} is not on PATH`, true);
  if (cwd !== undefined && !isFolder(cwd)) return notStarted(`${cwd} is not a folder`, false);

  return new Promise((resolve, reject) => {
    let child: ChildProcessWithoutNullStreams;
    try {
      child = spawn(program, args, {
        cwd: cwd ?? homedir(),
        env,
        shell: false,
        windowsHide: true,
        // A process group of its own, so that one signal reaches whatever it starts.
        detached: !WINDOWS,
        stdio: ["pipe", "pipe", "pipe"],
      });
    } catch (error) {
      // an argument no program can be given, such as one with a NUL
      resolve(notStarted(`${command} cannot be started: ${error instanceof Error ? error.message : error}`, false));
      return;
    }
    alive.add(child);
    const max = options.maxBytes ?? KEPT;
    let stdout = "";
    let stderr = "";
    let truncated = false;
    let late = false;
    let ending: NodeJS.Timeout | undefined;
    let family: ReturnType<typeof descendantsOf> = [];

    const end = (): void => {
      if (ending) return;
      family = descendantsOf(child.pid ?? 0);
      endTree(child, "SIGTERM");
      ending = setTimeout(() => {
        endTree(child, "SIGKILL");
        killAll(family);
        // Whoever left the group may hold the pipes open; nobody waits for that.
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      }, GRACE_MS);
    };
    const timer = setTimeout(() => {
      late = true;
      end();
    }, options.timeoutMs);
    options.signal.addEventListener("abort", end, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(ending);
      options.signal.removeEventListener("abort", end);
      alive.delete(child);
    };

    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      truncated ||= stdout.length + text.length > max;
      stdout += text.slice(0, Math.max(0, max - stdout.length));
      options.onStdout?.(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (stderr.length > max * 2) {
        stderr = stderr.slice(-max);
        truncated = true;
      }
      options.onStderr?.(text);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return; // it runs: a signal could not be sent
      settle();
      resolve(notStarted(`${command} cannot be started: ${error.message}`, error.code === "ENOENT"));
    });
    child.once("close", (code) => void ended(code));
    const ended = async (code: number | null): Promise<void> => {
      // What it has started may still be clearing up, a container of its own for one.
      if (ending) await treeEnded(child);
      killAll(family);
      settle();
      if (options.signal.aborted) reject(options.signal.reason);
      else if (late)
        resolve({
          code: null,
          stdout,
          stderr: `${stderr}\n${command} did not end within ${options.timeoutMs / 1000} s`,
          truncated,
          missing: false,
        });
      else resolve({ code, stdout, stderr, truncated, missing: false });
    };
    // A program may end without reading its input; its exit code tells what happened.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

const notStarted = (why: string, missing: boolean): Outcome => ({
  code: null,
  stdout: "",
  stderr: why,
  truncated: false,
  missing,
});

function endTree(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (WINDOWS) {
    // Windows knows no groups; its own program for it walks the tree.
    const taskkill = join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
    spawn(taskkill, ["/pid", String(pid), "/t", "/f"], { windowsHide: true, stdio: "ignore" }).on("error", () =>
      child.kill(signal),
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // the group has ended
  }
}

/** Waits for the rest of a tree that was asked to end, and kills it when that takes too long. */
async function treeEnded(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || WINDOWS) return;
  for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
    await sleep(POLL_MS);
  }
  endTree(child, "SIGKILL");
}

/** The program PATH leads to: looked for here because Windows would look into the working folder first. */
function programPath(command: string, env: NodeJS.ProcessEnv): string | undefined {
  if (isAbsolute(command)) return executable(command);
  if (/[\\/]/.test(command)) return undefined;
  const path = Object.entries(env).find(([name]) => (WINDOWS ? name.toUpperCase() : name) === "PATH")?.[1] ?? "";
  for (const folder of path.split(delimiter))
    if (isAbsolute(folder)) {
      const found = executable(join(folder, command));
      if (found !== undefined) return found;
    }
  return undefined;
}

function executable(file: string): string | undefined {
  const names = WINDOWS && extname(file) === "" ? [`${file}.exe`, `${file}.com`] : [file];
  return names.find((name) => {
    try {
      accessSync(name, constants.X_OK);
      return statSync(name).isFile();
    } catch {
      return false;
    }
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
