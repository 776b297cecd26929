/**
 * Which compose files belong together: what is included, what overrides, what is extended. Paths are absolute, with slashes. What a
 * file says is asked for and may not be known yet: then the answer is worked out again with more.
 */
import { fileMentions, isRemote } from "../../model/compose/file-mentions.ts";
import { fieldOf, isSet } from "../../model/compose/fields.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { cleanPath } from "../../model/ignore.ts";

export interface Files {
  /** Undefined when there is no such file, it is no mapping, or is not known yet. */
  compose(path: string): ComposeFile | undefined;
  text(path: string): string | undefined;
  kind(path: string): "file" | "folder" | undefined;
  /** Why a file that is or may be there cannot be read; a clause. */
  whyUnread(path: string): string | undefined;
  /** Compose files that are known to be around: any of them may include or extend another. */
  readonly around: readonly string[];
}

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What a file calls `to`; undefined for what is fetched from elsewhere. */
export function pathFrom(file: string, to: string): string | undefined {
  if (isRemote(to) || to.startsWith("~")) return undefined;
  const slashes = to.replaceAll("\\", "/");
  return cleanPath(slashes.startsWith("/") ? slashes : `${folderOf(file)}/${slashes}`);
}

/** The names compose looks for, the first that is there; and those it puts over it. */
const DEFAULT_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDE_NAMES = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];
/** `docker-compose.prod.yml`: put over the default file with `-f`, or a project of its own. */
const VARIANT = /^(?:docker-)?compose[.-][\w.-]+\.ya?ml$/;

/** The folder's default file and the one that overrides it, when the path is one of them. */
export function overridePair(path: string, files: Pick<Files, "kind">): readonly string[] {
  const folder = folderOf(path);
  const firstOf = (names: readonly string[]): string | undefined =>
    names.map((name) => cleanPath(`${folder}/${name}`)).find((each) => each === path || files.kind(each) === "file");
  const name = nameOf(path);
  if (!DEFAULT_NAMES.includes(name) && !OVERRIDE_NAMES.includes(name)) return [];
  const pair = [firstOf(DEFAULT_NAMES), firstOf(OVERRIDE_NAMES)].filter((each) => each !== undefined);
  return pair.length === 2 && pair.includes(path) ? pair : [];
}

/** The files compose is given for this one: it alone, or the folder's default file and what overrides it. */
export function filesToRun(path: string, files: Pick<Files, "kind">): readonly string[] {
  const pair = overridePair(path, files);
  return pair.length === 0 ? [path] : pair;
}

const includedBy = (path: string, compose: ComposeFile): readonly string[] =>
  fileMentions(compose).flatMap((mention) =>
    mention.role === "include" ? (pathFrom(path, mention.path) ?? []) : [],
  );

/** Has it services that run only together with those of another file? */
function isOverlay(compose: ComposeFile, base: ComposeFile): boolean {
  const declared = new Set(base.services.map(({ name }) => name));
  return compose.services.some(
    ({ name, map }) =>
      declared.has(name) && map && !["image", "build", "extends", "provider"].some((key) => isSet(fieldOf(map, key)?.value)),
  );
}

/** Files of one folder that are put over each other: by the names compose looks for, or because one cannot run without the other. */
function overlaid(path: string, files: Files): readonly string[] {
  const pair = overridePair(path, files);
  const folder = folderOf(path);
  const compose = files.compose(path);
  const name = nameOf(path);
  const beside = files.around.filter((each) => each !== path && folderOf(each) === folder && !pair.includes(each));
  const isDefault = DEFAULT_NAMES.includes(name);
  const more = beside.filter((each) => {
    const [base, variant] = isDefault ? [path, each] : [each, path];
    if (!DEFAULT_NAMES.includes(nameOf(base)) || !VARIANT.test(nameOf(variant))) return false;
    const [one, other] = isDefault ? [compose, files.compose(each)] : [files.compose(each), compose];
    return one !== undefined && other !== undefined && isOverlay(other, one);
  });
  return [...pair, ...more];
}

/** The files whose names are one namespace: all that include each other, and what is put over them. The first is the one given. */
export function projectOf(path: string, files: Files): readonly string[] {
  const found = new Set([path]);
  for (const at of found) {
    const compose = files.compose(at);
    const includes = compose ? includedBy(at, compose) : [];
    const includers = files.around.filter((each) => {
      const other = each === at ? undefined : files.compose(each);
      return other !== undefined && includedBy(each, other).includes(at);
    });
    for (const each of [...includes, ...overlaid(at, files), ...includers])
      if (found.size < MAX_FILES && files.kind(each) === "file") found.add(each);
  }
  return [...found];
}

/** Far more than projects have. */
const MAX_FILES = 200;
