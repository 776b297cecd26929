/** What can be looked into: a Dockerfile or a compose file. */
import { parseCompose } from "./compose/parse.ts";
import type { ComposeFile } from "./compose/model.ts";
import type { Dockerfile, Problem } from "./dockerfile/model.ts";
import { parseDockerfile } from "./dockerfile/parse.ts";

export type Document = Dockerfile | ComposeFile;
export type Language = Document["language"];

/** `name` is the file's without folders, where it has one. */
export const parseDocument = (text: string, language: Language, name?: string): Document =>
  language === "compose" ? parseCompose(text, name) : parseDockerfile(text, name);

/** Problems that are not a rule's findings as well: what an editor and a report show beside the findings. */
export const unruledProblems = (document: Document): readonly Problem[] =>
  document.language === "compose" ? [] : document.problems.filter(({ rule }) => rule === undefined);
