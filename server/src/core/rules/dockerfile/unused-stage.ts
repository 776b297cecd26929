import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { finalStage, lineageInstructions, rootBase } from "../../model/dockerfile/stages.ts";
import { hasVariable, referencesIn } from "../../model/dockerfile/variables.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { remove } from "../../text/edit.ts";
import { composeBuilds } from "../composed.ts";

/** Names people build with --target: nothing in the file has to use such a stage. */
const TARGETS =
  /(?:^|[-_.])(?:dev|devel|development|devcontainer|debug|test|tests|testing|unittest|lint|linter|format|fmt|check|checks|ci|e2e|integration|coverage|cov|bench|benchmark|docs?|prod|production|release|runtime|run|final|publish|export|artifacts?|binar(?:y|ies)|vendor|validate|update|generate|shell|slim|full|staging|cli|server|worker|web|api|app)(?:$|[-_.])/;

export default defineRule({
  id: "unused-stage",
  summary: "stage that nothing uses",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
BuildKit skips a stage that the last one does not need, so what it was written for does not happen: tests in it do not run, and
files made in it are in no image. Most often a \`COPY --from\` went, or its name changed. A stage without a name cannot be built in any
other way; one with a name can, by \`--target\`, and so is only reported by the stricter profile, and not at all where it looks like such a
target: by its name (\`test\`, \`dev\`, \`lint\`, \`production\`, …), because it is made to be run (it has a \`CMD\` or \`ENTRYPOINT\`), because it gathers
files on \`scratch\`, or because the file has several such stages. Nor is a stage reported that a service in a compose file nearby
builds (\`target:\`). A \`FROM\` with a variable counts for every stage it can mean.`,
  fixSafety: `
Unsafe: somebody may build the stage by \`--target\`. Offered where no comment goes with it and no stage is meant by its number.`,
  examples: [
    {
      bad: "FROM node:22\nRUN npm ci\n\nFROM alpine:3.22\nCOPY dist /srv\n",
      fixed: "FROM alpine:3.22\nCOPY dist /srv\n",
    },
    { good: "FROM node:22 AS build\nRUN npm ci\n\nFROM alpine:3.22\nCOPY --from=build /dist /srv\n" },
    { good: "FROM node:22 AS test\nRUN npm test\n\nFROM alpine:3.22\nCOPY dist /srv\n" },
  ],
  check({ dockerfile, report, lookup }) {
    const { stages } = dockerfile;
    if (stages.length < 2) return;
    const builds = composeBuilds({ dockerfile, lookup });
    if (!builds) return;
    const targets = new Set(builds.map(({ target }) => target?.toLowerCase()));
    const users = usersOf(dockerfile);
    const needed = neededStages(dockerfile, users, targets);
    for (const stage of stages) {
      if (needed.has(stage) || !stage.image) continue;
      const user = users.get(stage)?.[0];
      const result = user ? "another stage that nothing uses is built with it" : removalOf(dockerfile, stage);
      const { name } = stage;
      report(name?.span ?? stage.from.head, {
        message: name
          ? `Nothing uses stage ${name.text}: it is only built by --target ${name.text}`
          : "Nothing uses this stage, and without a name it cannot be built by --target: BuildKit skips it",
        ...(name && { profile: "strict", severity: "info" }),
        ...(typeof result === "string" ? { refusal: result } : { fixes: [result] }),
        related: user ? [{ span: user.from.head, message: "used here" }] : [],
      });
    }
  },
});

type Users = ReadonlyMap<Stage, readonly Stage[]>;

/** The stages that name each stage in FROM, COPY --from or a mount. */
const usersOf = perDocument((dockerfile): Users => {
  const { stages } = dockerfile;
  const users = new Map<Stage, Stage[]>();
  const add = (used: Stage | undefined, by: Stage | undefined): void => {
    if (used && by && used !== by) users.set(used, [...(users.get(used) ?? []), by]);
  };
  for (const stage of stages) {
    if (stage.base.kind === "stage") add(stages[stage.base.stage], stage);
    const written = stage.image?.text ?? "";
    if (!hasVariable(written)) continue;
    const mayMean = patternOf(written);
    for (const other of stages)
      if (other.index < stage.index && other.name && mayMean.test(other.name.text)) add(other, stage);
  }
  for (const { instruction, source } of fromReferences(dockerfile))
    if (source.kind === "stage") add(source.stage, stages[instruction.stage]);
  return users;
});

/** `build-${TARGETARCH}`: anything may stand for the variable. */
function patternOf(written: string): RegExp {
  let source = "";
  let at = 0;
  for (const { start, end } of referencesIn(written)) {
    source += `${literal(written.slice(at, start))}.*`;
    at = end;
  }
  return new RegExp(`^${source}${literal(written.slice(at))}$`, "i");
}

const literal = (text: string): string => text.replace(/["']/g, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function neededStages(
  dockerfile: Dockerfile,
  users: Users,
  targets: ReadonlySet<string | undefined>,
): ReadonlySet<Stage> {
  const { stages } = dockerfile;
  const final = finalStage(dockerfile);
  const ends = stages.filter((stage) => stage !== final && stage.name && !users.has(stage));
  // A file of several images: each of them is somebody's target.
  const several = ends.length > 1;
  const needed = new Set<Stage>();
  // Users stand below what they use, but for a COPY that could not be built.
  for (const stage of stages.toReversed()) {
    const isTarget =
      stage === final ||
      (stage.name !== undefined && targets.has(stage.name.text.toLowerCase())) ||
      (ends.includes(stage) && (several || looksLikeTarget(dockerfile, stage)));
    if (isTarget || users.get(stage)?.some((user) => needed.has(user))) needed.add(stage);
  }
  return needed;
}

const looksLikeTarget = (dockerfile: Dockerfile, stage: Stage): boolean =>
  TARGETS.test(stage.name?.text.toLowerCase() ?? "") ||
  rootBase(dockerfile, stage).kind === "scratch" ||
  lineageInstructions(dockerfile, stage).some(({ name }) => name === "CMD" || name === "ENTRYPOINT");

/** From its FROM to the end of its last instruction, with the blank lines behind it. */
function removalOf(dockerfile: Dockerfile, stage: Stage): Fix | string {
  const { text, comments } = dockerfile;
  const last = stage.instructions.at(-1) ?? stage.from;
  const start = text.lastIndexOf("\n", stage.from.span.start - 1) + 1;
  const blanks = /^(?:[ \t]*\r?\n)*/.exec(text.slice(last.span.end))?.[0].length ?? 0;
  const end = last.span.end + blanks;
  const inside = (instruction: Instruction): boolean => instruction.comments.length > 0;
  if (comments.some(({ span }) => span.start >= start && span.end <= end) || stage.instructions.some(inside))
    return "comments would go with it";
  if (fromReferences(dockerfile).some(({ word, instruction }) => instruction.name !== "RUN" && /^\d+$/.test(word.text)))
    return "a COPY --from counts the stages, and would mean another one";
  return unsafeFix("Remove the stage", remove({ start, end }));
}
