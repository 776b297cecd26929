/** tsconfig.json → where TypeScript reads from and writes to. What it extends is another file's business: `undefined` may be set there. */
import { readJsonc } from "./json.ts";
import { at, flagAt, isFields, textAt, textOf, textsOf } from "./values.ts";

export interface Tsconfig {
  readonly extends: readonly string[];
  readonly outDir: string | undefined;
  readonly rootDir: string | undefined;
  readonly outFile: string | undefined;
  readonly noEmit: boolean | undefined;
  readonly module: string | undefined;
  readonly include: readonly string[] | undefined;
  readonly files: readonly string[] | undefined;
  /** Names for folders that Node does not know: what is compiled needs something that does. */
  readonly hasPaths: boolean;
  readonly references: readonly string[];
}

export function readTsconfig(text: string): Tsconfig | undefined {
  const data = readJsonc(text);
  if (!isFields(data)) return undefined;
  const options = at(data, "compilerOptions");
  const parents = at(data, "extends");
  const references = at(data, "references");
  const listed = (name: string): readonly string[] | undefined => {
    const value = at(data, name);
    return Array.isArray(value) ? textsOf(value) : undefined;
  };
  return {
    extends: Array.isArray(parents) ? textsOf(parents) : [textOf(parents) ?? []].flat(),
    outDir: textAt(options, "outDir"),
    rootDir: textAt(options, "rootDir"),
    outFile: textAt(options, "outFile"),
    noEmit: flagAt(options, "noEmit"),
    module: textAt(options, "module"),
    include: listed("include"),
    files: listed("files"),
    hasPaths: isFields(at(options, "paths")),
    references: Array.isArray(references) ? references.flatMap((each: unknown) => textAt(each, "path") ?? []) : [],
  };
}

/**
 * The file with what it inherits: the nearer of two says. `parents` in the order of `extends`, with paths
 * relative to this file.
 */
export function withParents(own: Tsconfig, parents: readonly Tsconfig[]): Tsconfig {
  let merged = own;
  for (const parent of parents.toReversed())
    merged = {
      ...merged,
      outDir: merged.outDir ?? parent.outDir,
      rootDir: merged.rootDir ?? parent.rootDir,
      outFile: merged.outFile ?? parent.outFile,
      noEmit: merged.noEmit ?? parent.noEmit,
      module: merged.module ?? parent.module,
      include: merged.include ?? parent.include,
      files: merged.files ?? parent.files,
      hasPaths: merged.hasPaths || parent.hasPaths,
    };
  return merged;
}

/** What a file is compiled to, with `.js`; undefined where the folders do not tell. Both paths are relative to tsconfig.json. */
export function compiledPath({ outDir, rootDir }: Tsconfig, source: string): string | undefined {
  const [, stem, kind] = /^(.*)\.([cm]?)tsx?$/.exec(plainPath(source)) ?? [];
  if (stem === undefined || outDir === undefined) return undefined;
  const root = rootDir === undefined ? undefined : plainPath(rootDir);
  if (root === undefined) return undefined;
  if (root !== "" && !stem.startsWith(`${root}/`)) return undefined;
  return [plainPath(outDir), `${root === "" ? stem : stem.slice(root.length + 1)}.${kind ?? ""}js`]
    .filter(Boolean)
    .join("/");
}

const plainPath = (path: string): string =>
  path
    .replace(/^(?:\.\/)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");
