/**
 * Which programs a configuration file may name. The file comes with the project, and whoever checks a stranger's project must not run
 * the stranger's program: a name found on PATH is taken, and an absolute path outside the project; nothing else.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import type { ConfigText } from "../../core/config/config.ts";

export const isBuiltIn = (wish: string): boolean => wish === "wasm" || wish === "off";

const WHERE = "the program has to be a name to be found on PATH or an absolute path outside this project";

/** `folder` is the configuration file's. */
export function allowedProgram(read: ConfigText, folder: string): ConfigText {
  const { shellcheck, ...values } = read.values;
  if (
    shellcheck === undefined ||
    isBuiltIn(shellcheck) ||
    isBareName(shellcheck) ||
    isOutside(shellcheck, projectOf(folder))
  )
    return read;
  const span = read.places.get("shellcheck") ?? { start: 0, end: 0 };
  const problem = { span, message: `shellcheck cannot be ${shellcheck.slice(0, 60)}; ${WHERE}` };
  return { ...read, values, problems: [...read.problems, problem] };
}

const isBareName = (program: string): boolean => !/[/\\]/.test(program) && program !== "." && program !== "..";

/** The repository's folder, or the configuration file's where there is no repository. */
function projectOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return folder;
  }
}

function isOutside(program: string, folder: string): boolean {
  if (!isAbsolute(program)) return false;
  const way = relative(real(folder), real(program));
  return way.startsWith("..") || isAbsolute(way);
}

/** Links lead where they lead. What is not there is taken as written: it will not start. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
