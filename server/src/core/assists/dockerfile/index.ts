/** What can be rewritten in a Dockerfile: at a place, as an editor asks, and in all of it, as the command line does. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, type Span } from "../../text/edit.ts";
import { brokenBy, NOTHING_DECLARED } from "../post-conditions.ts";
import {
  type DockerfileAssist,
  isRefusal,
  type Lookup,
  type Offer,
  type Refactoring,
  type Refusal,
  type Rewrite,
} from "./assist.ts";
import { addInit } from "./add-init.ts";
import { addChecksum } from "./add-checksum.ts";
import { cacheMount } from "./cache-mount.ts";
import { execForm } from "./exec-form.ts";
import { extractStage } from "./extract-stage.ts";
import { fromHeredoc } from "./from-heredoc.ts";
import { frozenInstall } from "./frozen-install.ts";
import { inlineStage } from "./inline-stage.ts";
import { manifestsBeforeSources } from "./manifests-first.ts";
import { mergeRun } from "./merge-run.ts";
import { nameStage } from "./name-stage.ts";
import { mergePairs, splitPairs } from "./pairs.ts";
import { pinPackages } from "./pin-packages.ts";
import { secretMount } from "./secret-mount.ts";
import { slimBase } from "./slim-base.ts";
import { sortPackages } from "./sort-packages.ts";
import { splitRun } from "./split-run.ts";
import { toHeredoc } from "./to-heredoc.ts";

export type { DockerfileAssist, Lookup, Refactoring } from "./assist.ts";
export { isRefusal } from "./assist.ts";

/** In the order of the menu: what is about the place itself before what is about all around it. */
export const REFACTORINGS: readonly Refactoring[] = [
  sortPackages,
  splitRun,
  mergeRun,
  toHeredoc,
  fromHeredoc,
  execForm,
  addInit,
  mergePairs,
  splitPairs,
  manifestsBeforeSources,
  frozenInstall,
  cacheMount,
  addChecksum,
  pinPackages,
  secretMount,
  slimBase,
  nameStage,
  extractStage,
  inlineStage,
];

/** What is offered at a cursor or for a selection. A text without FROM has none: nothing is sure there. */
export const dockerfileAssists = (dockerfile: Dockerfile, at: Span, lookup: Lookup): readonly DockerfileAssist[] =>
  dockerfile.stages.length === 0
    ? []
    : REFACTORINGS.flatMap((refactoring) => assistsOf(dockerfile, refactoring, at, lookup));

const assistsOf = (
  dockerfile: Dockerfile,
  refactoring: Refactoring,
  at: Span,
  lookup: Lookup,
): readonly DockerfileAssist[] =>
  refactoring.offers(dockerfile, at, lookup).map((offer) => assistOf(dockerfile, refactoring, offer));

const assistOf = (dockerfile: Dockerfile, { id, safety, why }: Refactoring, offer: Offer): DockerfileAssist => ({
  id,
  safety,
  why,
  ...offer,
  rewrite: () => checked(dockerfile, offer.rewrite()),
});

/** Nothing leaves that does not keep what the post-conditions ask for. */
function checked(dockerfile: Dockerfile, made: Rewrite | Refusal): Rewrite | Refusal {
  if (isRefusal(made)) return made;
  const after = parseDockerfile(applyEdits(dockerfile.text, made.edits), dockerfile.name);
  const [reason] = brokenBy(dockerfile, after, made.declared ?? NOTHING_DECLARED);
  return reason === undefined ? made : { refusal: reason };
}

/** One refactoring at a place: the rewriting of that title, or else its first that can be done; undefined when it has nothing there. */
export function rewriteAt(
  dockerfile: Dockerfile,
  refactoring: Refactoring,
  at: Span,
  lookup: Lookup,
  title?: string,
): Rewrite | Refusal | undefined {
  const assists = dockerfile.stages.length === 0 ? [] : assistsOf(dockerfile, refactoring, at, lookup);
  const assist =
    assists.find((each) => each.title === title) ?? assists.find(({ refusal }) => refusal === undefined) ?? assists[0];
  return assist && outcomeOf(assist);
}

const outcomeOf = ({ refusal, rewrite }: DockerfileAssist): Rewrite | Refusal =>
  refusal === undefined ? rewrite() : { refusal };

/** A file of ten thousand lines has an end as well. */
const MAX_STEPS = 500;
/** What is done further down may make something possible above. */
const MAX_PASSES = 3;

/** Everywhere in a file, from the top, each step on what the ones before it left. What could not be done is in `left`. */
export function rewriteAll(original: Dockerfile, refactoring: Refactoring, lookup: Lookup): Rewrite | Refusal {
  let { dockerfile, left } = pass(original, refactoring, lookup);
  for (let before = original, count = 1; dockerfile.text !== before.text && count < MAX_PASSES; count++) {
    before = dockerfile;
    ({ dockerfile, left } = pass(before, refactoring, lookup));
  }
  const edits = minimalEdits(original.text, dockerfile.text);
  if (edits.length > 0) return { edits, left };
  return { refusal: left.join("; ") || "there is nothing of the kind in it" };
}

interface Passed {
  readonly dockerfile: Dockerfile;
  readonly left: readonly string[];
}

/** Once from the top to the end, at each place the first thing that is offered. */
function pass(original: Dockerfile, refactoring: Refactoring, lookup: Lookup): Passed {
  const left = new Set<string>();
  let dockerfile = original;
  let index = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const instruction = dockerfile.instructions[index];
    if (!instruction || dockerfile.stages.length === 0) break;
    const [assist] = assistsOf(dockerfile, refactoring, instruction.span, lookup);
    const made = assist && outcomeOf(assist);
    if (made && !isRefusal(made) && made.edits.length > 0) {
      for (const reason of made.left ?? []) left.add(reason);
      dockerfile = parseDockerfile(applyEdits(dockerfile.text, made.edits), dockerfile.name);
      continue;
    }
    if (made && isRefusal(made)) left.add(made.refusal);
    index++;
  }
  return { dockerfile, left: [...left] };
}

export const refactoringNamed = (id: string): Refactoring | undefined =>
  REFACTORINGS.find((refactoring) => refactoring.id === id);
