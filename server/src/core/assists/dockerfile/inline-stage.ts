/** A stage that one other is built on, and nothing else names → its instructions at the beginning of that one. */
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { linesSpan } from "../../model/dockerfile/layout.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { applyEdits, type Edit, insert, remove, replace } from "../../text/edit.ts";
import type { Declared } from "../post-conditions/declared.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { asLike, instructionsAt } from "./layout.ts";
import { linesOfStage, renumbered } from "./stage-lines.ts";

export const inlineStage: Refactoring = {
  id: "inline-stage",
  about: "put the instructions of a stage into the only one that is built on it",
  safety: "unsafe",
  why: "The same instructions run in the same order, but there is no stage of that name any more for --target and other files to build.",
  everywhere: false,
  offers(dockerfile, at) {
    const [from, ...others] = instructionsAt(dockerfile, at);
    if (from?.name !== "FROM" || others.length > 0) return [];
    const own = dockerfile.stages[from.stage];
    const stage = own?.base.kind === "stage" ? dockerfile.stages[own.base.stage] : own;
    const users = stage
      ? dockerfile.stages.filter(({ base }) => base.kind === "stage" && base.stage === stage.index)
      : [];
    const [user] = users;
    if (!stage || !user || users.length > 1) return [];
    const made = inlined(dockerfile, stage, user);
    return [
      {
        title: `Inline the stage ${stage.name?.text ?? stage.index}`,
        kind: "refactor.inline",
        span: stage.from.span,
        ...(isRefusal(made) && made),
        rewrite: () => (isRefusal(made) ? made : { edits: made, declared: declared(dockerfile, stage, user) }),
      },
    ];
  },
};

/** Its name is gone, and what both stages say stands in one: the order of each is kept by the way they are put together. */
function declared({ text }: Dockerfile, { name, instructions }: Stage, user: Stage): Declared {
  const both = [...instructions.slice(1), ...user.instructions.slice(1)];
  return {
    dropped: name ? [`AS ${name.text}`] : [],
    changes: [],
    moved: both.map(({ span }) => text.slice(span.start, span.end)),
  };
}

/** Of two in one stage only the last one counts. */
const ONCE = ["CMD", "ENTRYPOINT", "HEALTHCHECK"];

function inlined(dockerfile: Dockerfile, stage: Stage, user: Stage): readonly Edit[] | Refusal {
  const has = ({ instructions }: Stage, name: string): boolean => instructions.some((each) => each.name === name);
  if (fromReferences(dockerfile).some(({ source }) => source.kind === "stage" && source.stage === stage))
    return { refusal: "files are copied from it as well" };
  if (user.platform) return { refusal: "the FROM of the other stage has a --platform" };
  if (has(stage, "ONBUILD")) return { refusal: "its ONBUILD runs when the other stage is built on it" };
  const twice = ONCE.find((name) => has(stage, name) && has(user, name));
  if (twice !== undefined) return { refusal: `both stages have a ${twice}` };
  if (has(stage, "CMD") && has(user, "ENTRYPOINT"))
    return { refusal: "the ENTRYPOINT of the other stage takes back its CMD, and would not in the same stage" };
  if (
    stage.from.open ||
    user.from.open ||
    user.instructions.some(({ open }) => open) ||
    stage.instructions.some(({ open }) => open)
  )
    return { refusal: "an instruction of it has no end" };
  const renamed = rename(stage, user);
  const fromLine = withoutBlanksBelow(dockerfile, user.from);
  const shifted = renumbered(dockerfile, stage.index + 1, -1);
  if (user.index === stage.index + 1) return [...renamed, ...merged(dockerfile, stage, fromLine), ...shifted];
  const lines = linesOfStage(dockerfile, stage);
  const within = renamed.map(({ span, text }) => ({
    span: { start: span.start - lines.start, end: span.end - lines.start },
    text,
  }));
  const block = applyEdits(dockerfile.text.slice(lines.start, lines.end), within);
  const behind = /^\s*\n/.exec(dockerfile.text.slice(lines.end))?.[0].length ?? 0;
  return [
    remove({ start: lines.start, end: lines.end + behind }),
    replace(fromLine, block.endsWith("\n") ? block : block + dockerfile.eol),
    ...shifted,
  ];
}

/** The stage has the other's name, or none. */
function rename({ from, image, name }: Stage, user: Stage): readonly Edit[] {
  if (!name || !image) return user.name ? [insert(from.args.span.end, ` ${asLike(from)} ${user.name.text}`)] : [];
  return user.name ? [replace(name.span, user.name.text)] : [remove({ start: image.span.end, end: name.span.end })];
}

/** The FROM between the two goes; one blank line at most stays there. */
function merged({ text }: Dockerfile, stage: Stage, fromLine: { start: number; end: number }): readonly Edit[] {
  const last = stage.instructions.at(-1);
  return last && text.slice(last.span.end, fromLine.start).trim() === ""
    ? [remove({ start: text.indexOf("\n", last.span.end) + 1, end: fromLine.end })]
    : [remove(fromLine)];
}

function withoutBlanksBelow(dockerfile: Dockerfile, from: Instruction): { start: number; end: number } {
  const { start, end } = linesSpan(dockerfile, from);
  const blank = /^(?:[ \t]*\r?\n)+/.exec(dockerfile.text.slice(end))?.[0].length ?? 0;
  return { start, end: end + blank };
}
