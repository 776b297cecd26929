/** Paths of the image that the file itself speaks of: working folders, targets of copies, volumes, what RUNs make. */
import { instructionsBefore, resolvePath, workdirAt } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { lineageInstructions } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Candidate, Inside } from "./completion-model.ts";
import type { Typed } from "./cursor.ts";

interface KnownPath {
  readonly path: string;
  readonly detail: string;
}

/** The latest first, each once. */
export function folderCandidates(
  { dockerfile, instruction, place, offset }: Inside,
  { typed, span }: Typed,
): readonly Candidate[] {
  // Behind another word or a variable nobody knows where the path begins.
  if (typed.includes("$")) return [];
  const here = workdirAt(dockerfile, instruction);
  const known = knownPaths(dockerfile, instructionsBefore(dockerfile, instruction));
  const isWorkdir = place.name === "WORKDIR";
  const found = known.filter(({ path }) => path !== "/" && !(isWorkdir && path === here));
  return found.map(
    ({ path, detail }): Candidate => ({
      label: path,
      kind: "folder",
      detail,
      span: { start: span.start, end: Math.max(span.end, offset) },
    }),
  );
}

/** In the image of a stage. */
export const pathsOfStage = (dockerfile: Dockerfile, stage: Stage): readonly KnownPath[] =>
  knownPaths(dockerfile, lineageInstructions(dockerfile, stage));

const WORDS: Readonly<Record<string, string>> = {
  WORKDIR: "working folder",
  COPY: "copied to",
  ADD: "added to",
  VOLUME: "volume",
};

function knownPaths(dockerfile: Dockerfile, instructions: readonly Instruction[]): readonly KnownPath[] {
  const found = new Map<string, KnownPath>();
  for (const each of instructions) {
    const detail = WORDS[each.name];
    if (detail === undefined) continue;
    const words = each.name === "VOLUME" ? each.words : each.words.slice(-1);
    for (const { text } of words) {
      const expanded = expandIn(dockerfile, each, text);
      const path = expanded.known
        ? resolvePath(
            workdirAt(dockerfile, each),
            each.json ? expanded.text : unquote(expanded.text, dockerfile.escape),
          )
        : undefined;
      // One that is named again stands with the later ones.
      if (path === undefined) continue;
      found.delete(path);
      found.set(path, { path, detail });
    }
  }
  return [...found.values()].toReversed();
}
