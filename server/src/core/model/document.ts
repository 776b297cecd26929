/** What can be looked into: a Dockerfile, a compose file or a .dockerignore. */
import { parseCompose } from "./compose/parse.ts";
import type { ComposeFile } from "./compose/model.ts";
import type { Dockerfile, Problem } from "./dockerfile/model.ts";
import { parseDockerfile } from "./dockerfile/parse.ts";
import type { Dockerignore } from "./dockerignore/model.ts";
import { parseDockerignore } from "./dockerignore/parse.ts";

export type Document = Dockerfile | ComposeFile | Dockerignore;
export type Language = Document["language"];

/** `name` is the file's without folders, where it has one. */
export const parseDocument = (text: string, language: Language, name?: string): Document =>
  PARSERS[language](text, name);

const PARSERS: Readonly<Record<Language, (text: string, name?: string) => Document>> = {
  dockerfile: parseDockerfile,
  compose: parseCompose,
  dockerignore: parseDockerignore,
};

/** Problems that are not a rule's findings as well: what an editor and a report show beside the findings. */
export const unruledProblems = (document: Document): readonly Problem[] =>
  document.language === "dockerfile" ? document.problems.filter(({ rule }) => rule === undefined) : [];
