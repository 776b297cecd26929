/** Stages and what they are built on. */
import { perDocument } from "./memo.ts";
import type { Base, Dockerfile, Instruction, Stage } from "./model.ts";
import { globalScope, type Scope } from "./scope.ts";
import { expand } from "./variables.ts";
import { unquote } from "./words.ts";

/** `end` is the text's length. */
export function stagesOf(instructions: readonly Instruction[], escape: string, end: number): readonly Stage[] {
  const froms = instructions.filter(({ name }) => name === "FROM");
  const global = globalScope(instructions, escape);
  const stages: Stage[] = [];
  const index = new Map<string, Stage[]>();
  for (const [at, from] of froms.entries()) {
    const next = froms[at + 1];
    const [image, as, name] = from.words;
    const isAs = as?.text.toUpperCase() === "AS";
    const platform = from.flags.find((flag) => flag.name === "--platform");
    const stage: Stage = {
      index: at,
      from,
      image,
      as: isAs ? as : undefined,
      name: isAs ? name : undefined,
      base: baseOf(image?.text, global, escape, index),
      platform,
      instructions: instructions.slice(from.index, next?.index ?? instructions.length),
      span: { start: from.span.start, end: next?.span.start ?? end },
    };
    stages.push(stage);
    addTo(index, stage);
  }
  return stages;
}

function baseOf(
  written: string | undefined,
  global: Scope,
  escape: string,
  earlier: ReadonlyMap<string, Stage[]>,
): Base {
  if (written === undefined) return { kind: "unknown" };
  const { text, known } = expand(written, (name) => global.get(name), escape);
  const reference = unquote(text, escape);
  const stage = earlier.get(reference.toLowerCase())?.at(-1);
  if (stage) return { kind: "stage", stage: stage.index };
  // What is left in `text` may be a platform ARG in the middle of the name: not an image anyone can look at.
  if (!known || reference === "") return { kind: "unknown" };
  return reference === "scratch" ? { kind: "scratch" } : { kind: "image", reference };
}

function addTo(index: Map<string, Stage[]>, stage: Stage): void {
  const name = stage.name?.text.toLowerCase();
  if (name === undefined) return;
  const same = index.get(name);
  if (same) same.push(stage);
  else index.set(name, [stage]);
}

const byName = perDocument(({ stages }) => {
  const index = new Map<string, Stage[]>();
  for (const stage of stages) addTo(index, stage);
  return index;
});

/** The latest stage of that name before an index, which is what FROM means; names are compared without case. */
export const stageNamed = (
  dockerfile: Dockerfile,
  name: string,
  before = Number.POSITIVE_INFINITY,
): Stage | undefined =>
  byName(dockerfile)
    .get(name.toLowerCase())
    ?.findLast(({ index }) => index < before);

/**
 * What `COPY --from=` means at an instruction, and `from=` of a mount, which takes no index. BuildKit looks names up once all
 * stages are read: of several the last one of the file is meant, and when that one is not finished there is no other
 * (toCommand and detectRunMount in dockerfile2llb).
 */
export function sourceStage(
  dockerfile: Dockerfile,
  before: number,
  value: string,
  takesIndex = true,
): Stage | undefined {
  const stage = takesIndex && /^\d+$/.test(value) ? dockerfile.stages[Number(value)] : stageNamed(dockerfile, value);
  return stage && stage.index < before ? stage : undefined;
}

/** The stage a plain `docker build` ships: the last one. */
export const finalStage = ({ stages }: Dockerfile): Stage | undefined => stages.at(-1);

/** The stage and those it is `FROM`, from the first ancestor down to itself. */
export const lineage = (dockerfile: Dockerfile, stage: Stage): readonly Stage[] =>
  linesOfDescent(dockerfile)[stage.index]?.stages ?? [stage];

interface Descent {
  readonly stages: readonly Stage[];
  readonly instructions: readonly Instruction[];
}

const linesOfDescent = perDocument((dockerfile): readonly Descent[] =>
  dockerfile.stages.map((stage) => {
    const stages = ancestorsOf(dockerfile, stage);
    return { stages, instructions: stages.flatMap(({ instructions }) => instructions) };
  }),
);

function ancestorsOf({ stages }: Dockerfile, stage: Stage): readonly Stage[] {
  const chain: Stage[] = [stage];
  for (let at = stage; at.base.kind === "stage"; ) {
    const parent = stages[at.base.stage];
    if (!parent) break;
    chain.unshift(parent);
    at = parent;
  }
  return chain;
}

/** The base of the whole chain: never a stage. */
export const rootBase = (dockerfile: Dockerfile, stage: Stage): Base => (lineage(dockerfile, stage)[0] ?? stage).base;

/** The instructions that make the stage's image, those of the stages below it included, in build order. */
export const lineageInstructions = (dockerfile: Dockerfile, stage: Stage): readonly Instruction[] =>
  linesOfDescent(dockerfile)[stage.index]?.instructions ?? stage.instructions;
