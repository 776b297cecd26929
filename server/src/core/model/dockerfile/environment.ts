/** Which variables are set where, by name: for what is about a name that nothing sets, whatever its value would be. */
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { type Reference, referencesIn } from "./variables.ts";
import { unquote } from "./words.ts";

export interface NameSet {
  has(name: string): boolean;
  /** All of them, latest first. */
  names(): readonly string[];
}

export interface Environment {
  /** What ARG and ENV above have set, in the stage and in those it is built on. The base image's own are not among them. */
  readonly set: NameSet;
}

interface Link {
  readonly names: ReadonlySet<string>;
  readonly below: Link | undefined;
}

const nameSet = (link: Link | undefined): NameSet => ({
  has(name) {
    for (let each = link; each; each = each.below) if (each.names.has(name)) return true;
    return false;
  },
  names() {
    const all: string[] = [];
    for (let each = link; each; each = each.below) all.push(...each.names);
    return all;
  },
});

/** What is set when an instruction is read, its own names not included. FROM and what stands above it see nothing. */
export const environmentAt = (dockerfile: Dockerfile, instruction: Instruction): Environment =>
  environments(dockerfile).get(instruction) ?? nothing;

const nothing: Environment = { set: nameSet(undefined) };

const environments = perDocument((dockerfile): ReadonlyMap<Instruction, Environment> => {
  const at = new Map<Instruction, Environment>();
  const ends: (Link | undefined)[] = [];
  const walk = (instructions: readonly Instruction[], start: Link | undefined): Link | undefined => {
    let link = start;
    let environment: Environment = { set: nameSet(link) };
    for (const instruction of instructions) {
      at.set(instruction, environment);
      if (instruction.trigger) at.set(instruction.trigger, environment);
      if (instruction.name !== "ARG" && instruction.name !== "ENV") continue;
      link = { names: new Set(instruction.pairs.map(({ key }) => unquote(key.text, dockerfile.escape))), below: link };
      environment = { set: nameSet(link) };
    }
    return link;
  };
  walk(
    dockerfile.instructions.filter(({ stage }) => stage === -1),
    undefined,
  );
  for (const stage of dockerfile.stages)
    ends[stage.index] = walk(stage.instructions, stage.base.kind === "stage" ? ends[stage.base.stage] : undefined);
  return at;
});

/** The names a text expands, those in the operands of others (`${A:-$B}`) included. */
export function namesIn(text: string, escape: string): readonly string[] {
  return allReferences(text, escape).map(({ name }) => name);
}

/** With those in the operands of others; offsets are into the text given. */
export function allReferences(text: string, escape: string): readonly Reference[] {
  return referencesIn(text, escape).flatMap((reference) => {
    const { operand, end } = reference;
    if (operand === undefined || !operand.includes("$")) return [reference];
    const start = end - 1 - operand.length;
    const inner = allReferences(operand, escape).map((each) => ({
      ...each,
      start: each.start + start,
      end: each.end + start,
    }));
    return [reference, ...inner];
  });
}
