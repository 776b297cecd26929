/** The files of a project as the generator sees them: names, and the texts of those that are asked for. Pure: a driver has looked, or looks at once. */

export interface ProjectFiles {
  /** What the project is called where its files do not say: its folder's name. */
  readonly name: string;
  /** Every file's path below the project's folder, with forward slashes; what git ignores is not among them. */
  readonly paths: readonly string[];
  /** Folders and files that git ignores and that are there, as `.gitignore` has them: `node_modules/`, `.env`. */
  readonly ignored: readonly string[];
  /** The text of a file; undefined when it is not there, is too large or is no text. */
  read(path: string): string | undefined;
}

/** The part of a project that is in one of its folders, with paths from there. */
export function below(files: ProjectFiles, folder: string): ProjectFiles {
  if (folder === "") return files;
  const start = `${folder}/`;
  const inside = (paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => (path.startsWith(start) ? [path.slice(start.length)] : []));
  return {
    name: folder.slice(folder.lastIndexOf("/") + 1),
    paths: inside(files.paths),
    ignored: inside(files.ignored),
    read: (path) => files.read(start + path),
  };
}

/** Sources are read to find what they listen on and start with; more of them say nothing new. */
const MAX_SOURCES = 400;
const MAX_LENGTH = 400_000;

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

const NOT_THE_PROGRAM =
  /^(?:examples?|docs?)\/|(?:^|\/)(?:tests?|spec|__tests__|__mocks__|e2e|node_modules|vendor|dist|build|\.next|target|obj|bin)\/|(?:[._-](?:test|spec|stories)\.[^/]+|(?:^|\/)test_[^/]+\.py|_test\.(?:go|py|rb|exs)|\.d\.ts)$/;

/** The program's own sources with these endings, those nearest to the top first. */
export const sourcesOf = (files: ProjectFiles, endings: RegExp): readonly SourceText[] =>
  files.paths
    .filter((path) => endings.test(path) && !NOT_THE_PROGRAM.test(path))
    .toSorted((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1))
    .slice(0, MAX_SOURCES)
    .flatMap((path) => {
      const text = files.read(path);
      return text === undefined || text.length > MAX_LENGTH ? [] : [{ path, text }];
    });
