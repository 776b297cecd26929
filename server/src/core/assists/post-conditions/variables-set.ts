/** Every variable that is used has somebody who sets it: an ARG or ENV in its stage, or the base image. */
import { knownEnvironment } from "../../model/dockerfile/base-environments.ts";
import { knownBase } from "../../model/dockerfile/bases.ts";
import { allReferences, environmentAt, namesIn } from "../../model/dockerfile/environment.ts";
import { inheritedFrom } from "../../model/dockerfile/flow/inherited.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { lexedParts } from "../../model/dockerfile/problems.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Condition, Fault } from "./declared.ts";
import { plain } from "./units.ts";

export const variablesSet: Condition<unknown> = (before, after) => {
  const known = namesKnown(before);
  const found = faultsOf(after, known);
  if (found.length === 0) return [];
  // An instruction that was at fault may be written otherwise, and in two stages.
  const old = faultsOf(before, known);
  const texts = new Set(old.map(({ key }) => key));
  const left = new Map<string, number>();
  for (const { variable } of old) left.set(variable, (left.get(variable) ?? 0) + 1);
  const added = found.filter(({ key, variable }) => {
    if (texts.has(key)) return false;
    const excused = left.get(variable) ?? 0;
    left.set(variable, excused - 1);
    return excused <= 0;
  });
  return [...new Set(added.map(({ reason }) => reason))];
};

interface Unset extends Fault {
  readonly variable: string;
}

/** The names that the file sets somewhere, and those that one of its base images is known to set. */
function namesKnown(dockerfile: Dockerfile): ReadonlySet<string> {
  const names = dockerfile.instructions
    .filter(({ name }) => name === "ARG" || name === "ENV")
    .flatMap(({ pairs }) => pairs.map(({ key }) => unquote(key.text, dockerfile.escape)));
  const bases = dockerfile.stages.flatMap((stage) => [...(setByBase(dockerfile, stage) ?? [])]);
  return new Set([...names, ...bases, ...PLATFORM_ARGS]);
}

/** What the base image sets; undefined where nobody knows. */
function setByBase(dockerfile: Dockerfile, stage: Stage): ReadonlySet<string> | undefined {
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return new Set(["PATH"]);
  if (base.kind !== "image") return undefined;
  const known = knownEnvironment(base.reference) ?? (isDistroless(base.reference) ? DISTROLESS : undefined);
  return known && new Set([...known, ...Object.keys(inheritedFrom(base.reference).variables)]);
}

const DISTROLESS: ReadonlySet<string> = new Set(["PATH", "SSL_CERT_FILE", "LANG", "JAVA_VERSION"]);
const isDistroless = (reference: string): boolean =>
  knownBase(reference)?.name.startsWith("gcr.io/distroless/") ?? false;

const faultsOf = (dockerfile: Dockerfile, known: ReadonlySet<string>): readonly Unset[] =>
  dockerfile.text.includes("$")
    ? dockerfile.stages.flatMap((stage) =>
        stage.instructions.flatMap((instruction) =>
          instruction === stage.from ? fromFaults(dockerfile, stage) : faultsIn(dockerfile, stage, instruction, known),
        ),
      )
    : [];

function fromFaults(dockerfile: Dockerfile, { from }: Stage): readonly Unset[] {
  const set = new Set(
    dockerfile.instructions
      .filter(({ name, stage }) => name === "ARG" && stage === -1)
      .flatMap(({ pairs }) => pairs.map(({ key }) => unquote(key.text, dockerfile.escape))),
  );
  return lexedParts(from)
    .flatMap(({ text }) => allReferences(text, dockerfile.escape))
    .filter(({ name, modifier }) => !set.has(name) && !PLATFORM_ARGS.has(name) && modifier === undefined)
    .map(({ name }) => ({
      key: `FROM ${name}`,
      variable: name,
      reason: `no ARG above the first FROM sets ${name}, which FROM ${from.args.text} needs`,
    }));
}

function faultsIn(
  dockerfile: Dockerfile,
  stage: Stage,
  instruction: Instruction,
  known: ReadonlySet<string>,
): readonly Unset[] {
  const { set } = environmentAt(dockerfile, instruction);
  const base = setByBase(dockerfile, stage);
  const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
  if (!text.includes("$")) return [];
  // A secret may come as a variable.
  const mounted = instruction.flags.flatMap(({ fields }) =>
    fields.flatMap(({ key, value }) => (key === "env" ? [value] : [])),
  );
  const isUnset = (name: string): boolean =>
    !set.has(name) && !mounted.includes(name) && !PREDEFINED_ARGS.has(name) && base?.has(name) !== true;
  const read = lexedParts(instruction).flatMap((part) => allReferences(part.text, dockerfile.escape));
  const unset = read.filter(
    ({ name, modifier }) => isUnset(name) && (known.has(name) || (base !== undefined && modifier === undefined)),
  );
  const names = new Set([
    ...unset.map(({ name }) => name),
    ...inScripts(dockerfile, instruction, text).filter((name) => known.has(name) && isUnset(name)),
  ]);
  return [...names].map((name) => ({
    key: `${plain(instruction.args.text)} ${name}`,
    variable: name,
    reason: `nothing in its stage sets ${name}, which ${instruction.name} ${short(instruction)} uses`,
  }));
}

const short = ({ args }: Instruction): string => {
  const text = plain(args.text);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

/** What a shell expands; those it sets itself are left out. */
function inScripts({ escape }: Dockerfile, instruction: Instruction, text: string): readonly string[] {
  if (!/^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(instruction.name)) return [];
  // In single quotes too: `sh -c '…'` expands what the shell around it does not.
  return namesIn(text.replaceAll("'", " "), escape).filter((name) => !setsItself(text, name));
}

const setsItself = (text: string, name: string): boolean =>
  /^\w+$/.test(name) &&
  new RegExp(`(?<![\\w$])${name}=|\\b(?:for|read(?: -\\w+)*)\\s[^;&|\\n]*\\b${name}\\b`).test(text);
