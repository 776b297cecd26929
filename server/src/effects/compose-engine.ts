/** What runs compose files on this machine: Docker's compose, else Podman's. Asked once, and in trusted workspaces only. */
import { RunError, run } from "./process.ts";

export type ComposeEngine = "docker" | "podman";

const ENGINES: readonly ComposeEngine[] = ["docker", "podman"];
const DEADLINE_MS = 10_000;
const MAX_OUTPUT = 64 * 1024;

/** The first that knows `compose`; undefined when none does, with one line in the log that says why. */
export async function findComposeEngine(
  log: (message: string) => void,
  programOf: (engine: ComposeEngine) => string = (engine) => engine,
): Promise<ComposeEngine | undefined> {
  const failures: string[] = [];
  for (const engine of ENGINES) {
    const failure = await tryProgram(programOf(engine));
    if (failure === undefined) return engine;
    failures.push(failure);
  }
  log(`Compose files have no code lenses, because nothing here runs them: ${failures.join("; ")}`);
  return undefined;
}

/** Why it does not. */
async function tryProgram(program: string): Promise<string | undefined> {
  try {
    const { code } = await run(program, ["compose", "version"], { timeoutMs: DEADLINE_MS, maxBytes: MAX_OUTPUT });
    return code === 0 ? undefined : `${program} compose version failed`;
  } catch (error) {
    return error instanceof RunError ? error.message : String(error);
  }
}
