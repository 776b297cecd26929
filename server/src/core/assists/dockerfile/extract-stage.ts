/** The beginning of a stage, up to the cursor → a stage of its own, which the rest is built on. */
import { insertBelow } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { freeStageName } from "../../model/dockerfile/stage-names.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import type { Refactoring, Refusal } from "./assist.ts";
import { asLike, instructionsAt } from "./layout.ts";
import { renumbered } from "./stage-lines.ts";

export const extractStage: Refactoring = {
  id: "extract-stage",
  about: "make a stage of its own out of everything from FROM down to the line",
  safety: "safe",
  why: "The rest is built on what the new stage ends in, so the same instructions run on the same files; what has an effect across FROM is refused.",
  everywhere: false,
  offers(dockerfile, at) {
    const selected = instructionsAt(dockerfile, at);
    const last = selected.at(-1);
    const stage = last && dockerfile.stages[last.stage];
    const next = last && stage?.instructions[stage.instructions.indexOf(last) + 1];
    // Without an instruction behind it there is nothing that could be built on it.
    if (
      !last ||
      !stage ||
      !next ||
      last === stage.from ||
      stage.base.kind === "scratch" ||
      selected.some((each) => each.stage !== stage.index)
    )
      return [];
    const own = stage.name?.text.toLowerCase();
    const name = freeStageName(dockerfile, own === undefined ? "base" : `${own}-base`);
    const refusal = whyNot(dockerfile, stage, last);
    return [
      {
        title: `Extract everything up to here into the stage ${name}`,
        kind: "refactor.extract",
        span: { start: stage.from.span.start, end: last.span.end },
        ...refusal,
        rewrite: () =>
          refusal ?? {
            edits: extracted(dockerfile, stage, last, name),
            snippet: extracted(dockerfile, stage, last, `\${1:${name}}`),
          },
      },
    ];
  },
};

function whyNot(dockerfile: Dockerfile, stage: Stage, last: Instruction): Refusal | undefined {
  const at = stage.instructions.indexOf(last) + 1;
  const has = (instructions: readonly Instruction[], wanted: string): boolean =>
    instructions.some((each) => each.name === wanted);
  const front = stage.instructions.slice(1, at);
  const rest = stage.instructions.slice(at);
  if (!stage.image || stage.from.open || last.open || (stage.as && !stage.name))
    return { refusal: "its FROM cannot take a name as it stands" };
  const own = stage.name?.text.toLowerCase();
  if (
    fromReferences(dockerfile).some(
      ({ instruction, word }) => instruction.stage === stage.index && word.text.toLowerCase() === own,
    )
  )
    return { refusal: "an instruction of it copies from the stage itself" };
  if (has(front, "ONBUILD")) return { refusal: "the ONBUILD in it would run when the rest is built on it" };
  if (has(front, "CMD") && !has(rest, "CMD") && has(rest, "ENTRYPOINT"))
    return { refusal: "an ENTRYPOINT below FROM takes back the CMD of the stage above" };
  return undefined;
}

function extracted(dockerfile: Dockerfile, stage: Stage, last: Instruction, name: string): readonly Edit[] {
  const { from } = stage;
  const as = asLike(from);
  const old = stage.name ? ` ${as} ${stage.name.text}` : "";
  return [
    stage.name ? replace(stage.name.span, name) : insert(from.args.span.end, ` ${as} ${name}`),
    insertBelow(dockerfile, last, ["", `${from.keyword.text} ${name}${old}`]),
    ...renumbered(dockerfile, stage.index, 1),
  ];
}
