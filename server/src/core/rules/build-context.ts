/** What a copy of a whole folder brings from the build context, as far as the folder's listing and .dockerignore tell. */
import { type BuildContext, pathSet } from "../assists/build-context.ts";
import { type ContextSource, contextSources, isExcluded } from "../model/dockerfile/copies.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { ignoredBy, isFolderSent } from "../model/ignore.ts";

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
export function isBuiltHere(dockerfile: Dockerfile, { paths }: Pick<BuildContext, "paths">): boolean {
  const all = pathSet({ paths });
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
export const reason = ({ hasIgnoreFile, ignoreFile }: BuildContext): string =>
  hasIgnoreFile ? `no line of ${ignoreFile.path} keeps that out` : "there is no .dockerignore";
