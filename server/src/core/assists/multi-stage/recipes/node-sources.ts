/** The sources of a Node project, as the build context has them: which packages they load, which programs they start, whether they write. */
import { type NodeSource, packageOf, readNodeSource } from "../../../model/project/node-source.ts";
import { healthPrograms, startedBy } from "../look.ts";
import type { Case } from "../recipe.ts";
import type { NodeFacts } from "./node-facts.ts";

export interface SourceFile {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly source: NodeSource;
}

/** Scripts stand in the components of frameworks as well. */
const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
/** Tests, and what only configures tools. */
const NOT_RUN =
  /(?:^|\/)(?:node_modules|tests?|__tests__|__mocks__|spec|e2e|cypress|coverage|\.[^/]+)\/|\.(?:test|spec|stories|d|cy)\.[cm]?[jt]sx?$|(?:^|\/)[\w.-]+\.config\.[cm]?[jt]s$|(?:^|\/)(?:gulpfile|gruntfile|\.[\w.-]+rc)\.[cm]?js$|(?:^|\/)jest\.[\w.]+$|\.min\.js$|(?:^|\/)(?:public|static|assets)\/.*\.[cm]?js$/i;
const MAX_SOURCES = 2000;

/** Undefined where the context is not known, or one of them could not be read. */
export function sourcesOf({ context }: Case, { folder }: NodeFacts): readonly SourceFile[] | undefined {
  const { paths } = context;
  if (paths === undefined || folder === undefined) return undefined;
  const chosen = paths.filter((path) => path.startsWith(folder) && SOURCE.test(path) && !NOT_RUN.test(path));
  if (chosen.length > MAX_SOURCES) return undefined;
  const read = chosen.flatMap((path) => {
    const text = context.read(path);
    return text === undefined ? [] : [{ path: path.slice(folder.length), source: readNodeSource(text) }];
  });
  return read.length === chosen.length ? read : undefined;
}

/** What starts at `entry` can reach: all of them where something is loaded by a name that is made while it runs. */
export function reachable(sources: readonly SourceFile[], entry: string | undefined): readonly SourceFile[] {
  const byPath = new Map(sources.map((each) => [each.path, each]));
  const first = entry === undefined ? undefined : resolved(byPath, "", entry);
  if (!first) return sources;
  const found = new Set<SourceFile>([first]);
  for (const { path, source } of found) {
    if (source.loadsDynamically || source.modules.some((module) => /^(?:[~#]|@\/)/.test(module))) return sources;
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    for (const module of source.modules) {
      const file = /^\.{1,2}(?:\/|$)/.test(module) ? resolved(byPath, folder, module) : undefined;
      if (file) found.add(file);
    }
  }
  return [...found];
}

const ENDINGS = [
  "",
  ".js",
  ".ts",
  ".mjs",
  ".cjs",
  ".mts",
  ".cts",
  ".jsx",
  ".tsx",
  "/index.js",
  "/index.ts",
  "/index.mjs",
];

function resolved(byPath: ReadonlyMap<string, SourceFile>, folder: string, module: string): SourceFile | undefined {
  const parts: string[] = [];
  for (const part of `${folder}${module}`.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  const plain = parts.join("/");
  // TypeScript's own modules name the file that will be written.
  for (const stem of [plain, plain.replace(/\.([cm]?)js$/, ".$1ts")])
    for (const ending of ENDINGS) {
      const file = byPath.get(stem + ending);
      if (file) return file;
    }
  return undefined;
}

/** Packages they load that are installed for development alone, each with one file that does. */
export function loadedForDevelopment(
  { project }: NodeFacts,
  sources: readonly SourceFile[],
): readonly { readonly name: string; readonly by: string }[] {
  if (!project) return [];
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = project;
  const found = new Map<string, string>();
  for (const { path, source } of sources)
    for (const module of source.modules) {
      const name = packageOf(module);
      if (name === undefined || name.startsWith("@types/") || !devDependencies.has(name)) continue;
      if (dependencies.has(name) || optionalDependencies.has(name) || peerDependencies.has(name)) continue;
      if (!found.has(name)) found.set(name, path);
    }
  return [...found].map(([name, by]) => ({ name, by }));
}

/** Debian's packages of programs that full images have and slim ones have not. */
const FULL_ONLY: Readonly<Record<string, string>> = {
  curl: "curl",
  wget: "wget",
  git: "git",
  ssh: "openssh-client",
  scp: "openssh-client",
  ps: "procps",
  pgrep: "procps",
  unzip: "unzip",
  convert: "imagemagick",
  identify: "imagemagick",
  magick: "imagemagick",
  hg: "mercurial",
  svn: "subversion",
  python3: "python3",
  xz: "xz-utils",
  bzip2: "bzip2",
  file: "file",
};

export interface NeededProgram {
  readonly program: string;
  /** Of Debian. */
  readonly package: string;
  /** `HEALTHCHECK`, a file. */
  readonly by: string;
}

/** Programs that are started and that a slim image lacks. */
export function programsNeeded(it: Case, sources: readonly SourceFile[]): readonly NeededProgram[] {
  const found: NeededProgram[] = [];
  const add = (word: string, by: string): void => {
    const program = word.slice(word.lastIndexOf("/") + 1);
    const name = Object.hasOwn(FULL_ONLY, program) ? FULL_ONLY[program] : undefined;
    if (name !== undefined && !found.some((each) => each.package === name)) found.push({ program, package: name, by });
  };
  for (const word of healthPrograms(it)) add(word, "HEALTHCHECK");
  for (const { argv, by } of startedBy(it)) add(argv[0] ?? "", by);
  for (const { path, source } of sources) for (const word of source.starts) add(word, path);
  return found;
}
