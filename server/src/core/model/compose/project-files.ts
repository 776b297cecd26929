/** Which files compose puts together with a document when nobody names any with -f (compose-go's cli/options.go). */
import type { Environment } from "./environment.ts";
import type { ComposeFile } from "./model.ts";
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
}

const alone: Together = { files: [undefined], certain: true };
const perhapsMore: Together = { files: [undefined], certain: false };

export function filesTogether({ name }: ComposeFile, environment: () => Environment, lookup: Lookup): Together {
  if (name === undefined) return alone;
  const listed = listedFiles(name, environment());
  if (listed) return listed;
  const firstOf = (names: readonly string[]): string | "missing" | undefined => {
    for (const path of names) {
      const kind = path === name ? "file" : lookup({ ask: "path-kind", path });
      if (kind === "file") return path;
      if (kind !== "missing" && kind !== "folder") return undefined;
    }
    return "missing";
  };
  const main = firstOf(MAIN_NAMES);
  if (main === undefined) return perhapsMore;
  if (MAIN_NAMES.includes(name)) {
    if (main !== name) return alone;
    const override = firstOf(OVERRIDE_NAMES);
    if (override === undefined) return perhapsMore;
    return override === "missing" ? alone : { files: [undefined, override], certain: true };
  }
  if (main === "missing") return alone;
  // Beside a main file, one of another name is mostly named together with it: `-f compose.yaml -f compose.prod.yaml`.
  return OVERRIDE_NAMES.includes(name) && firstOf(OVERRIDE_NAMES) === name
    ? { files: [main, undefined], certain: true }
    : perhapsMore;
}

/** COMPOSE_FILE in `.env` names them. */
function listedFiles(name: string, { values }: Environment): Together | undefined {
  const list = values.get("COMPOSE_FILE");
  if (list === undefined || list === "") return undefined;
  const separator = values.get("COMPOSE_PATH_SEPARATOR") ?? ":";
  const paths = list.split(separator).map((path) => localPath(path) ?? path);
  return paths.includes(name)
    ? { files: paths.map((path) => (path === name ? undefined : path)), certain: true }
    : undefined;
}
