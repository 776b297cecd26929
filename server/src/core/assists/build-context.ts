/** The build context as a build gets it: its paths, and the ignore file that holds for this Dockerfile. */
import { type IgnoreFile, parseIgnoreFile } from "../model/ignore.ts";
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

/** The paths of a context as a set. */
export const pathSet = ({ paths }: Pick<BuildContext, "paths">): ReadonlySet<string> =>
  last.paths === paths ? (last.all ??= new Set(paths)) : new Set(paths);

function partsOf(list: string): Listing {
  if (last.list !== list) {
    const paths = list.split("\n").filter((path) => path !== "");
    last = { list, paths, hasOwnIgnoreFiles: paths.some((path) => /^[^/]+\.dockerignore$/.test(path)) };
  }
  return last;
}
