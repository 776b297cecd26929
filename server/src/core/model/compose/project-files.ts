/** Which files compose puts together with a document when nobody names any with -f (compose-go's cli/options.go). */
import type { Environment } from "./environment.ts";
import { fieldOf, itemsOf } from "./fields.ts";
import { includePaths } from "./include-paths.ts";
import type { ComposeFile } from "./model.ts";
import { otherFile } from "./other-files.ts";
import { localPath } from "./paths.ts";
import type { Lookup } from "./project-model.ts";

/** In the order compose looks for them. */
export const MAIN_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
export const OVERRIDE_NAMES = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

export interface Together {
  /** The first is the base; `undefined` is the document itself. */
  readonly files: readonly (string | undefined)[];
  /** It is known that there are no others. */
  readonly certain: boolean;
  /** Somebody named them all. */
  readonly listed: boolean;
}

const alone: Together = { files: [undefined], certain: true, listed: false };
const perhapsMore: Together = { files: [undefined], certain: false, listed: false };

export function filesTogether({ name }: ComposeFile, environment: () => Environment, lookup: Lookup): Together {
  if (name === undefined) return alone;
  const listed = listedFiles(name, environment());
  if (listed) return listed;
  // Null when none of them is there.
  const firstOf = (names: readonly string[]): string | null | undefined => {
    for (const path of names) {
      const kind = path === name ? "file" : lookup({ ask: "path-kind", path });
      if (kind === "file") return path;
      if (kind !== "missing" && kind !== "folder") return undefined;
    }
    return null;
  };
  const main = firstOf(MAIN_NAMES);
  if (main === undefined) return perhapsMore;
  if (MAIN_NAMES.includes(name)) {
    if (main !== name) return alone;
    const override = firstOf(OVERRIDE_NAMES);
    if (override === undefined) return perhapsMore;
    return override === null ? alone : { files: [undefined, override], certain: true, listed: false };
  }
  if (main === null) return alone;
  // Beside a main file, one of another name is mostly named together with it: `-f compose.yaml -f compose.prod.yaml`.
  return OVERRIDE_NAMES.includes(name) && firstOf(OVERRIDE_NAMES) === name
    ? { files: [main, undefined], certain: true, listed: false }
    : perhapsMore;
}

/** So many folders up is looked for a main file that this one may be a part of. */
const MOST_UP = 2;

/**
 * Whether a main file above may have this one as a part, so that what is missing here may be there: it includes it, or has services of
 * the same names. Beside a main file above, a file of another name counts as a part of it. True while that is not known.
 */
export function isPerhapsPart(compose: ComposeFile, services: readonly string[], lookup: Lookup): boolean {
  const { name } = compose;
  if (name === undefined) return false;
  for (let up = 1; up <= MOST_UP; up++)
    for (const main of MAIN_NAMES) {
      const path = `${"../".repeat(up)}${main}`;
      const kind = lookup({ ask: "path-kind", path });
      if (kind === undefined) return true;
      if (kind !== "file") continue;
      if (!MAIN_NAMES.includes(name)) return true;
      const text = lookup({ ask: "text", path });
      if (text === undefined) return true;
      if (typeof text === "string" && isPartOf(otherFile(text), name, up, services)) return true;
    }
  return false;
}

function isPartOf(main: ComposeFile, name: string, depth: number, services: readonly string[]): boolean {
  const included = itemsOf(fieldOf(main.root, "include")?.value).flatMap((item) => includePaths(item).paths);
  // The folder this file is in has a name that is not known here, but not more of them than that.
  const isMeant = (path: string): boolean => path.split("/").length === depth + 1 && path.endsWith(`/${name}`);
  return (
    included.some((path) => path === undefined || isMeant(path)) ||
    main.services.some((service) => services.includes(service.name))
  );
}

/** COMPOSE_FILE in `.env` names them. */
function listedFiles(name: string, { values }: Environment): Together | undefined {
  const list = values.get("COMPOSE_FILE");
  if (list === undefined || list === "") return undefined;
  const separator = values.get("COMPOSE_PATH_SEPARATOR") ?? ":";
  const paths = list.split(separator).map((path) => localPath(path) ?? path);
  return paths.includes(name)
    ? { files: paths.map((path) => (path === name ? undefined : path)), certain: true, listed: true }
    : undefined;
}
