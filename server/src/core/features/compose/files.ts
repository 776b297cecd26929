/**
 * Which compose files belong together: what is included, what overrides, what is extended. Paths are absolute, with slashes. What a
 * file says is asked for and may not be known yet: then the answer is worked out again with more.
 */
import { fileMentions, isRemote } from "../../model/compose/file-mentions.ts";
import { fieldOf, isSet } from "../../model/compose/fields.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { parseEnvFile } from "../../model/compose/env-file.ts";
import { MAIN_NAMES, OVERRIDE_NAMES } from "../../model/compose/project-files.ts";
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
  /** Why there may be others; a clause. */
  readonly unseen?: string | undefined;
}

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** What a file calls `to`; undefined for what is fetched from elsewhere. */
export function pathFrom(file: string, to: string): string | undefined {
  if (isRemote(to) || to.startsWith("~")) return undefined;
  const slashes = to.replaceAll("\\", "/");
  return cleanPath(slashes.startsWith("/") ? slashes : `${folderOf(file)}/${slashes}`);
}

/** `docker-compose.prod.yml`: put over the default file with `-f`, or a project of its own. */
const VARIANT = /^(?:docker-)?compose[.-][\w.-]+\.ya?ml$/;

/** The files compose puts over each other when nobody names any with `-f`, where the path is one of them; else none. */
export function filesTogether(path: string, files: Pick<Files, "kind" | "text">): readonly string[] {
  const folder = folderOf(path);
  const listed = listedFiles(folder, files);
  if (listed) return listed.includes(path) ? listed : [];
  const firstOf = (names: readonly string[]): string | undefined =>
    names.map((name) => cleanPath(`${folder}/${name}`)).find((each) => each === path || files.kind(each) === "file");
  const name = nameOf(path);
  if (!MAIN_NAMES.includes(name) && !OVERRIDE_NAMES.includes(name)) return [];
  const pair = [firstOf(MAIN_NAMES), firstOf(OVERRIDE_NAMES)].filter((each) => each !== undefined);
  return pair.length === 2 && pair.includes(path) ? pair : [];
}

/** `COMPOSE_FILE` in `.env`. */
function listedFiles(folder: string, files: Pick<Files, "text">): readonly string[] | undefined {
  const text = files.text(cleanPath(`${folder}/.env`));
  if (text === undefined || !text.includes("COMPOSE_FILE")) return undefined;
  const values = new Map(parseEnvFile(text).entries.map(({ key, value }) => [key, value]));
  const list = values.get("COMPOSE_FILE");
  if (list === undefined || list === "") return undefined;
  const paths = list.split(values.get("COMPOSE_PATH_SEPARATOR") ?? ":");
  return paths.flatMap((each) => pathFrom(`${folder}/.env`, each) ?? []);
}

/** The files compose is given for this one: it alone, or all that are put over each other. */
export function filesToRun(path: string, files: Pick<Files, "kind" | "text">): readonly string[] {
  const together = filesTogether(path, files);
  return together.length === 0 ? [path] : together;
}

const includedBy = (path: string, compose: ComposeFile): readonly string[] =>
  fileMentions(compose).flatMap((mention) => (mention.role === "include" ? (pathFrom(path, mention.path) ?? []) : []));

/** Has it services that run only together with those of another file? */
function isOverlay(compose: ComposeFile, base: ComposeFile): boolean {
  const declared = new Set(base.services.map(({ name }) => name));
  return compose.services.some(
    ({ name, map }) =>
      declared.has(name) &&
      map &&
      !["image", "build", "extends", "provider"].some((key) => isSet(fieldOf(map, key)?.value)),
  );
}

/** Files of one folder that are put over each other: by the names compose looks for, or because one cannot run without the other. */
function overlaid(path: string, files: Files): readonly string[] {
  const together = filesTogether(path, files);
  const folder = folderOf(path);
  const compose = files.compose(path);
  const name = nameOf(path);
  const beside = files.around.filter((each) => each !== path && folderOf(each) === folder && !together.includes(each));
  const isDefault = MAIN_NAMES.includes(name);
  const more = beside.filter((each) => {
    const [base, variant] = isDefault ? [path, each] : [each, path];
    if (!MAIN_NAMES.includes(nameOf(base)) || !VARIANT.test(nameOf(variant))) return false;
    const [one, other] = isDefault ? [compose, files.compose(each)] : [files.compose(each), compose];
    return one !== undefined && other !== undefined && isOverlay(other, one);
  });
  return [...together, ...more];
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
