/** What the rules of ignore files know of the folder: its paths, and what its Dockerfiles name. */
import { parseDockerfile } from "../model/dockerfile/parse.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { type DockerignoreContext, known } from "../rule.ts";
import { sharingDockerfiles } from "./ignore-facts.ts";

/** Folders of which the listing has the name and not what is in them. */
const CLOSED = /(?:^|\/)(?:\.git|node_modules|\.venv|target|\.gradle|\.tox)\/$/;

export interface ContextPaths {
  /** Without the final slash of folders. */
  readonly paths: readonly string[];
  /** Folders nobody looked into. */
  readonly closed: readonly string[];
}

/** The paths of the build context; undefined while they are not known. */
export function contextPaths({ lookup }: Pick<DockerignoreContext, "lookup">): ContextPaths | undefined {
  const list = known(lookup({ ask: "list" }));
  if (list === undefined) return undefined;
  const all = list.split("\n").filter((path) => path !== "");
  return {
    paths: all.map((path) => path.replace(/\/$/, "")),
    closed: all.filter((path) => CLOSED.test(path)).map((path) => path.slice(0, -1)),
  };
}

export interface NamedDockerfile {
  readonly path: string;
  readonly dockerfile: Dockerfile;
}

/** More Dockerfiles at the top of a folder are a collection. */
const MAX_DOCKERFILES = 20;

/**
 * The Dockerfiles that are built with this ignore file, as far as they stand beside it: for `NAME.dockerignore` the one of that name.
 * One in a folder below may be built with that folder, and is left out.
 */
export function dockerfilesHere({ dockerignore, lookup }: DockerignoreContext): readonly NamedDockerfile[] {
  const own = /^(.+)\.dockerignore$/.exec(dockerignore.name ?? "")?.[1];
  if (own !== undefined) return named(own, known(lookup({ ask: "text", path: own })));
  const list = known(lookup({ ask: "list" }));
  if (list === undefined) return [];
  const beside = sharingDockerfiles(list.split("\n")).filter((path) => !path.includes("/"));
  return beside.slice(0, MAX_DOCKERFILES).flatMap((path) => named(path, known(lookup({ ask: "read", path }))));
}

const named = (path: string, text: string | undefined): readonly NamedDockerfile[] =>
  text === undefined ? [] : [{ path, dockerfile: parseDockerfile(text, path) }];
