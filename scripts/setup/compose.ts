/** The real compose as a program of its own: what it makes of a file needs no daemon. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../process.ts";
import { dockerPrograms } from "./docker.ts";

export interface ComposeAnswer {
  /** The whole of what it would run; undefined when it refuses the file. */
  readonly config?: unknown;
  /** What it refuses the file for, warnings left out; empty when it takes it. */
  readonly refusal: string;
}

export interface Compose extends AsyncDisposable {
  /** What compose makes of a text alone in an empty folder; variables, env_files and paths stay as they are written. */
  readonly config: (text: string) => Promise<ComposeAnswer>;
  /** Whether it would run the text: with variables unset, and everything that has to be there looked for. */
  readonly wouldRun: (text: string) => Promise<boolean>;
}

const AS_WRITTEN = ["--no-interpolate", "--no-env-resolution", "--no-path-resolution"];

export async function setUpCompose(): Promise<Compose> {
  const program = join(await dockerPrograms(), "libexec/docker/cli-plugins/docker-compose");
  const folder = await mkdtemp(join(tmpdir(), "dockwright-compose-"));
  return {
    async config(text) {
      const { code, stdout, stderr } = await run(
        program,
        ["--project-name", "project", "--file", "-", "config", ...AS_WRITTEN, "--format", "json"],
        { cwd: folder, input: text, timeoutMs: 60_000 },
      );
      if (code === 0) return { config: JSON.parse(stdout), refusal: "" };
      return { refusal: stderr.replace(/^time="[^\n]*level=warning[^\n]*\n/gm, "").trim() };
    },
    async wouldRun(text) {
      const { code } = await run(program, ["--project-name", "project", "--file", "-", "config", "--quiet"], {
        cwd: folder,
        input: text,
        timeoutMs: 60_000,
      });
      return code === 0;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A file beside it is missing: nothing that can be told from the text alone. */
export const missesFile = (refusal: string): boolean => /no such file or directory|not found/.test(refusal);

/** Work on many things, as many at once as there are processors. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
