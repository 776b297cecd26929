/** `paths…`, `-` and `--stdin-filename` → the files meant, their texts, and what could not be read. */
import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Kind } from "../core/findings/inspect.ts";
import type { DocumentPlace } from "../effects/answers.ts";
import { contextOf } from "../effects/files/builds.ts";
import { failureOf, type FileFailure } from "../effects/files/failure.ts";
import { findFiles } from "../effects/files/find.ts";
import { languageNamed } from "../effects/files/names.ts";
import { decode, readText } from "../effects/files/read.ts";
import type { Args } from "./args.ts";
import { type Io, UsageError } from "./io.ts";
import { shownPath } from "./paths.ts";

/** A file that is meant, not read yet. */
export interface Place {
  /** For people to read. */
  readonly name: string;
  /** Absolute: where it is, or would be. */
  readonly file: string;
  /** Its text comes from standard input. */
  readonly stdin?: true;
}

/** As what it is read. */
export function kindOf({ file }: Pick<Place, "file">): Kind {
  const name = basename(file);
  return { language: languageNamed(name), name };
}

export interface Places {
  readonly places: readonly Place[];
  readonly failures: readonly FileFailure[];
}

export interface Source {
  /** For people to read. */
  readonly name: string;
  /** Absolute. Absent for standard input. */
  readonly path?: string;
  /** Where its questions look: the folder it stands in, and where COPY looks if compose builds it with another context. */
  readonly place: DocumentPlace;
  readonly text: string;
}

const STDIN_NAME = "Dockerfile";

/** @throws UsageError when files and standard input are both asked for */
export async function findSources(args: Args, io: Io): Promise<Places> {
  const wantsStdin = args.has("stdin-filename") || args.positionals.includes("-");
  if (!wantsStdin) return findPaths(args.positionals.length > 0 ? args.positionals : ["."], io);
  if (args.positionals.some((path) => path !== "-")) {
    throw new UsageError("standard input and files cannot be read in one run; leave one of them out");
  }
  const name = args.value("stdin-filename") ?? STDIN_NAME;
  return { places: [{ name: shownPath(io.cwd, name), file: resolve(io.cwd, name), stdin: true }], failures: [] };
}

/** Gives the failure when it cannot be read. */
export async function readSource(
  { name, file, stdin }: Place,
  io: Pick<Io, "stdin" | "signal">,
): Promise<Source | FileFailure> {
  io.signal.throwIfAborted();
  const folder = dirname(file);
  const context = languageNamed(basename(file)) === "compose" ? folder : contextOf(file);
  const place = context === folder ? folder : { folder, context };
  if (stdin) {
    try {
      const result = await decode(name, io.stdin);
      return "failure" in result ? result.failure : { name, place, text: result.text };
    } catch (error) {
      io.signal.throwIfAborted();
      return failureOf(name, error);
    }
  }
  const result = await readText(file);
  if ("failure" in result) return { path: name, message: result.failure.message };
  return { name, path: file, place, text: result.text };
}

async function findPaths(given: readonly string[], io: Io): Promise<Places> {
  const places = new Map<string, Place>();
  const failures: FileFailure[] = [];
  const add = (path: string): void => {
    const file = resolve(io.cwd, path);
    if (!places.has(file)) places.set(file, { name: shownPath(io.cwd, path), file });
  };
  for (const path of given) {
    io.signal.throwIfAborted();
    const absolute = resolve(io.cwd, path);
    if (!isFolder(absolute)) {
      add(path);
      continue;
    }
    const search = await findFiles(absolute);
    failures.push(...search.failures.map(({ path: at, message }) => ({ path: shownPath(io.cwd, at), message })));
    for (const file of search.files) add(file);
    if (search.files.length === 0 && search.failures.length === 0) {
      failures.push({
        path: shownPath(io.cwd, path),
        message: "has no Dockerfile, compose file or .dockerignore in it; name the file or another folder",
      });
    }
  }
  return { places: [...places.values()], failures };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // whoever reads it says what is wrong
  }
}
