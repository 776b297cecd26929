/** What is asked about a build context before anybody writes its ignore file: which Dockerfiles share it, what its manifests say. */
import { type ContextFacts, ignoreFileRemedy } from "../assists/dockerignore/write.ts";
import { TELLS_OF_GIT } from "../assists/dockerignore/patterns.ts";
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { parseDockerfile } from "../model/dockerfile/parse.ts";
import { type Context, known, type Remedy } from "../rule.ts";
import type { BuildContext } from "../assists/build-context.ts";

/** Folders with more are collections, and nobody knows which of them are built here. */
const MAX_DOCKERFILES = 20;
const DOCKERFILE = /(?:^|\/)(?:(?:dockerfile|containerfile)(?:\.[^/]+)?|[^/]+\.(?:dockerfile|containerfile))$/i;

/** The Dockerfiles of a context that have no ignore file of their own. */
export const sharingDockerfiles = (paths: readonly string[]): readonly string[] => {
  const candidates = paths.filter((path) => DOCKERFILE.test(path) && !/ignore$/i.test(path));
  const all = candidates.length > 1 ? new Set(paths) : undefined;
  return all ? candidates.filter((path) => !all.has(`${path}.dockerignore`)) : candidates;
};

/** Asked now, worked out when somebody looks at it. */
export function ignoreRemedyFor(
  { dockerfile, lookup }: Pick<Context, "dockerfile" | "lookup">,
  { paths, ignoreFile }: BuildContext,
  leaks: readonly string[],
): () => Remedy {
  const others =
    ignoreFile.in === "folder" ? [] : sharingDockerfiles(paths).filter((path) => !isThis(dockerfile, path));
  if (others.length > MAX_DOCKERFILES)
    return () => ({
      refusal: `${others.length} other Dockerfiles are in the folder, and what they copy is not looked at`,
    });
  const read = others.map((path) => ({ path, text: known(lookup({ ask: "read", path })) }));
  const unread = read.find(({ text }) => text === undefined);
  if (unread) return () => ({ refusal: `what ${unread.path} copies is not known` });
  const texts = new Map<string, string>();
  for (const path of paths.filter((each) => TELLS_OF_GIT.has(each) || each === ".gitignore")) {
    const text = known(lookup({ ask: "read", path }));
    if (text !== undefined) texts.set(path, text);
  }
  return () => {
    const dockerfiles = [dockerfile, ...read.map(({ path, text = "" }) => parseDockerfile(text, path))];
    const facts: ContextFacts = { paths, file: ignoreFile, dockerfiles, texts };
    return ignoreFileRemedy(facts, leaks);
  };
}

const isThis = ({ name = "Dockerfile" }: Dockerfile, path: string): boolean => path === name;
