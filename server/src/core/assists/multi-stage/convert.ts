/** A Dockerfile of one stage → the same in several, with what was decided and why; or the reason why not. */
import { needsOf } from "../../model/dockerfile/flow/need.ts";
import { baseImageOf, lastOf, isRoot, usersOf } from "../../model/dockerfile/facts.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { finalStage } from "../../model/dockerfile/stages.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, type Edit } from "../../text/edit.ts";
import { planHealthcheck } from "../add-healthcheck.ts";
import { userRemedy } from "../add-user.ts";
import { gate } from "./gate.ts";
import { RECIPES } from "./index.ts";
import { plan } from "./plan.ts";
import {
  type BuildContext,
  type Case,
  type Choices,
  type Decision,
  type Dropped,
  NO_CHOICES,
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
  | { readonly outcome: "refused"; readonly reason: string }
  | { readonly outcome: "no benefit"; readonly reason: string; readonly instead: readonly string[] };

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
  for (const recipe of RECIPES) {
    const verdict = recipe.recognise(it);
    if (verdict?.is === "split") return converted(it, verdict.split);
    if (verdict) return outcomeOf(verdict);
  }
  return outcomeOf(undefined);
}

function outcomeOf(verdict: Verdict | undefined): Conversion {
  if (verdict?.is === "no benefit") return { outcome: "no benefit", reason: verdict.reason, instead: verdict.instead };
  if (verdict?.is === "refused") return { outcome: "refused", reason: verdict.reason };
  return { outcome: "refused", reason: "it is not known how what this image builds is told apart from what it runs" };
}

function converted(it: Case, split: Split): Conversion {
  const made = plan(it, split);
  if ("refused" in made) return { outcome: "refused", reason: made.refused };
  const decisions: Decision[] = [baseDecision(split), ...made.decisions];
  const { dockerfile } = it;
  let { text } = made;
  for (const step of [withUser, withHealthcheck]) {
    const result = step(parseDockerfile(text, dockerfile.name), it);
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

interface Step {
  readonly text: string;
  readonly decision?: Decision;
}

const USER = "user";

/** The last stage runs as somebody else than root, where that is sure to start. */
function withUser(result: Dockerfile, { choices }: Case): Step {
  const { text } = result;
  const stage = finalStage(result);
  if (!stage) return { text };
  const said = usersOf(result, stage).at(-1);
  if (said && (said.name === undefined || !isRoot(said.name))) return { text };
  // Whoever the base already runs as is not root.
  if (!said && baseImageOf(result, stage)?.user === "other") return { text };
  const keep = { id: "root", label: "keep running as root" };
  const remedy = userRemedy(result, stage);
  const [fix] = remedy.fixes ?? [];
  if (choices.get(USER) === "root")
    return {
      text,
      decision: {
        id: USER,
        what: "the image runs as root, as before",
        why: "you chose so",
        doubtful: false,
        alternatives: fix ? [{ id: "other", label: "run as another user" }] : [],
      },
    };
  if (!fix)
    return {
      text,
      decision: {
        id: USER,
        what: "the image runs as before",
        why: remedy.refusal ?? "its user is not known",
        doubtful: false,
        alternatives: [],
      },
    };
  return {
    text: applyEdits(text, fix.edits),
    decision: {
      id: USER,
      what: "the image no longer runs as root",
      why: "what it starts only reads its files; folders that it writes to have to belong to the user",
      doubtful: true,
      alternatives: [keep],
    },
  };
}

const HEALTH = "healthcheck";

/** A HEALTHCHECK with a program the last base has, where the file opens a port and has none. */
function withHealthcheck(result: Dockerfile, { choices }: Case): Step {
  const { text } = result;
  const stage = finalStage(result);
  if (!stage || lastOf(result, stage, "HEALTHCHECK")) return { text };
  const made = planHealthcheck(result, stage);
  if ("refusal" in made || choices.get(HEALTH) === "none") return { text };
  return {
    text: applyEdits(text, made.edits),
    decision: {
      id: HEALTH,
      what: "a HEALTHCHECK asks the port for its first page",
      why: "an orchestrator sees then that the service hangs; the path / is a guess",
      doubtful: true,
      alternatives: [{ id: "none", label: "no HEALTHCHECK" }],
    },
  };
}
