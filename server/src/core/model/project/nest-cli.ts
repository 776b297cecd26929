/** nest-cli.json → what `nest build` builds. */
import { readJsonc } from "./json.ts";
import { at, fieldsOf, flagAt, isFields, textAt } from "./values.ts";

export interface NestCli {
  /** `src` when not set. */
  readonly sourceRoot: string | undefined;
  /** The file that is started, without `.js`: `main` when not set. */
  readonly entryFile: string | undefined;
  /** Several projects in one: what is built goes to `dist/<root of the project>`. */
  readonly monorepo: boolean;
  readonly projects: readonly string[];
  /** `tsc`, `swc`, `webpack`. */
  readonly builder: string | undefined;
  /** Files that are copied beside what is compiled. */
  readonly hasAssets: boolean;
}

export function readNestCli(text: string): NestCli | undefined {
  const data = readJsonc(text);
  if (!isFields(data)) return undefined;
  const options = at(data, "compilerOptions");
  const isWebpack = flagAt(options, "webpack");
  const assets = at(options, "assets");
  return {
    sourceRoot: textAt(data, "sourceRoot"),
    entryFile: textAt(data, "entryFile"),
    monorepo: flagAt(data, "monorepo") ?? false,
    projects: Object.keys(fieldsOf(at(data, "projects"))),
    builder: textAt(options, "builder") ?? textAt(options, "builder", "type") ?? (isWebpack ? "webpack" : undefined),
    hasAssets: Array.isArray(assets) && assets.length > 0,
  };
}
