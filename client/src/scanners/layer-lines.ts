/**
 * Which instruction of a Dockerfile made which layer: the image's history against the instructions of the stages it is made of. A build
 * writes an entry for each instruction, reworded by every builder in its own way; what nothing matches at the beginning is the
 * base image's.
 */
import { withoutBuilder, withoutShell } from "./history.ts";
import type { ImageFacts } from "./report.ts";

interface ChainInstruction {
  /** Upper case: `RUN`. */
  readonly keyword: string;
  /** What stands behind the keyword, continuations joined. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** The stages an image is made of, the first one first, without their FROMs. */
export interface Chain {
  /** The line of the FROM that names the base image; from 1. */
  readonly baseLine: number;
  readonly instructions: readonly ChainInstruction[];
}

export interface LayerPlace {
  /** From 1. */
  readonly line: number;
  /** The base image brought it, and the line is that of FROM. */
  readonly base: boolean;
}

/** As `dockwright/buildFacts` has them: lines from 0. */
interface Facts {
  readonly stages: readonly { readonly name?: string; readonly base: string; readonly line: number }[];
  readonly instructions: readonly (ChainInstruction & { readonly stage: number })[];
}

/** The stages `target` is made of; the last stage without a target. Undefined when there is none of that name. */
export function chainOf({ stages, instructions }: Facts, target?: string): Chain | undefined {
  const named = (name: string, before: number): number =>
    stages.findLastIndex((stage, at) => at < before && stage.name?.toLowerCase() === name.toLowerCase());
  const numbered = target !== undefined && /^\d+$/.test(target) ? Number(target) : -1;
  let at = target === undefined ? stages.length - 1 : Math.max(named(target, stages.length), numbered);
  let chain: readonly ChainInstruction[] = [];
  for (;;) {
    const stage = stages[at];
    if (!stage) return undefined;
    const own = instructions
      .filter((each) => each.stage === at && each.keyword !== "FROM")
      .map(({ keyword, text, line }) => ({ keyword, text, line: line + 1 }));
    chain = [...own, ...chain];
    const parent = named(stage.base, at);
    if (parent < 0) return { baseLine: stage.line + 1, instructions: chain };
    at = parent;
  }
}

export interface ImageLines {
  /** By DiffID; layers the history does not tell apart are left out. */
  readonly layers: ReadonlyMap<string, LayerPlace>;
  /** One for each entry of the history. */
  readonly steps: readonly (LayerPlace | undefined)[];
}

export const noLines: ImageLines = { layers: new Map(), steps: [] };

export function imageLines(image: Pick<ImageFacts, "history" | "diffIds">, chain: Chain): ImageLines {
  const matches = align(
    image.history.map(({ createdBy }) => readEntry(createdBy)),
    chain.instructions,
  );
  const first = matches.findIndex((match) => match !== undefined);
  const steps = matches.map((match, at): LayerPlace | undefined => {
    if (match) return { line: match.line, base: false };
    // With instructions of its own that left no trace, the image is somebody else's, or was squashed.
    const isBase = at < first || (first < 0 && chain.instructions.length === 0);
    return isBase ? { line: chain.baseLine, base: true } : undefined;
  });
  const filled = steps.filter((_, at) => image.history[at]?.empty === false);
  if (filled.length !== image.diffIds.length) return { layers: new Map(), steps };
  const layers = image.diffIds.flatMap((id, at): readonly (readonly [string, LayerPlace])[] => {
    const place = filled[at];
    return place ? [[id, place]] : [];
  });
  return { layers: new Map(layers), steps };
}

interface Entry {
  readonly name: string;
  readonly words: ReadonlySet<string>;
}

const KEYWORD =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?=\s|$)/;

/** An entry in the words of the classic builder, of BuildKit or of buildah. */
function readEntry(createdBy: string): Entry {
  const meta = withoutBuilder(createdBy);
  const name = KEYWORD.exec(meta)?.[0] ?? "RUN";
  const rest = KEYWORD.test(meta) ? meta.slice(name.length).trim() : meta;
  return { name, words: wordsOf(name === "RUN" ? withoutShell(rest) : rest) };
}

const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .toLowerCase()
      .replace(/(?:^|\s)--[\w-]+(?:=\S+)?/g, " ")
      .replace(/\b(?:file|dir|multi):[0-9a-f]{64}( in)?/g, " ")
      .split(/[^\p{L}\p{N}._/-]+/u)
      .filter((word) => word.length > 1),
  );

/** Shared words, of the shorter one's: builders leave out and add. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const least = Math.min(a.size, b.size);
  if (least === 0) return a.size === b.size ? 1 : 0;
  return [...a].filter((word) => b.has(word)).length / least;
}

const LIKE_ENOUGH = 0.3;

/** The instruction of each entry: the pairs in order that are alike the most, the last ones where there is a choice. */
function align(
  entries: readonly Entry[],
  instructions: readonly ChainInstruction[],
): readonly (ChainInstruction | undefined)[] {
  const words = instructions.map(({ text }) => wordsOf(text));
  const alike = (entry: Entry, at: number): number => {
    const instruction = instructions[at];
    if (instruction?.keyword !== entry.name) return 0;
    const value = likeness(entry.words, words[at] ?? new Set());
    return value < LIKE_ENOUGH ? 0 : 1 + value;
  };
  // best[i][j]: of the first i entries and the first j instructions.
  const best: Float64Array[] = [new Float64Array(instructions.length + 1)];
  for (const [i, entry] of entries.entries()) {
    const above = best[i] as Float64Array;
    const row = new Float64Array(instructions.length + 1);
    for (let j = 0; j < instructions.length; j++) {
      const pair = alike(entry, j);
      const without = Math.max(above[j + 1] ?? 0, row[j] ?? 0);
      row[j + 1] = pair > 0 ? Math.max(without, (above[j] ?? 0) + pair) : without;
    }
    best.push(row);
  }
  const found: (ChainInstruction | undefined)[] = entries.map(() => undefined);
  let i = entries.length;
  let j = instructions.length;
  while (i > 0 && j > 0) {
    const here = best[i]?.[j] ?? 0;
    const entry = entries[i - 1];
    const pair = entry ? alike(entry, j - 1) : 0;
    if (pair > 0 && here === (best[i - 1]?.[j - 1] ?? 0) + pair) {
      found[--i] = instructions[--j];
    } else if (here === (best[i]?.[j - 1] ?? 0)) j--;
    else i--;
  }
  return found;
}
