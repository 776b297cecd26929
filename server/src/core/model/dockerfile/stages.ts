/** Stages and what they are built on. */
import type { Base, Dockerfile, Instruction, Stage } from "./model.ts";
import { globalScope, type Scope } from "./scope.ts";
import { expand } from "./variables.ts";
import { unquote } from "./words.ts";

type Parsed = Omit<Dockerfile, "stages">;

export function stagesOf({ instructions, escape, text }: Parsed): readonly Stage[] {
  const froms = instructions.filter(({ name }) => name === "FROM");
  const global = globalScope(instructions, escape);
  const stages: Stage[] = [];
  for (const [index, from] of froms.entries()) {
    const next = froms[index + 1];
    const [image, as, name] = from.words;
    const isAs = as?.text.toUpperCase() === "AS";
    const platform = from.flags.find((flag) => flag.name === "--platform");
    stages.push({
      index,
      from,
      ...(image && { image }),
      ...(isAs && { as }),
      ...(isAs && name && { name }),
      base: baseOf(image?.text, global, escape, stages),
      ...(platform && { platform }),
      instructions: instructions.slice(from.index, next?.index ?? instructions.length),
      span: { start: from.span.start, end: next?.span.start ?? text.length },
    });
  }
  return stages;
}

function baseOf(written: string | undefined, global: Scope, escape: string, earlier: readonly Stage[]): Base {
  if (written === undefined) return { kind: "unknown" };
  const { text, known } = expand(written, (name) => global.get(name), escape);
  const reference = unquote(text);
  const stage = stageNamed(earlier, reference);
  if (stage) return { kind: "stage", stage: stage.index };
  // What is left in `text` may be a platform ARG in the middle of the name: not an image anyone can look at.
  if (!known || reference === "") return { kind: "unknown" };
  return reference === "scratch" ? { kind: "scratch" } : { kind: "image", reference };
}

/** The latest stage of that name; names are compared without case. */
export const stageNamed = (stages: readonly Stage[], name: string): Stage | undefined =>
  stages.findLast((stage) => stage.name?.text.toLowerCase() === name.toLowerCase());

/** What `--from=` means at an instruction: a stage before it, by name or by index, or an image. */
export function sourceStage(stages: readonly Stage[], before: number, value: string): Stage | undefined {
  const earlier = stages.slice(0, Math.max(0, before));
  return stageNamed(earlier, value) ?? (/^\d+$/.test(value) ? earlier[Number(value)] : undefined);
}

/** The stage a plain `docker build` ships: the last one. */
export const finalStage = ({ stages }: Dockerfile): Stage | undefined => stages.at(-1);

/** The stage and those it is `FROM`, from the first ancestor down to itself. */
export function lineage({ stages }: Dockerfile, stage: Stage): readonly Stage[] {
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
  lineage(dockerfile, stage).flatMap(({ instructions }) => instructions);
