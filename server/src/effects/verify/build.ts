/** Builds one of the two under a name of its own; nothing is pushed, and the person's Dockerfile is not touched. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stream } from "../process.ts";
import { argsFor, ask, type Engine, lastLines, Trouble } from "./engine.ts";
import { ENGINES } from "./engines.ts";
import { endRunsOf } from "./runs.ts";

export interface DockerfileText {
  readonly text: string;
  /** Where it is on disk: a `NAME.dockerignore` beside it holds for it. */
  readonly path?: string | undefined;
}

export interface BuildOptions {
  /** An empty folder for what is written. */
  readonly folder: string;
  readonly context: string;
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly network: string | undefined;
  readonly timeMs: number;
  readonly signal: AbortSignal | undefined;
}

const MAX_KEPT = 64 * 1024;

/**
 * The last lines of what was printed when it does not build; undefined when it does.
 * @throws Trouble, or the signal's reason; by then the builder has ended
 */
export async function build(
  engine: Engine,
  { text, path }: DockerfileText,
  options: BuildOptions,
): Promise<readonly string[] | undefined> {
  const { folder, context, tag, buildArgs, network, timeMs, signal } = options;
  await mkdir(folder, { recursive: true });
  const dockerfile = join(folder, "Dockerfile");
  await writeFile(dockerfile, text);
  const ignoreFile = await withIgnoreFile(path, dockerfile);
  const { canBuild, build: full, plainBuild, hasDaemon } = ENGINES[engine.name];
  const able = canBuild === undefined || (await ask(engine, canBuild, signal)).code === 0;
  const args = (able ? full : plainBuild)({ dockerfile, ignoreFile, context, tag, buildArgs, network });
  const late = AbortSignal.timeout(timeMs);
  const end = signal ? AbortSignal.any([signal, late]) : late;
  const stop = hasDaemon ? { signal: end, done() {} } : stopping(end, tag);
  let printed = "";
  try {
    const { code, stderr } = await stream(engine.name, argsFor(engine, args), {
      onStdout(chunk) {
        printed = (printed + Buffer.from(chunk).toString("utf8")).slice(-MAX_KEPT);
      },
      idleMs: timeMs,
      signal: stop.signal,
      // An attestation would make an index of the image, and says when it was made.
      env: { ...(engine.env ?? process.env), BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    });
    signal?.throwIfAborted();
    if (late.aborted) throw tooLate(timeMs, printed);
    return code === 0 ? undefined : lastLines(printed, stderr);
  } catch (error) {
    signal?.throwIfAborted();
    throw late.aborted ? tooLate(timeMs, printed) : error;
  } finally {
    stop.done();
  }
}

const tooLate = (timeMs: number, printed: string): Trouble =>
  new Trouble(`the build did not end within ${Math.round(timeMs / 1000)} s`, lastLines(printed));

/** A builder is given that long to fail of itself and to clear up. */
const CLEARING_MS = 5_000;
const EVERY_MS = 100;

/** The signal, later: what RUN has started is ended first. */
function stopping(signal: AbortSignal, tag: string): { readonly signal: AbortSignal; readonly done: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    const end = performance.now() + CLEARING_MS;
    const step = (): void => {
      endRunsOf(tag);
      if (performance.now() > end) controller.abort(signal.reason);
      else timer = setTimeout(step, EVERY_MS);
    };
    step();
  };
  signal.addEventListener("abort", begin, { once: true });
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", begin);
    },
  };
}

/** BuildKit looks for it beside the Dockerfile, by its name; other builders are told of it. */
async function withIgnoreFile(path: string | undefined, dockerfile: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const copy = `${dockerfile}.dockerignore`;
  try {
    await copyFile(`${path}.dockerignore`, copy);
    return copy;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Trouble(`${path}.dockerignore cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
