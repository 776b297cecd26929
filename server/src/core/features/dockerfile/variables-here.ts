/** Variables at an instruction: which there are, what they come to, and who says so. */
import { knownEnvironment } from "../../model/dockerfile/base-environments.ts";
import { knownBase } from "../../model/dockerfile/bases.ts";
import { lastBefore } from "../../model/dockerfile/before.ts";
import { environmentAt, namesIn } from "../../model/dockerfile/environment.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS, scopeAt } from "../../model/dockerfile/scope.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { isSecret } from "../compose/secret.ts";

export interface VariableHere {
  readonly name: string;
  /** Undefined where the build, the base image or nobody knows it. */
  readonly value: string | undefined;
  /** The ARG or ENV that sets it. */
  readonly by: Instruction | undefined;
  /** The ARG above the first FROM whose value an ARG of the stage takes over. */
  readonly global: Instruction | undefined;
  /** The image that sets it, as people call it. */
  readonly image: string | undefined;
  /** By its name, or by what is put into it: its value is not shown. */
  readonly secret: boolean;
}

/** Names that can be used, the nearest first. `running`: what the container has as well, so no build arguments. */
export function variablesAt(
  dockerfile: Dockerfile,
  instruction: Instruction,
  running: boolean,
): readonly VariableHere[] {
  if (instruction.name === "FROM" || instruction.stage === -1) return globalsAt(dockerfile, instruction);
  const names = new Set(environmentAt(dockerfile, instruction).set.names());
  const own = [...names].map((name) => variableHere(dockerfile, instruction, name));
  const image = imageOf(dockerfile, instruction);
  const inherited = [...(image?.names ?? [])].filter((name) => !names.has(name));
  return [
    ...own.filter(({ by }) => !running || by?.name !== "ARG"),
    ...inherited.map((name) => unknown(name, image?.name)),
  ];
}

/** Proxies, which need no ARG where a shell expands. */
export const proxiesAt = (dockerfile: Dockerfile, instruction: Instruction): readonly VariableHere[] =>
  [...PREDEFINED_ARGS]
    .filter((name) => !environmentAt(dockerfile, instruction).set.has(name))
    .map((name) => unknown(name));

const unknown = (name: string, image?: string): VariableHere => ({
  name,
  value: undefined,
  by: undefined,
  global: undefined,
  image,
  secret: isSecret(name),
});

/** Those that are used most come first. */
export const PLATFORM_NAMES: readonly string[] = [
  ...new Set(["TARGETPLATFORM", "BUILDPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", ...PLATFORM_ARGS]),
];

/** For FROM, and for what stands above the first. */
function globalsAt(dockerfile: Dockerfile, instruction: Instruction): readonly VariableHere[] {
  const set = globalArgs(dockerfile).filter(({ index }) => instruction.name === "FROM" || index < instruction.index);
  const names = new Set(
    set.toReversed().flatMap(({ pairs }) => pairs.map(({ key }) => unquote(key.text, dockerfile.escape))),
  );
  return [
    ...[...names].map((name) => variableHere(dockerfile, instruction, name)),
    ...PLATFORM_NAMES.filter((name) => !names.has(name)).map((name) => unknown(name)),
  ];
}

export const globalArgs = ({ instructions }: Dockerfile): readonly Instruction[] => {
  const found: Instruction[] = [];
  for (const each of instructions) {
    if (each.stage !== -1) break;
    if (each.name === "ARG") found.push(each);
  }
  return found;
};

/** `depth`: how many variables led here, each by the one that it is made of. */
export function variableHere(dockerfile: Dockerfile, instruction: Instruction, name: string, depth = 0): VariableHere {
  const isGlobal = instruction.name === "FROM" || instruction.stage === -1;
  const value = scopeAt(dockerfile, instruction).get(name);
  const sets = (each: Instruction): boolean =>
    (each.name === "ARG" || each.name === "ENV") &&
    each.pairs.some(({ key }) => unquote(key.text, dockerfile.escape) === name);
  const fromGlobal = globalArgs(dockerfile).findLast(sets);
  const by = isGlobal
    ? fromGlobal
    : lastBefore(dockerfile, dockerfile.instructions[instruction.index] ?? instruction, sets);
  const own = by?.pairs.find(({ key }) => unquote(key.text, dockerfile.escape) === name);
  const takesOver = !isGlobal && by?.name === "ARG" && !own?.value;
  const image = by ? undefined : imageOf(dockerfile, instruction);
  return {
    name,
    value: typeof value === "string" ? value : undefined,
    by,
    global: takesOver ? fromGlobal : undefined,
    image: image?.names?.has(name) ? image.name : undefined,
    secret:
      isSecret(name) ||
      (by !== undefined && own?.value !== undefined && tellsSecret(dockerfile, by, own.value.text, depth)) ||
      (takesOver &&
        fromGlobal !== undefined &&
        depth < MOST &&
        variableHere(dockerfile, fromGlobal, name, depth + 1).secret),
  };
}

/** Longer chains are nobody's: a variable that is made of itself. */
const MOST = 8;

/** Something is put into a text, at an instruction, whose value is not to be shown. */
export const tellsSecret = (dockerfile: Dockerfile, instruction: Instruction, text: string, depth = 0): boolean =>
  depth < MOST &&
  namesIn(text, dockerfile.escape).some(
    (name) => isSecret(name) || variableHere(dockerfile, instruction, name, depth + 1).secret,
  );

function imageOf(
  dockerfile: Dockerfile,
  { stage }: Instruction,
): { readonly name: string | undefined; readonly names: ReadonlySet<string> | undefined } | undefined {
  const own = dockerfile.stages[stage];
  const base = own && rootBase(dockerfile, own);
  if (base?.kind !== "image") return undefined;
  return { name: knownBase(base.reference)?.name, names: knownEnvironment(base.reference) };
}
