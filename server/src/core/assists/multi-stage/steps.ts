/** What is done to the stages once they are there, each a refactoring of its own: order, caches, exec form, user, health. */
import { baseImageOf, isRoot, lastOf, usersOf } from "../../model/dockerfile/facts.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { finalStage } from "../../model/dockerfile/stages.ts";
import { type Answer, type Question, unsafeFix } from "../../rule.ts";
import { applyEdits } from "../../text/edit.ts";
import { planHealthcheck } from "../add-healthcheck.ts";
import { userRemedy } from "../add-user.ts";
import { cacheMount } from "../dockerfile/cache-mount.ts";
import { execForm } from "../dockerfile/exec-form.ts";
import { isRefusal } from "../dockerfile/assist.ts";
import { rewriteAll } from "../dockerfile/index.ts";
import { brokenByFixes } from "../post-conditions/of-fixes.ts";
import { manifestsBeforeSources } from "../dockerfile/manifests-first.ts";
import { unknownStart } from "./look.ts";
import { staysFolder } from "./kept.ts";
import type { BuildContext, Case, Decision, Split } from "./recipe.ts";

/** A step's result. */
interface Step {
  readonly text: string;
  readonly decision?: Decision;
}

const USER = "user";

/** What scripts do before they start the program, and only root may. */
const ROOT_WORK =
  /^(?:chown|chmod|chgrp|gosu|su-exec|su|sudo|runuser|setpriv|usermod|useradd|adduser|addgroup|groupadd|groupmod|mkdir|ln|install|cp|mv|tee|apt-get|apk|update-ca-certificates|sysctl|mount|service|cron|crond)$/;

function scriptNeedsRoot(it: Case): string | undefined {
  const unknown = unknownStart(it);
  if (unknown !== undefined) return unknown;
  const { answers } = it.needs;
  const given = answers.some(({ effect: { command } }) => /^(?:chown|chmod|install)$/.test(command?.name ?? ""));
  const folder = given
    ? undefined
    : answers.find((answer) => answer.effect.command?.name === "mkdir" && staysFolder(it, answer));
  if (folder) return "folders that RUN makes would be root's, and it may write there";
  const work = it.needs.runtime.started.find(
    ({ argv: [program = ""], by }) => !/^(?:CMD|ENTRYPOINT|HEALTHCHECK)\b/.test(by) && ROOT_WORK.test(program),
  );
  return work && `${work.by} calls ${work.argv[0]}, which another user may not be allowed to`;
}

/** The last stage runs as somebody else than root, where that is sure to start. */
function withUser(result: Dockerfile, it: Case, split: Split): Step {
  const { text } = result;
  const stage = finalStage(result);
  if (!stage) return { text };
  const { choices } = it;
  const staysRoot = split.staysRoot ?? scriptNeedsRoot(it);
  const said = usersOf(result, stage).at(-1);
  if (said && (said.name === undefined || !isRoot(said.name))) return { text };
  // Whoever the base already runs as is not root.
  if (!said && baseImageOf(result, stage)?.user === "other") return { text };
  const keep = { id: "root", label: "keep running as root" };
  const remedy = userRemedy(result, stage);
  const [made] = remedy.fixes ?? [];
  const unsound = made && brokenByFixes(result, [{ rule: "user-root-last", fix: made }])[0];
  const fix = unsound === undefined ? made : undefined;
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
  if (!fix || (staysRoot !== undefined && choices.get(USER) !== "other"))
    return {
      text,
      decision: {
        id: USER,
        what: "the image runs as before",
        why: (fix && staysRoot) ?? unsound ?? remedy.refusal ?? "its user is not known",
        doubtful: false,
        alternatives: fix ? [{ id: "other", label: "run as another user" }] : [],
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
  const fix = unsafeFix(made.title, ...made.edits);
  if (brokenByFixes(result, [{ rule: "healthcheck-missing", fix }]).length > 0) return { text };
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

/** What the context says, as refactorings ask for it. */
const lookupIn =
  (context: BuildContext) =>
  (question: Question): Answer => {
    const unknown = { unknown: "the project could not be read" };
    if (question.ask === "read") return context.read(question.path) ?? unknown;
    if (question.ask === "list") return context.paths?.join("\n") ?? unknown;
    if (question.ask === "exists")
      return context.paths ? (context.paths.includes(question.path) ? "yes" : "no") : unknown;
    return unknown;
  };

interface Refactored {
  readonly refactoring: Parameters<typeof rewriteAll>[1];
  readonly decision: Decision;
}

const refactored =
  ({ refactoring, decision }: Refactored) =>
  (result: Dockerfile, { context, choices }: Case): Step => {
    const { text } = result;
    if (choices.has(decision.id)) return { text };
    const made = rewriteAll(result, refactoring, lookupIn(context));
    return isRefusal(made) ? { text } : { text: applyEdits(text, made.edits), decision };
  };

/** Packages of the distribution change seldom: their lines stay the person's own. */
const languageCaches: typeof cacheMount = {
  ...cacheMount,
  offers: (dockerfile, at, lookup) =>
    cacheMount.offers(dockerfile, at, lookup).filter(({ title }) => !/\/(?:apt|apk|dnf|yum|zypp)/.test(title)),
};

const keepOrder = { id: "keep", label: "keep the order" };

export const STEPS: readonly ((result: Dockerfile, it: Case, split: Split) => Step)[] = [
  refactored({
    refactoring: manifestsBeforeSources,
    decision: {
      id: "order",
      what: "manifests are copied and packages installed before the sources",
      why: "a change of the sources leaves the installed packages as they are",
      doubtful: false,
      alternatives: [keepOrder],
    },
  }),
  refactored({
    refactoring: languageCaches,
    decision: {
      id: "caches",
      what: "what package managers download is kept in cache mounts",
      why: "the next build finds it there, and no layer holds it",
      doubtful: false,
      alternatives: [{ id: "none", label: "no cache mounts" }],
    },
  }),
  refactored({
    refactoring: execForm,
    decision: {
      id: "exec-form",
      what: "the program is started without a shell in front of it",
      why: "a shell does not pass on the signal to stop",
      doubtful: false,
      alternatives: [{ id: "keep", label: "keep the shell" }],
    },
  }),
  withUser,
  withHealthcheck,
];
