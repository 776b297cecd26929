/** What holds at an instruction because of those before it in the same image: environment, folder, what files say. */
import { knownBase } from "./bases.ts";
import { shippedStages } from "./facts.ts";
import { perDocument } from "./memo.ts";
import type { Base, Dockerfile, Instruction, Pair } from "./model.ts";
import { expandIn } from "./scope.ts";
import { finalStage, lineageInstructions } from "./stages.ts";
import { unquote } from "./words.ts";

/** The instructions that have run before this one, those of the stages below included; a fragment without FROM is one image. */
export function instructionsBefore(dockerfile: Dockerfile, { stage, index }: Instruction): readonly Instruction[] {
  const own = dockerfile.stages[stage];
  const all = own
    ? lineageInstructions(dockerfile, own)
    : dockerfile.instructions.filter((instruction) => instruction.stage === stage);
  return all.filter((instruction) => instruction.index < index || instruction.stage !== stage);
}

/** The last of them for which the test holds; without a list of its own for every question. */
export function lastBefore(
  dockerfile: Dockerfile,
  { stage, index }: Instruction,
  test: (instruction: Instruction) => boolean,
): Instruction | undefined {
  const own = dockerfile.stages[stage];
  const all = own ? lineageInstructions(dockerfile, own) : dockerfile.instructions;
  for (let at = all.length - 1; at >= 0; at--) {
    const each = all[at];
    if (!each || (own ? each.stage === stage && each.index >= index : each.stage !== stage || each.index >= index))
      continue;
    if (test(each)) return each;
  }
  return undefined;
}

export interface Setting {
  /** Undefined when a variable hides it. */
  readonly value: string | undefined;
}

/** What ENV or ARG last made of a name; undefined when the file does not set it. */
export function settingBefore(dockerfile: Dockerfile, instruction: Instruction, name: string): Setting | undefined {
  const setters = allSetters(dockerfile).get(name);
  if (!setters) return undefined;
  const setter = lastBefore(dockerfile, instruction, (each) => setters.has(each));
  const pair = setter && setters.get(setter);
  if (!setter || !pair) return undefined;
  const { text, known } = expandIn(dockerfile, setter, pair.value?.text ?? "");
  return { value: known && (pair.value || setter.name === "ENV") ? unquote(text) : undefined };
}

/** The ENV and ARG instructions that name a variable, each with the pair that counts. */
const allSetters = perDocument((dockerfile) => {
  const found = new Map<string, Map<Instruction, Pair>>();
  for (const each of dockerfile.instructions) {
    if (each.name !== "ENV" && each.name !== "ARG") continue;
    for (const pair of each.pairs) {
      const name = unquote(pair.key.text);
      const same = found.get(name);
      if (same) same.set(each, pair);
      else found.set(name, new Map([[each, pair]]));
    }
  }
  return found;
});

/** The working folder of an instruction; undefined when only the base image, or a variable, knows it. */
export function workdirAt(dockerfile: Dockerfile, instruction: Instruction): string | undefined {
  return workdirsOf(dockerfile).get(dockerfile.instructions[instruction.index] ?? instruction);
}

const workdirsOf = perDocument(readWorkdirs);

function readWorkdirs(dockerfile: Dockerfile): ReadonlyMap<Instruction, string | undefined> {
  const workdirs = new Map<Instruction, string | undefined>();
  const ends: (string | undefined)[] = [];
  for (const each of dockerfile.instructions) {
    const base = dockerfile.stages[each.stage]?.base;
    if (each.name === "FROM") ends[each.stage] = base?.kind === "stage" ? ends[base.stage] : startOf(base);
    const folder = ends[each.stage];
    workdirs.set(each, folder);
    if (each.name !== "WORKDIR" || each.args.text === "") continue;
    const { text, known } = expandIn(dockerfile, each, each.args.text);
    ends[each.stage] = known ? resolvePath(folder, unquote(text)) : undefined;
  }
  return workdirs;
}

/** Official images that leave the folder at `/`, as their Dockerfiles say; golang, php and others set one. */
const AT_ROOT: ReadonlySet<string> = new Set(
  "alpine busybox debian ubuntu buildpack-deps node python ruby rust gcc fedora centos rockylinux almalinux amazonlinux eclipse-temurin nginx".split(
    " ",
  ),
);

function startOf(base: Base | undefined): string | undefined {
  if (base?.kind === "scratch") return "/";
  const image = base?.kind === "image" ? knownBase(base.reference) : undefined;
  return image && image.family !== "windows" && AT_ROOT.has(image.name) ? "/" : undefined;
}

/** A POSIX path from a folder; undefined when it is relative to a folder nobody knows. */
export function resolvePath(folder: string | undefined, path: string): string | undefined {
  if (path.startsWith("/")) return normalized(path);
  return folder === undefined ? undefined : normalized(`${folder}/${path}`);
}

/** Absolute, without `.`, `..`, doubled or trailing slashes. */
export function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** True when an earlier RUN, or a file written by a heredoc, has the words: how configuration gets into an image. */
export const saidBefore = (dockerfile: Dockerfile, instruction: Instruction, words: RegExp): boolean =>
  // Most files never say it: one look at the whole spares one look per instruction for each of them.
  isSaid(dockerfile, words) &&
  instructionsBefore(dockerfile, instruction).some(
    (each) =>
      ((each.trigger ?? each).name === "RUN" || each.heredocs.length > 0) &&
      words.test(dockerfile.text.slice(each.span.start, each.span.end)),
  );

const said = perDocument(() => new Map<string, boolean>());

function isSaid(dockerfile: Dockerfile, words: RegExp): boolean {
  const answers = said(dockerfile);
  let answer = answers.get(words.source);
  if (answer === undefined) answers.set(words.source, (answer = words.test(dockerfile.text)));
  return answer;
}

/**
 * True when what a RUN leaves behind ends up in an image people use: it is in the last stage or one that is built on, in an
 * ONBUILD (whose image is made to be built on elsewhere), or in a fragment without FROM.
 */
export function leavesTraces(dockerfile: Dockerfile, instruction: Instruction): boolean {
  const last = finalStage(dockerfile);
  if (!last || instruction.stage === -1 || instruction.triggered) return true;
  return shippedStages(dockerfile, last).has(instruction.stage);
}
