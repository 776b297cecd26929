/** ARG and ENV: which names are set at a point, and to what. */
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction, Pair } from "./model.ts";
import { expand, type Expansion, hidden, type Value } from "./variables.ts";
import { unquote } from "./words.ts";

export interface Scope {
  /** The value at this point; hidden when only the build, or the base image, knows; undefined when it is not set. */
  get(name: string): Value;
}

/** Set by BuildKit before the first line (reference: "Automatic platform ARGs in the global scope"). */
export const PLATFORM_ARGS: ReadonlySet<string> = new Set([
  "TARGETPLATFORM",
  "TARGETOS",
  "TARGETARCH",
  "TARGETVARIANT",
  "TARGETOSVERSION",
  "TARGETSTAGE",
  "BUILDPLATFORM",
  "BUILDOS",
  "BUILDARCH",
  "BUILDVARIANT",
  "BUILDOSVERSION",
]);

/** Can be given with --build-arg and used in RUN without an ARG instruction. */
export const PREDEFINED_ARGS: ReadonlySet<string> = new Set(
  ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
);

interface Link {
  readonly values: ReadonlyMap<string, Value>;
  readonly below: Link | undefined;
}

interface Scopes {
  readonly global: Scope;
  /** By instruction: the scope it is read in, before its own names are set. */
  readonly at: ReadonlyMap<Instruction, Scope>;
}

/** ARGs before the first FROM with their defaults, and the platform ARGs. */
export const globalScope = (instructions: readonly Instruction[], escape: string): Scope =>
  scopeOver(
    instructions
      .filter(({ name, stage }) => name === "ARG" && stage === -1)
      .reduce<Link | undefined>((below, arg) => declare(arg, below, escape, undefined), undefined),
    (name) => (PLATFORM_ARGS.has(name) ? hidden : undefined),
  );

/** The scope an instruction is read in. FROM and global ARGs see the global one. */
export function scopeAt(dockerfile: Dockerfile, instruction: Instruction): Scope {
  const scopes = scopesOf(dockerfile);
  return scopes.at.get(instruction) ?? scopes.global;
}

/** A word of an instruction with everything known put in. */
export const expandIn = (dockerfile: Dockerfile, instruction: Instruction, text: string): Expansion =>
  expand(text, (name) => scopeAt(dockerfile, instruction).get(name), dockerfile.escape);

const scopesOf = perDocument(buildScopes);

function buildScopes(dockerfile: Dockerfile): Scopes {
  const at = new Map<Instruction, Scope>();
  const global = globalScope(dockerfile.instructions, dockerfile.escape);
  const ends: (Link | undefined)[] = [];
  for (const stage of dockerfile.stages) {
    const parent = stage.base.kind === "stage" ? ends[stage.base.stage] : undefined;
    // What is not set here may come from the image's own ENV, unless the chain begins at scratch.
    const unset = endsAtScratch(dockerfile, stage.index) ? undefined : hidden;
    const fallback = (name: string): Value => (PREDEFINED_ARGS.has(name) ? hidden : unset);
    let link = parent;
    let scope = scopeOver(link, fallback);
    for (const instruction of stage.instructions) {
      if (instruction === stage.from) continue;
      at.set(instruction, scope);
      if (instruction.trigger) at.set(instruction.trigger, scope);
      if (instruction.name !== "ARG" && instruction.name !== "ENV") continue;
      link = declare(instruction, link, dockerfile.escape, instruction.name === "ARG" ? global : undefined, fallback);
      scope = scopeOver(link, fallback);
    }
    ends[stage.index] = link;
  }
  return { global, at };
}

/** An ARG without default takes the global ARG's value; without one, only the person who builds knows it. */
function declare(
  instruction: Instruction,
  below: Link | undefined,
  escape: string,
  global: Scope | undefined,
  fallback: (name: string) => Value = () => undefined,
): Link {
  const scope = scopeOver(below, fallback);
  const values = new Map<string, Value>();
  for (const pair of instruction.pairs) {
    const name = unquote(pair.key.text, escape);
    if (instruction.name === "ARG") {
      const inherited = global?.get(name);
      values.set(name, valueOf(pair, scope, escape) ?? inherited ?? hidden);
    } else values.set(name, valueOf(pair, scope, escape));
  }
  return { values, below };
}

function valueOf(pair: Pair, scope: Scope, escape: string): Value {
  if (!pair.value) return undefined;
  const expanded = expand(pair.value.text, (name) => scope.get(name), escape);
  return expanded.known ? unquote(expanded.text, escape) : hidden;
}

function scopeOver(link: Link | undefined, fallback: (name: string) => Value): Scope {
  return {
    get(name) {
      for (let each = link; each; each = each.below) if (each.values.has(name)) return each.values.get(name);
      return fallback(name);
    },
  };
}

function endsAtScratch(dockerfile: Dockerfile, index: number): boolean {
  let stage = dockerfile.stages[index];
  while (stage?.base.kind === "stage") stage = dockerfile.stages[stage.base.stage];
  return stage?.base.kind === "scratch";
}
