/**
 * What a Dockerfile said when an image was built from it, and where that stands in the text there is now. Instructions are found again by
 * what they say, so comments, blank lines and other stages may come and go. From the first one that is changed, added or gone on,
 * what was built is not what a build would make now.
 */
import { expandIn, globalScope } from "../model/dockerfile/scope.ts";
import type { Dockerfile, Instruction, Stage } from "../model/dockerfile/model.ts";
import { finalStage, lineageInstructions, sourceStage, stageNamed } from "../model/dockerfile/stages.ts";
import { align } from "./align.ts";
import { readStep } from "./history.ts";
import type { Step } from "./image.ts";

/** An instruction that has a part in an image, by what it says; nothing of where it stands. */
export interface BuiltStep {
  /** Upper case. */
  readonly name: string;
  /** The same for instructions that say the same: what other stages and global arguments put into it included. */
  readonly says: string;
}

export interface StepNow extends BuiltStep {
  readonly instruction: Instruction;
}

/** Where a step stands now. */
export interface Place {
  /** Undefined where it is gone. */
  readonly instruction: Instruction | undefined;
  /** It, or something above it, is not what it was. */
  readonly stale: boolean;
}

/** Stages that copy from each other, at most so many deep. */
const MAX_DEPTH = 20;

/** The instructions that make the image of a stage, FROM included, in build order; none when there is no such stage. */
export function stepsIn(dockerfile: Dockerfile, target: string | undefined): readonly StepNow[] {
  const stage = stageOf(dockerfile, target);
  if (!stage) return [];
  const said = new Map<Stage, string>();
  return lineageInstructions(dockerfile, stage).map((instruction) => ({
    name: instruction.name,
    says: saysOf(dockerfile, instruction, said, 0),
    instruction,
  }));
}

export function stageOf(dockerfile: Dockerfile, target: string | undefined): Stage | undefined {
  if (target === undefined) return finalStage(dockerfile);
  return stageNamed(dockerfile, target) ?? dockerfile.stages[/^\d+$/.test(target) ? Number(target) : -1];
}

function saysOf(dockerfile: Dockerfile, instruction: Instruction, said: Map<Stage, string>, depth: number): string {
  const { name, logical, heredocs, flags } = instruction;
  if (name === "FROM") return fromSays(dockerfile, instruction);
  const parts = [
    name,
    oneLine(logical.text),
    ...heredocs.map(({ body }) => dockerfile.text.slice(body.start, body.end)),
  ];
  if (name === "ARG") parts.push(...globalDefaults(dockerfile, instruction));
  if (depth < MAX_DEPTH)
    for (const flag of flags) {
      const value = flag.name === "--from" ? flag.value?.text : mountSource(flag);
      const source =
        value === undefined ? undefined : sourceStage(dockerfile, instruction.stage, value, flag.name === "--from");
      if (source) parts.push(stageSays(dockerfile, source, said, depth + 1));
    }
  return parts.join("\n");
}

const mountSource = ({ name, fields }: Instruction["flags"][number]): string | undefined =>
  name === "--mount" ? fields.find(({ key }) => key.toLowerCase() === "from")?.value : undefined;

function stageSays(dockerfile: Dockerfile, stage: Stage, said: Map<Stage, string>, depth: number): string {
  const known = said.get(stage);
  if (known !== undefined) return known;
  const text = lineageInstructions(dockerfile, stage)
    .map((instruction) => saysOf(dockerfile, instruction, said, depth))
    .join("\n");
  const hashed = `${text.length}:${hashOf(text)}`;
  said.set(stage, hashed);
  return hashed;
}

/** Stages that use each other would make texts that grow with every use. */
function hashOf(text: string): string {
  let [a, b] = [0x81_1c_9d_c5, 0x9e_37_79_b9];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01_00_01_93);
    b = Math.imul(b ^ code, 0x85_eb_ca_6b) ^ (b >>> 13);
  }
  return `${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

/** The base, not the name the stage gives it. */
function fromSays(dockerfile: Dockerfile, instruction: Instruction): string {
  const stage = dockerfile.stages[instruction.stage];
  const [platform, image] = [stage?.platform?.value?.text, stage?.image?.text].map((text) =>
    text === undefined ? "" : expandIn(dockerfile, instruction, text).text,
  );
  return `FROM ${stage?.base.kind === "stage" ? "a stage" : image} ${platform}`;
}

/** `ARG VERSION` in a stage is worth what the one above the first FROM says. */
function globalDefaults({ instructions, escape }: Dockerfile, { pairs }: Instruction): readonly string[] {
  const global = globalScope(instructions, escape);
  const values = pairs.filter(({ value }) => value === undefined).map(({ key }) => global.get(key.text));
  return values.filter((value) => typeof value === "string");
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, " ");

/** Where the steps stand now. `staleFrom`: steps from this one on were changed before the first look. */
export function placesOf(
  built: readonly BuiltStep[],
  now: readonly StepNow[],
  staleFrom: number = Number.POSITIVE_INFINITY,
): readonly Place[] {
  let same = 0;
  while (same < built.length && same < now.length && built[same]?.says === now[same]?.says) same++;
  const found = aligned(built.slice(same), now.slice(same));
  return built.map((_, at) => ({
    instruction: (at < same ? now[at] : found[at - same])?.instruction,
    stale: at >= same || at >= staleFrom,
  }));
}

/** What says the same, then what is the same kind of instruction between those. */
function aligned(built: readonly BuiltStep[], now: readonly StepNow[]): readonly (StepNow | undefined)[] {
  const pairs = align(built.length, now.length, (i, j) => likeness(built[i], now[j], built.length));
  return pairs.map((at) => (at === undefined ? undefined : now[at]));
}

/** No number of instructions of one kind outweighs one that says the same. */
function likeness(a: BuiltStep | undefined, b: BuiltStep | undefined, length: number): number {
  if (!a || !b || a.name !== b.name) return 0;
  return a.says === b.says ? length + 1 : 1;
}

/**
 * The first step that does not say what the image was built from, as far as its history tells: a RUN with words that were not run, or a
 * RUN, COPY or ADD that made nothing. Infinity where all of them did.
 */
export function firstUnbuilt(
  steps: readonly StepNow[],
  history: readonly Step[],
  matched: readonly (Instruction | undefined)[],
): number {
  const made = new Map<Instruction, Step>();
  for (const [at, instruction] of matched.entries()) {
    const step = history[at];
    if (instruction && step) made.set(instruction, step);
  }
  const makesFiles = ({ name }: StepNow): boolean => name === "RUN" || name === "COPY" || name === "ADD";
  // Of an image whose layers were made one, the history tells nothing.
  if (!steps.some((step) => makesFiles(step) && made.has(step.instruction))) return Number.POSITIVE_INFINITY;
  const first = steps.findIndex((step) => {
    if (!makesFiles(step)) return false;
    const built = made.get(step.instruction);
    return !built || (step.name === "RUN" && !holds(readStep(built).text, step.instruction));
  });
  return first === -1 ? Number.POSITIVE_INFINITY : first;
}

/** Heredocs and JSON forms are written differently by every builder. */
function holds(ran: string, { args, heredocs, json }: Instruction): boolean {
  if (heredocs.length > 0 || json) return true;
  const words = new Map<string, number>();
  for (const word of wordsIn(ran)) words.set(word, (words.get(word) ?? 0) + 1);
  return wordsIn(args.text).every((word) => {
    const left = words.get(word) ?? 0;
    words.set(word, left - 1);
    return left > 0;
  });
}

const wordsIn = (text: string): readonly string[] =>
  text.split(/[^\p{L}\p{N}._/-]+/u).filter((word) => word !== "" && word !== "-");
