/** Which files are Dockerfiles, compose files or ignore files when a folder is searched. A file a person names is always taken. */
import type { Language } from "../../core/model/document.ts";

const DOCKERFILE = /^(?:dockerfile(?:\..+)?|.+\.dockerfile|containerfile(?:\..+)?)$/i;
/** BuildKit reads these; podman's .containerignore follows the same rules. */
const IGNORE_FILE = /\.(?:docker|container)ignore$/i;

/** `compose.yaml`, `docker-compose.yml`, and those with more in the name: `compose.override.yaml`, `docker-compose-dev.yml`. */
const COMPOSE = /^(?:docker-|podman-)?compose(?:[._-].+)?\.ya?ml$/i;
const YAML = /\.ya?ml$/i;

/** What is checked when it is found; undefined for other files. */
export function languageFound(name: string): Language | undefined {
  if (COMPOSE.test(name)) return "compose";
  if (IGNORE_FILE.test(name)) return "dockerignore";
  return DOCKERFILE.test(name) && !name.endsWith(".ignore") ? "dockerfile" : undefined;
}

/** As what a file is read that a person named. */
export const languageNamed = (name: string): Language =>
  YAML.test(name) ? "compose" : IGNORE_FILE.test(name) ? "dockerignore" : "dockerfile";

/** Folders that hold other people's files, or none. */
export const NEVER_SEARCHED: ReadonlySet<string> = new Set([".git", "node_modules"]);
