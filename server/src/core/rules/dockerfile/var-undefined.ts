import { environmentAt } from "../../model/dockerfile/environment.ts";
import { insertAbove, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { removeInstruction } from "../../model/dockerfile/removal.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, type Related, unsafeFix } from "../../rule.ts";
import { remove, replace } from "../../text/edit.ts";
import { baseEnvironment, isGlobal, meantBy, unsetUses, type VariableUse } from "../variable-uses.ts";

export default defineRule({
  id: "var-undefined",
  summary: "variable that nothing has set",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["buildkit:UndefinedVar"],
  why: `
BuildKit puts nothing in the place of a variable it does not know, and goes on: \`COPY $APP_DIR/ .\` copies \`/\`. Looked at is
everything BuildKit itself puts values into, and \`EXPOSE\`, where it says nothing; not what a shell reads. The variables of the base
image count: where they are not known, because the image is unknown and cannot be asked for, the rule is silent, as a registry
that is asked may well set the name. \`\${NAME:-default}\` and \`\${NAME:+more}\` say what holds without the variable, and are only
reported by the stricter profile; BuildKit reports them too. A global \`ARG\` that the stage does not declare again is
\`arg-not-redeclared\`, and a name from the same \`ENV\` is \`env-self-reference\`.`,
  fixSafety: `
Unsafe: another name, or a build argument of that name, is a guess at what was meant.`,
  examples: [
    {
      bad: "FROM alpine:3.22\nARG APP_DIR=app\nCOPY $AP_DIR/ /srv/\n",
      fixed: "FROM alpine:3.22\nARG APP_DIR=app\nCOPY $APP_DIR/ /srv/\n",
    },
    { bad: "FROM alpine:3.22\nWORKDIR $HOME/app\n" },
    { good: "FROM alpine:3.22\nARG APP_DIR=app\nCOPY $APP_DIR/ /srv/\nENV PATH=/srv/bin:$PATH\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    const bases = new Map<Stage, ReadonlySet<string> | undefined>();
    const reported = new Map<Instruction, Set<string>>();
    for (const use of unsetUses(dockerfile)) {
      const { name, instruction, span, guarded } = use;
      const stage = dockerfile.stages[instruction.stage];
      if (!stage || name === "PATH" || isGlobal(dockerfile, name) || isOfOwnEnv(dockerfile, use)) continue;
      if (!bases.has(stage)) bases.set(stage, baseEnvironment(context, stage));
      const base = bases.get(stage);
      if (!base || base.has(name)) continue;
      const names = reported.get(instruction) ?? new Set();
      if (names.has(name)) continue;
      reported.set(instruction, names.add(name));
      const later = declaredLater(dockerfile, stage, instruction, name);
      const meant = later ? undefined : meantBy(name, [...environmentAt(dockerfile, instruction).set.names(), ...base]);
      report(span, {
        message: `Nothing has set ${name}${tail(guarded, later, meant)}`,
        ...(guarded && { profile: "strict", severity: "info" }),
        ...remedy(dockerfile, use, later, meant),
      });
    }
  },
});

function tail(guarded: boolean, later: Instruction | undefined, meant: string | undefined): string {
  if (later) return ` here: its ${later.name} stands below`;
  if (meant !== undefined) return `; did you mean ${meant}?`;
  return guarded ? ", so that it always is what stands in for it" : ", so that it is empty";
}

/** Another `name=value` of the same ENV sets it: env-self-reference's. */
const isOfOwnEnv = (dockerfile: Dockerfile, { instruction, pair, name }: VariableUse): boolean =>
  instruction.name === "ENV" &&
  instruction.pairs.some((each) => each !== pair && unquote(each.key.text, dockerfile.escape) === name);

const declaredLater = (
  { escape }: Dockerfile,
  stage: Stage,
  instruction: Instruction,
  name: string,
): Instruction | undefined =>
  stage.instructions.find(
    (each) =>
      each.index > instruction.index &&
      (each.name === "ARG" || each.name === "ENV") &&
      each.pairs.some(({ key }) => unquote(key.text, escape) === name),
  );

function remedy(
  dockerfile: Dockerfile,
  use: VariableUse,
  later: Instruction | undefined,
  meant: string | undefined,
): { fixes?: readonly Fix[]; refusal?: string; related?: readonly Related[] } {
  const { instruction, name } = use;
  // It is there when a RUN runs, from the image's list of users, and unknown to BuildKit.
  if (name === "HOME") return { refusal: "the user's folder is not known while building: write its path" };
  if (later) {
    const related = [{ span: later.head, message: "set here" }];
    if (later.name !== "ARG" || later.pairs.length > 1 || later.comments.length > 0 || later.open || instruction.open)
      return { related, refusal: `the ${later.name} has to move above it, with what it uses` };
    const line = dockerfile.text.slice(later.span.start, later.span.end);
    const fix = unsafeFix(
      "Move the ARG above",
      insertAbove(dockerfile, instruction, [line]),
      removeInstruction(dockerfile, later),
    );
    return { related, fixes: [fix] };
  }
  const fixes: Fix[] = [];
  const renamed = meant === undefined ? undefined : renameTo(dockerfile, use, meant);
  if (renamed) fixes.push(renamed);
  const dropped = dropFix(dockerfile, use);
  if (dropped) fixes.push(dropped);
  else if (/^[A-Za-z_]\w*$/.test(name))
    fixes.push(
      unsafeFix(
        `Declare it as a build argument: ARG ${name}`,
        insertAbove(dockerfile, instruction, [`${keywordLike(dockerfile, "ARG")} ${name}`]),
      ),
    );
  return fixes.length > 0 ? { fixes } : { refusal: "no ARG can have that name" };
}

/** The name alone, so that braces and modifiers stay. */
function renameTo({ text }: Dockerfile, { name, span }: VariableUse, meant: string): Fix | undefined {
  const written = text.slice(span.start, span.end);
  const at = written.startsWith(`\${${name}`) ? 2 : written.startsWith(`$${name}`) ? 1 : undefined;
  if (at === undefined) return undefined;
  const start = span.start + at;
  return unsafeFix(`Replace ${name} with ${meant}`, replace({ start, end: start + name.length }, meant));
}

/** `ENV LIBS=/opt/lib:$LIBS`: what is appended to nothing goes, with its separator. */
function dropFix(
  { text, escape }: Dockerfile,
  { name, span, pair, instruction, guarded }: VariableUse,
): Fix | undefined {
  if (instruction.name !== "ENV" || !pair?.value || guarded || unquote(pair.key.text, escape) !== name)
    return undefined;
  const { value } = pair;
  const inside = text.slice(value.span.start, value.span.end);
  if (inside.split(`$${name}`).length + inside.split(`\${${name}}`).length !== 3) return undefined;
  const before = text.charAt(span.start - 1);
  const after = text.charAt(span.end);
  const title = `Remove $${name}, which adds nothing`;
  if (before === ":" && span.start - 1 > value.span.start)
    return unsafeFix(title, remove({ start: span.start - 1, end: span.end }));
  if (after === ":" && span.end + 1 < value.span.end)
    return unsafeFix(title, remove({ start: span.start, end: span.end + 1 }));
  return undefined;
}
