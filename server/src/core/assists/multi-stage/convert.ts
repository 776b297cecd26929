/** A Dockerfile of one stage → the same in several, with what was decided and why; or the reason why not. */
import { needsOf } from "../../model/dockerfile/flow/need.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { minimalEdits } from "../../text/diff.ts";
import type { Edit } from "../../text/edit.ts";
import { brokenBy, type Declared } from "../post-conditions.ts";
import type { Setting } from "../post-conditions/declared.ts";
import { startsAlike } from "./base.ts";
import { developedIn } from "./development.ts";
import { gate } from "./gate.ts";
import { RECIPES } from "./index.ts";
import { workdir } from "./look.ts";
import { type Plan, plan } from "./plan.ts";
import { STEPS } from "./steps.ts";
import {
  type BuildContext,
  type Case,
  type Choices,
  type Decision,
  type Dropped,
  NO_CHOICES,
  refused,
  type Split,
  type Verdict,
} from "./recipe.ts";

export type Conversion =
  | {
      readonly outcome: "converted";
      /** As people call it: `Go`. */
      readonly ecosystem: string;
      /** The whole new text. */
      readonly text: string;
      readonly edits: readonly Edit[];
      readonly decisions: readonly Decision[];
      readonly dropped: readonly Dropped[];
    }
  | { readonly outcome: "refused"; readonly reason: string; readonly recipe: string | undefined }
  | {
      readonly outcome: "no benefit";
      readonly reason: string;
      readonly instead: readonly string[];
      /** The recipe that says so; undefined where none had to look. */
      readonly recipe: string | undefined;
    };

export type Converted = Extract<Conversion, { readonly outcome: "converted" }>;

/** Same file, same context, same choices: the same answer. */
export function convertToMultiStage(
  dockerfile: Dockerfile,
  context: BuildContext,
  choices: Choices = NO_CHOICES,
): Conversion {
  const [stage] = dockerfile.stages;
  const stopped = gate(dockerfile, context);
  if (stopped || !stage) return outcomeOf(stopped);
  const it: Case = {
    dockerfile,
    stage,
    context,
    choices,
    needs: needsOf(dockerfile, stage, (path) => context.read(path)),
  };
  const used = developedIn(context, workdir(it));
  if (used !== undefined) return outcomeOf(refused(`people develop in it: ${used}`));
  for (const recipe of RECIPES) {
    const verdict = recipe.recognise(it);
    if (verdict?.is === "split") return converted(it, verdict.split, recipe.name);
    if (verdict) return outcomeOf(verdict, recipe.name);
  }
  return outcomeOf(undefined);
}

function outcomeOf(verdict: Verdict | undefined, recipe?: string): Conversion {
  if (verdict?.is === "no benefit")
    return { outcome: "no benefit", reason: verdict.reason, instead: verdict.instead, recipe };
  if (verdict?.is === "refused") return { outcome: "refused", reason: verdict.reason, recipe };
  return {
    outcome: "refused",
    reason: "it is not known how what this image builds is told apart from what it runs",
    recipe,
  };
}

function converted(it: Case, split: Split, recipe: string): Conversion {
  const made = plan(it, split);
  if ("refused" in made) return { outcome: "refused", reason: made.refused, recipe };
  const { dockerfile } = it;
  const [broken] = brokenBy(dockerfile, parseDockerfile(made.text, dockerfile.name), declaredBy(it, split, made));
  if (broken !== undefined) return { outcome: "refused", reason: broken, recipe };
  const decisions: Decision[] = [baseDecision(split), ...made.decisions];
  let { text } = made;
  for (const step of STEPS) {
    const result = step(parseDockerfile(text, dockerfile.name), it, split);
    text = result.text;
    if (result.decision) decisions.push(result.decision);
  }
  return {
    outcome: "converted",
    ecosystem: split.ecosystem,
    text,
    edits: minimalEdits(dockerfile.text, text),
    decisions: unique(decisions),
    dropped: made.dropped,
  };
}

/** What the plan says of itself: everything else is as it was. */
function declaredBy({ dockerfile, stage }: Case, split: Split, { dropped }: Plan): Declared {
  const own = ({ span }: Instruction): string => dockerfile.text.slice(span.start, span.end);
  const rewritten = [...(split.inBuild ?? []), ...(split.inRuntime ?? [])];
  const { base } = stage;
  const alike = base.kind === "image" && startsAlike(base.reference, split.runtime.image);
  return {
    dropped: dropped.map(({ text }) => text),
    changes: [
      ...(split.changes ?? []),
      ...rewritten.flatMap(([{ name }]): readonly Setting[] => (name === "CMD" || name === "ENTRYPOINT" ? [name] : [])),
      // Whoever the new base runs as is not root; an entrypoint that hands over starts the same command.
      ...(split.runtime.user === "other" ? (["USER"] as const) : []),
      ...(alike ? (["ENTRYPOINT"] as const) : []),
    ],
    rewritten: rewritten.map(([instruction, to]) => ({ from: own(instruction), to })),
    ...(split.static === true && { static: true }),
  };
}

function unique(decisions: readonly Decision[]): readonly Decision[] {
  return [...new Map(decisions.map((decision) => [decision.id, decision])).values()];
}

function baseDecision({ runtime, decisions }: Split): Decision {
  const own = decisions.find(({ id }) => id === "runtime-base");
  return (
    own ?? {
      id: "runtime-base",
      what: `the last stage is built on ${runtime.image}`,
      why: runtime.why,
      doubtful: false,
      alternatives: [],
    }
  );
}
