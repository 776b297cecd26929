/** package.json → what it says about running, building and installing a Node project. */
import { readJson } from "./json.ts";
import { at, fieldsOf, flagAt, isFields, namedTexts, textAt, textOf, textsOf } from "./values.ts";

export interface PackageJson {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** What a `.js` file is: Node's default is `commonjs`. */
  readonly type: "module" | "commonjs";
  readonly main: string | undefined;
  readonly private: boolean | undefined;
  /** Command → file. */
  readonly bin: ReadonlyMap<string, string>;
  /** `node` → `>=20`. */
  readonly engines: ReadonlyMap<string, string>;
  /** The program and version that `packageManager` asks corepack for. */
  readonly packageManager: PackageManager | undefined;
  /** Patterns of folders that hold packages of their own. */
  readonly workspaces: readonly string[];
  readonly scripts: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlyMap<string, string>;
  readonly devDependencies: ReadonlyMap<string, string>;
  readonly optionalDependencies: ReadonlyMap<string, string>;
  readonly peerDependencies: ReadonlyMap<string, string>;
  /** What replaces versions of dependencies of dependencies; true where there is any. */
  readonly hasOverrides: boolean;
  /** Where the development server of create-react-app passes requests on to: lost behind another server. */
  readonly proxy: string | undefined;
  /** Folders and files that belong to the package; undefined where that is not said. */
  readonly files: readonly string[] | undefined;
}

export interface PackageManager {
  readonly name: string;
  /** Undefined where only a tag or nothing is written. */
  readonly version: string | undefined;
}

/** Undefined where the text is no JSON object. */
export function readPackageJson(text: string): PackageJson | undefined {
  const data = readJson(text);
  if (!isFields(data)) return undefined;
  const name = textAt(data, "name");
  const workspaces = at(data, "workspaces");
  const files = at(data, "files");
  return {
    name,
    version: textAt(data, "version"),
    type: textAt(data, "type") === "module" ? "module" : "commonjs",
    main: textAt(data, "main"),
    private: flagAt(data, "private"),
    bin: binOf(at(data, "bin"), name),
    engines: namedTexts(at(data, "engines")),
    packageManager: packageManagerOf(textAt(data, "packageManager")),
    workspaces: textsOf(Array.isArray(workspaces) ? workspaces : at(workspaces, "packages")),
    scripts: namedTexts(at(data, "scripts")),
    dependencies: namedTexts(at(data, "dependencies")),
    devDependencies: namedTexts(at(data, "devDependencies")),
    optionalDependencies: namedTexts(at(data, "optionalDependencies")),
    peerDependencies: namedTexts(at(data, "peerDependencies")),
    hasOverrides: ["overrides", "resolutions"].some((key) => Object.keys(fieldsOf(at(data, key))).length > 0),
    proxy: textAt(data, "proxy"),
    files: Array.isArray(files) ? textsOf(files) : undefined,
  };
}

/** A single file is a command of the package's name without its scope. */
function binOf(bin: unknown, name: string | undefined): ReadonlyMap<string, string> {
  const file = textOf(bin);
  if (file === undefined) return namedTexts(bin);
  return name === undefined ? new Map() : new Map([[name.replace(/^@[^/]*\//, ""), file]]);
}

/** `pnpm@9.1.0+sha512.…` */
function packageManagerOf(written: string | undefined): PackageManager | undefined {
  const [, name, version] = /^([a-z]+)(?:@(\d[^+\s]*))?/.exec(written ?? "") ?? [];
  return name === undefined ? undefined : { name, version };
}

/** Everything `npm ci` installs, with what asks for it. */
export const allDependencies = (project: PackageJson): ReadonlyMap<string, string> =>
  new Map([
    ...project.peerDependencies,
    ...project.devDependencies,
    ...project.dependencies,
    ...project.optionalDependencies,
  ]);

/** What is there without the development dependencies. */
export const productionDependencies = (project: PackageJson): ReadonlyMap<string, string> =>
  new Map([...project.peerDependencies, ...project.dependencies, ...project.optionalDependencies]);

export interface LocalDependency {
  readonly name: string;
  readonly protocol: "file" | "link" | "portal" | "workspace" | "patch";
  /** The folder or archive, relative to package.json; undefined where the workspace has to be looked through for the name. */
  readonly path: string | undefined;
  readonly isDevelopment: boolean;
}

/** Dependencies that come from the build context: package.json alone does not install them. */
export function localDependencies(project: PackageJson): readonly LocalDependency[] {
  const groups = [
    [project.dependencies, false],
    [project.optionalDependencies, false],
    [project.devDependencies, true],
  ] as const;
  return groups.flatMap(([group, isDevelopment]) =>
    [...group].flatMap(([name, written]) => {
      const local = localPath(written);
      return local ? [{ name, ...local, isDevelopment }] : [];
    }),
  );
}

function localPath(written: string): Pick<LocalDependency, "protocol" | "path"> | undefined {
  const [, protocol, rest = ""] = /^(file|link|portal|workspace|patch):(.*)$/.exec(written) ?? [];
  if (protocol === "patch") return { protocol, path: /#(?:~\/|\.\/)?([^#:]+)$/.exec(rest)?.[1] };
  if (protocol === "workspace") return { protocol, path: /^\.{1,2}\//.test(rest) ? rest : undefined };
  if (protocol === "file" || protocol === "link" || protocol === "portal") return { protocol, path: rest };
  // npm takes a path without a protocol for `file:`.
  return /^(?:\.{1,2}\/|~\/|\/)/.test(written) ? { protocol: "file", path: written } : undefined;
}

/** Dependencies fetched with git, which the image needs git for, and often a key. */
export const gitDependencies = (project: PackageJson): readonly string[] =>
  [...allDependencies(project)].flatMap(([name, written]) =>
    /^(?:git[+:@]|ssh:|(?:github|gitlab|bitbucket|gist):|https?:\/\/[^#?]+\.git(?:#|$)|[\w-]+\/[\w.-]+(?:#|$))/.test(
      written,
    )
      ? [name]
      : [],
  );
