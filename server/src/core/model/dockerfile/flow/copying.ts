/** What COPY and ADD read and write. */
import { looksLikeFile } from "../context-files.ts";
import { isRemoteSource } from "../copies.ts";
import type { Dockerfile, Instruction } from "../model.ts";
import { expandIn } from "../scope.ts";
import { sourceStage } from "../stages.ts";
import { unquote } from "../words.ts";
import type { Value } from "../variables.ts";
import { patternOf, shellGlob } from "./around.ts";
import type { Outcome } from "./call.ts";
import { accountsIn } from "./commands/files.ts";
import { everythingBelow, files, pathFrom, type Place, type Realm } from "./place.ts";

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** A name with a suffix is a file; `conf.d` is the one suffix of folders. */
const isFileName = (path: string): boolean => {
  const name = lastPart(path);
  return looksLikeFile(name) && !name.endsWith(".d") && !name.startsWith(".");
};

/** An archive of the build context, which ADD unpacks. */
const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst|Z))$/;

interface Surroundings {
  readonly folder: string;
  readonly get: (name: string) => Value;
  /** A command of an earlier stage makes this very file. */
  readonly makesFile: (stage: number, path: string) => boolean;
}

/**
 * A source may be a file or a folder, which a name alone does not always tell: a folder is taken for granted where it may be one, for
 * then everything below the target may come.
 */
export function copyOutcome(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { folder, get, makesFile }: Surroundings,
): Outcome {
  const realm = realmOf(dockerfile, instruction);
  const texts = instruction.words.map((word) => {
    const heredoc = instruction.heredocs.find(({ marker }) => marker.start === word.span.start);
    const text = instruction.json ? word.text : unquote(word.text, dockerfile.escape);
    return { text: patternOf(text, get).text, heredoc };
  });
  const target = texts.at(-1)?.text ?? "";
  const sources = texts.slice(0, -1);
  const into = target.startsWith("**") ? "/**" : pathFrom(folder, shellGlob(target));
  const intoFolder = /(?:^|\/)\.{0,2}$/.test(target) || sources.length > 1 || into === folder;
  const parents = instruction.flags.some(({ name }) => name === "--parents");
  const reads: Place[] = [];
  const writes: Place[] = [];
  let fetched = false;
  for (const { text, heredoc } of sources) {
    if (heredoc) {
      writes.push(files(intoFolder ? pathFrom(into, heredoc.name) : into));
      continue;
    }
    if (isRemoteSource(text)) {
      fetched = true;
      const repository = /\.git(?:#|$)|^git@|^git:/.test(text);
      const name = lastPart(text.replace(/[?#].*$/, ""));
      writes.push(files(repository ? everythingBelow(into) : intoFolder ? pathFrom(into, name) : into));
      continue;
    }
    const path = shellGlob(text);
    const clean = pathFrom("/", path);
    const from = realm === "context" ? clean.slice(1) : clean;
    const isProgram = realm !== "context" && /\/s?bin\/[^/*]+$/.test(clean);
    const isMade = typeof realm === "number" && makesFile(realm, clean);
    const isFile = (isFileName(clean) || isProgram || isMade) && !path.endsWith("/");
    reads.push(files(isFile ? from : everythingBelow(from === "" ? "" : from), realm));
    const unpacks = instruction.name === "ADD" && ARCHIVE.test(clean);
    if (parents) writes.push(files(everythingBelow(pathFrom(into, clean.slice(1)))));
    else if (isFile && !unpacks) writes.push(files(intoFolder ? pathFrom(into, lastPart(clean)) : into));
    else writes.push(files(everythingBelow(into)));
  }
  const owner = instruction.flags.find(({ name }) => name === "--chown")?.value?.text ?? "";
  return {
    does: realm !== "context" ? "copies stage" : fetched && reads.length === 0 ? "download" : "copies context",
    reads: [...reads, ...accountsIn(owner)],
    writes: distinct(writes),
  };
}

function realmOf(dockerfile: Dockerfile, instruction: Instruction): Realm {
  const from = instruction.flags.find(({ name }) => name === "--from")?.value;
  if (!from) return "context";
  const { text } = expandIn(dockerfile, instruction, from.text);
  return sourceStage(dockerfile, instruction.stage, text)?.index ?? "elsewhere";
}

const distinct = (places: readonly Place[]): readonly Place[] => {
  const seen = new Set<string>();
  return places.filter((place) => {
    const key = place.kind === "files" ? place.pattern : place.name;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};
