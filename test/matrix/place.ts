/** Where projects are measured, and how they are built there. */
import type { RunResult } from "../../scripts/process.ts";
import type { RunningDocker } from "../../scripts/setup/docker.ts";

export interface Place {
  readonly docker: RunningDocker;
  /** For files. */
  readonly root: string;
  /** The way to the mirrors. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

const BUILD_MS = 10 * 60_000;

export async function build(
  { docker, buildArgs }: Place,
  dockerfile: string,
  context: string,
  ...args: readonly string[]
): Promise<RunResult> {
  const result = await docker.docker(
    [
      ...["buildx", "build", "--provenance=false", "--file", dockerfile],
      ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      ...[...args, context],
    ],
    { timeoutMs: BUILD_MS },
  );
  if (result.code !== 0) throw new Error(`${dockerfile} does not build\n${result.stderr.slice(-3_000)}`);
  return result;
}
