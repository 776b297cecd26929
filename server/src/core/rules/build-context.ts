/** What a copy of a whole folder brings from the build context, as far as the folder's listing and .dockerignore tell. */
import { type ContextSource, contextSources, isExcluded } from "../model/dockerfile/copies.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { ignoredBy, type IgnoreFile, isFolderSent, parseIgnoreFile } from "../model/ignore.ts";
import { type Context, known } from "../rule.ts";

interface BuildContext {
  /** Folders end in a slash. */
  readonly paths: readonly string[];
  readonly ignore: IgnoreFile;
  readonly hasIgnoreFile: boolean;
}

/** Undefined while the listing or the file is not known, or nobody can say which ignore file the build reads. */
export function buildContextOf({ lookup }: Pick<Context, "lookup">): BuildContext | undefined {
  const list = known(lookup({ ask: "list" }));
  const file = known(lookup({ ask: "read", path: ".dockerignore" }));
  if (list === undefined) return undefined;
  const { paths, hasOwnIgnoreFiles } = partsOf(list);
  // `NAME.dockerignore` is read in the place of .dockerignore for the Dockerfile of that name.
  if (hasOwnIgnoreFiles) return undefined;
  const hasIgnoreFile = paths.includes(".dockerignore");
  const text = hasIgnoreFile ? file : "";
  const ignore = text === undefined ? undefined : parseIgnoreFile(text);
  return ignore && { paths, ignore, hasIgnoreFile };
}

/** Several rules ask about each of many Dockerfiles in one folder: the listing they read last is kept in parts. */
let last: Listing = { list: "", paths: [], hasOwnIgnoreFiles: false };

interface Listing {
  readonly list: string;
  readonly paths: readonly string[];
  readonly hasOwnIgnoreFiles: boolean;
  all?: ReadonlySet<string>;
}

function partsOf(list: string): Listing {
  if (last.list !== list) {
    const paths = list.split("\n").filter((path) => path !== "");
    last = { list, paths, hasOwnIgnoreFiles: paths.some((path) => /^[^/]+\.dockerignore$/.test(path)) };
  }
  return last;
}

/** COPY and ADD of what may be whole folders of the build context, in this build: the name has no suffix. */
export const folderSources = (dockerfile: Dockerfile): readonly ContextSource[] =>
  contextSources(dockerfile).filter(
    ({ instruction, path, pattern }) =>
      !instruction.triggered && !pattern && !path.startsWith("..") && !/[^/.][^/]*\.[^/]+$/.test(path),
  );

/** True when the path is below the source and nothing keeps it out. */
export function isCopied({ ignore }: BuildContext, source: ContextSource, path: string): boolean {
  if (source.path !== "." && !path.startsWith(`${source.path}/`)) return false;
  const folder = path.endsWith("/") ? path.slice(0, -1) : undefined;
  const sent = folder === undefined ? ignoredBy(ignore, path) === undefined : isFolderSent(ignore, folder);
  return sent && !isExcluded(source, folder ?? path);
}

/**
 * True when the Dockerfile's folder is what the file is built with: what it copies by name is there. A Dockerfile in a folder of its
 * own is built with another one.
 */
export function isBuiltHere(dockerfile: Dockerfile, { paths }: BuildContext): boolean {
  const all = last.paths === paths ? (last.all ??= new Set(paths)) : new Set(paths);
  const names = contextSources(dockerfile).filter(
    ({ path, pattern, instruction }) => path !== "." && !pattern && !instruction.triggered,
  );
  // Some of it may be built first, so one name is enough.
  if (names.length > 0) return names.some(({ path }) => all.has(path) || all.has(`${path}/`));
  return paths.some((path) => MANIFEST.test(path));
}

const MANIFEST =
  /^(?:package\.json|go\.mod|pyproject\.toml|setup\.py|requirements[^/]*\.txt|Pipfile|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json|mix\.exs|CMakeLists\.txt|Makefile|[^/]+\.(?:csproj|fsproj|sln)|index\.html|deno\.json)$/;

/** Why it gets through; the end of a message. */
export const reason = ({ hasIgnoreFile }: BuildContext): string =>
  hasIgnoreFile ? "no line of .dockerignore keeps that out" : "there is no .dockerignore";
