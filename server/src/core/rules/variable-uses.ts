/**
 * Where instructions use variables that nothing has set: what BuildKit puts values into (Expand of its instructions package,
 * and dispatchArg, dispatchExpose in dockerfile2llb), seen with the names known at that point.
 */
import { knownEnvironment } from "../model/dockerfile/base-environments.ts";
import { allReferences, environmentAt, type NameSet } from "../model/dockerfile/environment.ts";
import { perDocument } from "../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction, Pair, Stage } from "../model/dockerfile/model.ts";
import { PLATFORM_ARGS } from "../model/dockerfile/scope.ts";
import { rootBase } from "../model/dockerfile/stages.ts";
import { hasVariable, type Reference } from "../model/dockerfile/variables.ts";
import { unquote } from "../model/dockerfile/words.ts";
import { type Context, known } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { editDistance, nearest } from "../text/nearest.ts";

export interface VariableUse {
  readonly name: string;
  readonly span: Span;
  /** Says itself what holds when the variable is not set: `${NAME:-default}`, `${NAME:+more}`. */
  readonly guarded: boolean;
  readonly instruction: Instruction;
  /** The `name=value` it stands in. */
  readonly pair?: Pair;
}

/** Uses of names that no ARG or ENV above sets. The base image may set them. */
export const unsetUses = perDocument((dockerfile): readonly VariableUse[] =>
  dockerfile.stages.flatMap(({ instructions }) =>
    instructions.flatMap((instruction) => (mayUse(dockerfile, instruction) ? unsetIn(dockerfile, instruction) : [])),
  ),
);

/** Of RUN, only mounts are read here: the shell's variables are its own. */
const mayUse = ({ text }: Dockerfile, { name, flags, span }: Instruction): boolean =>
  (name !== "RUN" || flags.length > 0) && hasVariable(text.slice(span.start, span.end));

/** What BuildKit reads for the SBOM scanner, and never reports. */
const SCANNERS: ReadonlySet<string> = new Set(["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]);

const WHOLE_ARGUMENTS: ReadonlySet<string> = new Set([
  "ADD",
  "COPY",
  "ENV",
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);
const EXPANDED_FLAGS: ReadonlySet<string> = new Set(["--chown", "--chmod", "--checksum"]);
/** Fields of a mount that take no variable: BuildKit stops at one, or reads it as it is. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(["type", "from", "sharing"]);

function unsetIn(dockerfile: Dockerfile, instruction: Instruction): readonly VariableUse[] {
  const { set } = environmentAt(dockerfile, instruction);
  return usesIn(dockerfile, instruction, set).filter(({ name }) => !set.has(name) && !SCANNERS.has(name));
}

function usesIn(dockerfile: Dockerfile, instruction: Instruction, set: NameSet): readonly VariableUse[] {
  const { name, body, json, flags, heredocs } = instruction;
  if (name === "RUN") return mountUses(instruction);
  if (name === "ARG") return argUses(dockerfile, instruction, set);
  if (!WHOLE_ARGUMENTS.has(name)) return [];
  const words = json
    ? json.elements.flatMap(({ text, span }) =>
        allReferences(text, dockerfile.escape).map((reference) => useOf(instruction, reference, span)),
      )
    : allReferences(body.text, dockerfile.escape).map((reference) => {
        const span = body.span(reference.start, reference.end);
        const pair = instruction.pairs.find((each) => each.span.start <= span.start && span.end <= each.span.end);
        return useOf(instruction, reference, span, pair);
      });
  const inFlags = flags.flatMap((flag) =>
    EXPANDED_FLAGS.has(flag.name) && flag.value ? usesInWord(instruction, flag.value) : [],
  );
  const inHeredocs = heredocs
    .filter(({ expand }) => expand)
    .flatMap(({ body: lines }) => {
      // Quotes mean nothing in there, and the escape character is always a backslash.
      const text = dockerfile.text.slice(lines.start, lines.end).replace(/["']/g, " ");
      return allReferences(text, "\\").map((reference) =>
        useOf(instruction, reference, { start: lines.start + reference.start, end: lines.start + reference.end }),
      );
    });
  return [...inFlags, ...words, ...inHeredocs];
}

/** Each default sees the names before it in the same instruction. */
function argUses(dockerfile: Dockerfile, instruction: Instruction, set: NameSet): readonly VariableUse[] {
  const own = new Set<string>();
  return instruction.pairs.flatMap((pair) => {
    const { value } = pair;
    const uses = value ? usesInWord(instruction, value, pair, dockerfile.escape) : [];
    const unset = uses.filter(({ name }) => !own.has(name) && !set.has(name));
    own.add(unquote(pair.key.text, dockerfile.escape));
    return unset;
  });
}

const mountUses = (instruction: Instruction): readonly VariableUse[] =>
  instruction.flags
    .filter(({ name }) => name === "--mount")
    .flatMap(({ fields }) =>
      fields.flatMap(({ key, value, valueSpan }) =>
        value !== undefined && valueSpan && !PLAIN_FIELDS.has(key)
          ? usesInWord(instruction, { text: value, span: valueSpan })
          : [],
      ),
    );

/** On their own place where the word stands in the source as it is, else on the word. */
function usesInWord(
  instruction: Instruction,
  { text, span }: { readonly text: string; readonly span: Span },
  pair?: Pair,
  escape = "\\",
): readonly VariableUse[] {
  const same = span.end - span.start === text.length;
  return allReferences(text, escape).map((reference) =>
    useOf(
      instruction,
      reference,
      same ? { start: span.start + reference.start, end: span.start + reference.end } : span,
      pair,
    ),
  );
}

const useOf = (instruction: Instruction, { name, modifier }: Reference, span: Span, pair?: Pair): VariableUse => ({
  name,
  span,
  guarded: modifier !== undefined && /^:?[-+]$/.test(modifier),
  instruction,
  ...(pair && { pair }),
});

/** The ARG instructions before the first FROM, by name; the last one of a name counts. */
export const globalArgs = perDocument(
  (dockerfile): ReadonlyMap<string, Instruction> =>
    new Map(
      dockerfile.instructions
        .filter(({ name, stage }) => name === "ARG" && stage === -1)
        .flatMap((arg) => arg.pairs.map(({ key }) => [unquote(key.text, dockerfile.escape), arg] as const)),
    ),
);

/** A name that a plain `ARG NAME` in the stage would give its value. */
export const isGlobal = (dockerfile: Dockerfile, name: string): boolean =>
  globalArgs(dockerfile).has(name) || PLATFORM_ARGS.has(name);

/** The name a slip was probably meant to be: APP_NAME is none of APP_HOME, and of single letters nobody can tell. */
export function meantBy(name: string, candidates: Iterable<string>): string | undefined {
  const found = name.length < 3 ? undefined : nearest(name, candidates);
  const most = Math.max(1, Math.floor(name.length / 5));
  return found !== undefined && editDistance(name.toLowerCase(), found.toLowerCase()) <= most ? found : undefined;
}

/** BuildKit gives every image that has no PATH one, but for those of Windows (dispatchStages in convert.go). */
const ALWAYS: ReadonlySet<string> = new Set(["PATH"]);

/**
 * The names the image under a stage sets: those of its configuration where that can be asked for, else what is known of
 * it. Undefined when nobody knows.
 */
export function baseEnvironment({ dockerfile, lookup }: Context, stage: Stage): ReadonlySet<string> | undefined {
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return ALWAYS;
  if (base.kind !== "image") return undefined;
  const answer = known(lookup({ ask: "environment", image: base.reference }));
  if (answer !== undefined) return new Set(["PATH", ...answer.split(/\s+/).filter((name) => name !== "")]);
  return knownEnvironment(base.reference);
}
