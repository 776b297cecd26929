/**
 * Which instruction of a Dockerfile each step of an image's history comes from. Only the instructions of the final stage and of the
 * stages below it leave a trace. Both lists are in build order, so this is an alignment: the pairs, in order, whose texts are most alike.
 * What the base image brought stands first and finds no partner.
 */
import type { Dockerfile, Instruction, Stage } from "../model/dockerfile/model.ts";
import { finalStage, lineageInstructions, stageNamed } from "../model/dockerfile/stages.ts";
import { align } from "./align.ts";
import { type ReadStep, readStep } from "./history.ts";
import type { Step } from "./image.ts";

/** The instruction of each step, undefined for those of the base image. */
export function matchSteps(
  history: readonly Step[],
  dockerfile: Dockerfile,
  target?: string,
): readonly (Instruction | undefined)[] {
  const stage = targetStage(dockerfile, target);
  const instructions = stage ? lineageInstructions(dockerfile, stage).filter(({ name }) => name !== "FROM") : [];
  const steps = history.map((step) => withWords(readStep(step)));
  const written = instructions.map((instruction) => withWordsOf(dockerfile, instruction));
  // From the end: of two steps that are alike the later one is the Dockerfile's, the other the base image's.
  const [last, end] = [steps.length - 1, written.length - 1];
  const partners = align(steps.length, written.length, (i, j) => likeness(steps[last - i], written[end - j]));
  return steps.map((_step, at) => {
    const partner = partners[last - at];
    return partner === undefined ? undefined : instructions[end - partner];
  });
}

function targetStage(dockerfile: Dockerfile, target: string | undefined): Stage | undefined {
  if (target === undefined) return finalStage(dockerfile);
  return stageNamed(dockerfile, target) ?? dockerfile.stages[/^\d+$/.test(target) ? Number(target) : -1];
}

interface Words {
  readonly keyword: string;
  readonly words: ReadonlyMap<string, number>;
  readonly count: number;
  /** The builder writes it as it stands in the Dockerfile, so that one without a word of it comes from elsewhere. */
  readonly asWritten: boolean;
}

function withWords({ keyword, text }: ReadStep): Words {
  const compared = textOfStep(keyword, text);
  const copies = keyword === "COPY" || keyword === "ADD";
  return { ...wordsOf(keyword, compared), asWritten: keyword === "RUN" || (copies && compared === text) };
}

/** BuildKit writes the text of a heredoc into the history as well. Variables of a RUN are the shell's; others are expanded by the builder. */
function withWordsOf({ text }: Dockerfile, { name, args, heredocs }: Instruction): Words {
  const bodies = heredocs.map(({ body }) => text.slice(body.start, body.end));
  const asWritten = name === "RUN" || !args.text.includes("$");
  return { ...wordsOf(name, [args.text, ...bodies].join("\n")), asWritten };
}

/** The classic builder writes checksums of the sources: only the destination can be compared. */
const textOfStep = (keyword: string, text: string): string =>
  keyword === "COPY" || keyword === "ADD" ? text.replace(/^(?:(?:file|dir|multi):[0-9a-f]+ ?)+in /, "") : text;

function wordsOf(keyword: string, text: string): Omit<Words, "asWritten"> {
  const words = new Map<string, number>();
  let count = 0;
  for (const word of text.replace(/(?:^|\s)--[a-z-]+(?:=\S+)?/g, " ").split(/[^\p{L}\p{N}._/-]+/u)) {
    if (word === "") continue;
    words.set(word, (words.get(word) ?? 0) + 1);
    count++;
  }
  return { keyword, words, count };
}

/** From 0, another instruction, to 2, the same text. */
function likeness(a: Words | undefined, b: Words | undefined): number {
  if (!a || !b || a.keyword !== b.keyword) return 0;
  if (a.count + b.count === 0) return 2;
  let common = 0;
  for (const [word, times] of a.words) common += Math.min(times, b.words.get(word) ?? 0);
  if (common === 0 && a.asWritten && b.asWritten) return 0;
  return 0.5 + (1.5 * 2 * common) / (a.count + b.count);
}
