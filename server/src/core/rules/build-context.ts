/** What a copy of a whole folder brings from the build context, as far as the folder's listing and .dockerignore tell. */
import { type ContextSource, contextSources, isExcluded } from "../model/dockerfile/copies.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { ignoredBy, type IgnoreFile, isFolderSent, parseIgnoreFile } from "../model/ignore.ts";
import { type Context, type FileChange, known } from "../rule.ts";

export interface BuildContext {
  /** Folders end in a slash. */
  readonly paths: readonly string[];
  readonly ignore: IgnoreFile;
  readonly hasIgnoreFile: boolean;
  /** The one that holds, or would hold. */
  readonly ignoreFile: IgnoreFileText;
}

/** An ignore file; without a text it is not there. */
interface IgnoreFileText extends Pick<FileChange, "in" | "path"> {
  readonly text: string | undefined;
}

/** The Dockerfile's own ignore file, which BuildKit prefers and looks for beside it; else the context's. Undefined while that is not known. */
export function ownIgnoreFile({
  dockerfile,
  lookup,
}: Pick<Context, "dockerfile" | "lookup">): IgnoreFileText | "none" | undefined {
  if (dockerfile.name === undefined) return "none";
  const path = `${dockerfile.name}.dockerignore`;
  const kind = known(lookup({ ask: "path-kind", path }));
  if (kind !== "file") return kind === undefined ? undefined : "none";
  const text = known(lookup({ ask: "text", path }));
  return text === undefined ? undefined : { in: "folder", path, text };
}

/** Undefined while the listing or the file is not known, or nobody can say which ignore file the build reads. */
export function buildContextOf(context: Pick<Context, "dockerfile" | "lookup">): BuildContext | undefined {
  const { lookup } = context;
  const list = known(lookup({ ask: "list" }));
  const file = known(lookup({ ask: "read", path: ".dockerignore" }));
  const own = ownIgnoreFile(context);
  if (list === undefined || own === undefined) return undefined;
  const { paths, hasOwnIgnoreFiles } = partsOf(list);
  // Whether one of them is that of a text without a name, nobody says.
  if (own === "none" && hasOwnIgnoreFiles && context.dockerfile.name === undefined) return undefined;
  const isThere = paths.includes(".dockerignore");
  const shared: IgnoreFileText = { in: "context", path: ".dockerignore", text: isThere ? file : undefined };
  if (own === "none" && isThere && file === undefined) return undefined;
  const ignoreFile = own === "none" ? shared : own;
  const ignore = parseIgnoreFile(ignoreFile.text ?? "");
  return ignore && { paths, ignore, hasIgnoreFile: ignoreFile.text !== undefined, ignoreFile };
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
export function isBuiltHere(dockerfile: Dockerfile, { paths }: Pick<BuildContext, "paths">): boolean {
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
export const reason = ({ hasIgnoreFile, ignoreFile }: BuildContext): string =>
  hasIgnoreFile ? `no line of ${ignoreFile.path} keeps that out` : "there is no .dockerignore";
