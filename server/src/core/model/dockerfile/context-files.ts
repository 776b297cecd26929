/** Where a file of the image comes from: which COPY brings it, and what it is called in the build context. */
import { instructionsBefore, resolvePath, workdirAt } from "./before.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { isWithin, mountsOf } from "./mounts.ts";
import { programsWithin } from "./programs.ts";
import { expandIn } from "./scope.ts";
import type { ShellCommand } from "./shell.ts";
import { unquote } from "./words.ts";

export interface Origin {
  /** Named: a COPY or a mount says this very file. Folder: it comes if the build context has it. Hidden: nobody can tell. */
  readonly kind: "named" | "folder" | "hidden";
  /** In the build context; empty when hidden. */
  readonly path: string;
  readonly copy: Instruction;
}

/** The working folder, or a name for it when nobody knows it: equal between instructions that share it. */
export function workdirName(dockerfile: Dockerfile, instruction: Instruction): string {
  const folder = workdirAt(dockerfile, instruction);
  if (folder !== undefined) return folder;
  const last = instructionsBefore(dockerfile, instruction).findLast(({ name }) => name === "WORKDIR");
  return `/(${last?.span.start ?? "base"})`;
}

/** The folder a command of a RUN runs in, after every `cd` in front of it; undefined when a variable hides it. */
export function folderOfCommand(dockerfile: Dockerfile, run: Instruction, command: ShellCommand): string | undefined {
  let folder: string | undefined = workdirName(dockerfile, run);
  for (const { command: each } of programsWithin(dockerfile, run)) {
    if (each.span.start >= command.span.start) break;
    if (each.name === "cd" || each.name === "pushd" || each.name === "popd")
      folder = each.args[0]?.literal ? resolvePath(folder, each.args[0].value) : undefined;
  }
  return folder;
}

/** What brings the file at this path of the image to a RUN; the last one wins. Undefined: nothing of the build context. */
export function originOf(dockerfile: Dockerfile, run: Instruction, path: string): Origin | undefined {
  const own = dockerfile.instructions[run.index] ?? run;
  return (
    mountOrigin(dockerfile, run, path) ??
    lastOf(instructionsBefore(dockerfile, own), (each) => copyOrigin(dockerfile, each, path))
  );
}

function lastOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items.toReversed()) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mountOrigin(dockerfile: Dockerfile, run: Instruction, path: string): Origin | undefined {
  return lastOf(mountsOf(dockerfile, run), ({ type, target: absolute, hidden, source, flag }): Origin | undefined => {
    if (type !== "bind") return undefined;
    if (hidden) return { kind: "hidden", path: "", copy: run };
    const written = flag.fields.find(({ key }) => /^(?:target|dst|destination)$/.test(key))?.value ?? "";
    const target = absolute ?? resolvePath(workdirName(dockerfile, run), written) ?? "";
    if (!isWithin(path, target)) return undefined;
    if (flag.fields.some(({ key }) => key === "from")) return { kind: "hidden", path: "", copy: run };
    const from = contextPath(source ?? ".");
    if (target === path) return { kind: "named", path: from, copy: run };
    return { kind: "folder", path: join(from, below(path, target)), copy: run };
  });
}

function copyOrigin(dockerfile: Dockerfile, copy: Instruction, path: string): Origin | undefined {
  if (copy.name !== "COPY" && copy.name !== "ADD") return undefined;
  const words = copy.words.map(({ text }) => expandIn(dockerfile, copy, text));
  const target = words.at(-1);
  const sources = words.slice(0, -1);
  const hidden: Origin = { kind: "hidden", path: "", copy };
  if (!target?.known) return hidden;
  const written = unquote(target.text, dockerfile.escape);
  const folder = resolvePath(workdirName(dockerfile, copy), written) ?? "/";
  if (!isWithin(path, folder)) return undefined;
  if (copy.flags.some(({ name }) => /^--(?:from|parents|exclude)$/.test(name))) return hidden;
  const intoFolder = /(?:^|\/)\.{0,2}$/.test(written) || sources.length > 1;
  return lastOf(sources, ({ text, known }) => {
    if (!known || text.includes("://") || text.startsWith("..")) return hidden;
    return sourceOrigin(copy, contextPath(unquote(text, dockerfile.escape)), { path, folder, intoFolder });
  });
}

interface Target {
  /** Of the file asked for. */
  readonly path: string;
  /** Where the COPY puts its sources. */
  readonly folder: string;
  readonly intoFolder: boolean;
}

function sourceOrigin(copy: Instruction, source: string, { path, folder, intoFolder }: Target): Origin | undefined {
  const rest = below(path, folder);
  const name = source.slice(source.lastIndexOf("/") + 1);
  const parent = source.slice(0, Math.max(source.lastIndexOf("/"), 0));
  if (source === "") return rest === "" ? undefined : { kind: "folder", path: rest, copy };
  if (/[*?[]/.test(source)) {
    if (/[*?[]/.test(parent)) return { kind: "hidden", path: "", copy };
    // What a pattern finds may be a folder, whose content it then copies.
    if (rest.includes("/") || rest === "")
      return rest === "" || name !== "*" ? undefined : { kind: "hidden", path: "", copy };
    return matches(name, rest) ? { kind: "folder", path: join(parent, rest), copy } : undefined;
  }
  if (rest === "") return { kind: "named", path: source, copy };
  if (rest === name) return { kind: "named", path: source, copy };
  // A name with a suffix is a file far more often than a folder.
  return looksLikeFile(name) && !(intoFolder && /^\.[a-z]+$/.test(name))
    ? undefined
    : { kind: "folder", path: join(source, rest), copy };
}

export const looksLikeFile = (name: string): boolean =>
  /\.[A-Za-z]+$/.test(name) || /^(?:Gemfile|Pipfile|Procfile|Makefile|Rakefile|Dockerfile|LICENSE|README)/.test(name);

/** A COPY pattern, of one part of a path. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}

/** Relative to the build context's root, without `./` in front and slashes behind; empty for the root itself. */
const contextPath = (written: string): string => written.replace(/^(?:\.?\/)+/, "").replace(/(?:^|\/+)\.?$/, "");

const below = (path: string, folder: string): string => path.slice(folder === "/" ? 1 : folder.length + 1);

const join = (folder: string, path: string): string => (folder === "" ? path : `${folder}/${path}`);
