/** Names of containers and projects. */

/** The engine's rule. The pattern of compose itself has no anchors and lets `-web` pass. */
const CONTAINER = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

export const CONTAINER_NAME_FORM = "two or more letters, digits, _, . and -, the first a letter or digit";

export const isContainerName = (name: string): boolean => CONTAINER.test(name);

const PROJECT = /^[a-z0-9][a-z0-9_-]*$/;

export const isProjectName = (name: string): boolean => PROJECT.test(name);

/** What compose makes of `name:` in a file or of a folder's name; with -p it takes nothing but a project name. */
export const projectNameOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
