/** Who finds out what rules ask: put together once for the editor and the command line. */
import { join } from "node:path";
import type { ComposeBuild } from "../core/model/compose/uses-of-dockerfile.ts";
import { type Answer, keyOf, type Question } from "../core/rule.ts";
import { asksFiles, type DocumentPlace, type FileQuestion, folderFor, type Finders } from "./answers.ts";
import { buildsOf } from "./files/builds.ts";
import { existsInFolder, listFolder, listFolderAtOnce, readInFolder } from "./files/context.ts";
import { entriesOfFolder, kindOfPath, textOfFile } from "./files/project.ts";
import { evidenceText, overviewText } from "./registry/overview-text.ts";
import type { Registry } from "./registry/registry.ts";
import { vulnerabilities } from "./trivy.ts";

function buildsAnswer(folder: string, path: string): Answer {
  const builds: readonly ComposeBuild[] = buildsOf(join(folder, path)).map(
    ({ service, target, args, context, platforms }) => ({
      service,
      ...(target !== undefined && { target }),
      ...(platforms && { platforms }),
      args,
      context,
    }),
  );
  return JSON.stringify(builds);
}

/** The folder of a question about files is always there when it gets here. */
export const fileFinders: Finders = {
  exists: async ({ path }, { folder = "" }) => existsInFolder(folder, path),
  read: async ({ path }, { folder = "" }) => readInFolder(folder, path),
  list: (_question, { folder = "", signal }) => listFolder(folder, signal),
  "path-kind": async ({ path }, { folder = "" }) => kindOfPath(folder, path),
  text: async ({ path }, { folder = "" }) => textOfFile(folder, path),
  entries: async ({ path }, { folder = "" }) => entriesOfFolder(folder, path),
  builds: async ({ path }, { folder = "" }) => buildsAnswer(folder, path),
};

/**
 * The same without waiting, for a run over many files: undefined for questions that are not about files. Each is looked at once;
 * who makes it does not keep it for longer than files stay as they are.
 */
export function filesAtOnce(): (question: Question, place: DocumentPlace) => Answer | undefined {
  const folders = new Map<string, Map<string, Answer>>();
  return (question, place) => {
    if (!asksFiles(question)) return undefined;
    const folder = folderFor(question, place);
    if (folder === undefined) return undefined;
    let seen = folders.get(folder);
    if (!seen) folders.set(folder, (seen = new Map()));
    const key = keyOf(question);
    let answer = seen.get(key);
    if (answer === undefined) {
      answer = lookedAt(question, folder);
      seen.set(key, answer);
    }
    return answer;
  };
}

function lookedAt(question: FileQuestion, folder: string): Answer {
  if (question.ask === "list") return listFolderAtOnce(folder);
  return AT_ONCE[question.ask](folder, question.path);
}

type Looking = (folder: string, path: string) => Answer;
const AT_ONCE: Readonly<Record<Exclude<FileQuestion["ask"], "list">, Looking>> = {
  exists: existsInFolder,
  read: readInFolder,
  "path-kind": kindOfPath,
  text: textOfFile,
  entries: entriesOfFolder,
  builds: buildsAnswer,
};

/** Trivy runs as a program and pulls the image: whoever asks has seen to it that the workspace is trusted. */
export const scannerFinders: Finders = {
  vulnerabilities: ({ image }, { signal }) => vulnerabilities(image, signal),
};

/** What registries say about images. */
export const registryFinders = (registry: Registry): Finders => ({
  digest: ({ image }, { signal }) => registry.digest(image, signal),
  "version-tag": ({ image }, { signal }) => registry.versionTag(image, signal),
  "newer-tag": ({ image }, { signal }) => registry.newerTag(image, signal),
  "newer-tags": ({ image }, { signal }) => registry.newerTags(image, signal),
  "digest-today": ({ image, anew }, { signal }) => registry.digest(image, signal, anew),
  "platform-digests": ({ image }, { signal }) => registry.platformDigests(image, signal),
  created: ({ image }, { signal }) => registry.created(image, signal),
  existence: ({ image }, { signal }) => registry.existence(image, signal),
  tags: ({ image }, { signal }) => registry.tagsNewestFirst(image, signal),
  overview: async ({ image, anew }, { signal }) => overviewText(await registry.overview(image, signal, anew)),
  evidence: async ({ image, anew }, { signal }) => evidenceText(await registry.evidence(image, signal, anew)),
  "compressed-size": async ({ image, platform }, { signal }) => {
    const { layers } = (await registry.open(image, platform, signal)).image;
    return String(layers.reduce((sum, { size }) => sum + size, 0));
  },
  environment: ({ image }, { signal }) => registry.environment(image, signal),
  platforms: ({ image }, { signal }) => registry.platforms(image, signal),
  // It reads layers, which nothing else here does: most runs never need it.
  distribution: async ({ image }, { signal }) =>
    (await import("./image/distribution.ts")).distributionIn(registry, image, signal),
});
