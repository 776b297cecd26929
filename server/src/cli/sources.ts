/** `paths…`, `-` and `--stdin-filename` → texts, and what could not be read. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { failureOf, type FileFailure } from "../effects/files/failure.ts";
import { findDockerfiles } from "../effects/files/find.ts";
import { decode, readText } from "../effects/files/read.ts";
import type { Args } from "./args.ts";
import { type Io, UsageError } from "./io.ts";
import { shownPath } from "./paths.ts";

export interface Source {
  /** For people to read. */
  readonly name: string;
  /** Absolute. Absent for standard input. */
  readonly path?: string;
  /** Where COPY looks for files: the folder it stands in. */
  readonly folder: string;
  readonly text: string;
}

export interface Sources {
  readonly sources: readonly Source[];
  readonly failures: readonly FileFailure[];
}

const STDIN_NAME = "Dockerfile";

/** @throws UsageError when files and standard input are both asked for */
export async function readSources(args: Args, io: Io): Promise<Sources> {
  const wantsStdin = args.has("stdin-filename") || args.positionals.includes("-");
  if (!wantsStdin) return readPaths(args.positionals.length > 0 ? args.positionals : ["."], io);
  if (args.positionals.some((path) => path !== "-")) {
    throw new UsageError("standard input and files cannot be read in one run; leave one of them out");
  }
  return readStdin(args.value("stdin-filename") ?? STDIN_NAME, io);
}

async function readStdin(name: string, io: Io): Promise<Sources> {
  const shown = shownPath(io.cwd, name);
  try {
    const result = await decode(shown, io.stdin);
    if ("failure" in result) return { sources: [], failures: [result.failure] };
    return { sources: [{ name: shown, folder: dirname(resolve(io.cwd, name)), text: result.text }], failures: [] };
  } catch (error) {
    io.signal.throwIfAborted();
    return { sources: [], failures: [failureOf(shown, error)] };
  }
}

async function readPaths(given: readonly string[], io: Io): Promise<Sources> {
  const sources = new Map<string, Source>();
  const failures: FileFailure[] = [];
  const read = async (path: string): Promise<void> => {
    io.signal.throwIfAborted();
    const absolute = resolve(io.cwd, path);
    if (sources.has(absolute)) return;
    const result = await readText(absolute);
    const name = shownPath(io.cwd, path);
    if ("failure" in result) failures.push({ path: name, message: result.failure.message });
    else sources.set(absolute, { name, path: absolute, folder: dirname(absolute), text: result.text });
  };
  for (const path of given) {
    const absolute = resolve(io.cwd, path);
    if (!(await isFolder(absolute))) {
      await read(path);
      continue;
    }
    const search = await findDockerfiles(absolute);
    failures.push(...search.failures.map(({ path: at, message }) => ({ path: shownPath(io.cwd, at), message })));
    for (const file of search.files) await read(file);
    if (search.files.length === 0 && search.failures.length === 0) {
      failures.push({
        path: shownPath(io.cwd, path),
        message: "has no Dockerfile in it; name the file or another folder",
      });
    }
  }
  return { sources: [...sources.values()], failures };
}

const isFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
