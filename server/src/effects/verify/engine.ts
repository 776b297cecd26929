/** Talks to the engine a person has: one command at a time, and which engine that is. */
import { lstat } from "node:fs/promises";
import { RunError, run, type RunResult } from "../process.ts";
import { ENGINES, type EngineName } from "./engines.ts";
import { ENGINE_MS, LAST_LINES, MAX_ENGINE_ANSWER, MAX_LINE } from "./limits.ts";

export interface Engine {
  readonly name: EngineName;
  /** Of docker; of podman the connection. */
  readonly context?: string | undefined;
  /** This process' environment by default. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** Something that is not the image's fault; its message is a clause that says what to do. */
export class Trouble extends Error {
  override readonly name = "Trouble";
  /** The last lines that were printed. */
  readonly said: readonly string[];

  constructor(message: string, said: readonly string[] = []) {
    super(message);
    this.said = said;
  }
}

export const argsFor = ({ name, context }: Engine, args: readonly string[]): readonly string[] => [
  ...(context === undefined ? [] : ENGINES[name].atContext(context)),
  ...args,
];

/**
 * A command that is answered soon, with any exit code.
 * @throws Trouble when the engine is not there or does not answer; the signal's reason
 */
export async function ask(engine: Engine, args: readonly string[], signal?: AbortSignal): Promise<RunResult> {
  try {
    return await run(engine.name, argsFor(engine, args), {
      ...{ timeoutMs: ENGINE_MS, maxBytes: MAX_ENGINE_ANSWER, env: engine.env ?? process.env },
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof RunError)) throw error;
    throw new Trouble(
      error.kind === "missing" ? `${error.message}; install it, or name another engine` : `${error.message}; try again`,
    );
  }
}

/**
 * The first engine that is there and runs.
 * @throws Trouble with what each one says, when none does; the signal's reason
 */
export async function findEngine(
  among: readonly Engine[] = [{ name: "docker" }, { name: "podman" }],
  signal?: AbortSignal,
): Promise<Engine> {
  const silent: string[] = [];
  for (const engine of among) {
    const why = await whySilent(engine, signal);
    if (why === undefined) return engine;
    silent.push(why);
  }
  throw new Trouble(`nothing here builds and runs images: ${silent.join("; ")}`);
}

async function whySilent(engine: Engine, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const { code, stderr } = await ask(engine, ENGINES[engine.name].version, signal);
    return code === 0 ? undefined : `${engine.name} does not run: ${lastLines(stderr).at(-1) ?? "it said nothing"}`;
  } catch (error) {
    if (error instanceof Trouble) return error.message;
    throw error;
  }
}

/** As a person reads them: without control characters, shortened, no empty ones. */
export function lastLines(...texts: readonly string[]): readonly string[] {
  return texts.flatMap(linesOf).slice(-LAST_LINES);
}

export const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n|\r/)
    .map((line) => line.replace(/\p{Cc}\[[\d;]*m|[\p{Cc}\p{Cf}]/gu, "").trimEnd())
    .filter((line) => line !== "")
    .map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line));

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(`${path}/`)).isDirectory();
  } catch {
    return false; // it is not there, or may not be looked at
  }
}
