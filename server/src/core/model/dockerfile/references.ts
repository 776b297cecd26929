/** Where stages and images are named: FROM, `COPY --from`, `RUN --mount=from=`. */
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction, Stage, Word } from "./model.ts";
import { expandIn } from "./scope.ts";
import { sourceStage, stageNamed } from "./stages.ts";

export type Source =
  | { readonly kind: "stage"; readonly stage: Stage }
  /** Everything else, with known variables put in: an image, or a named build context. */
  | { readonly kind: "other"; readonly reference: string }
  | { readonly kind: "unknown" };

export interface FromReference {
  readonly instruction: Instruction;
  /** As written, quotes removed. */
  readonly word: Word;
  readonly source: Source;
}

/** The `--from=` and `from=` references of COPY, ADD and RUN, in file order, those below ONBUILD included. */
export const fromReferences = perDocument((dockerfile): readonly FromReference[] =>
  dockerfile.all.flatMap((instruction) =>
    wordsOf(instruction).map((word) => ({ instruction, word, source: sourceOf(dockerfile, instruction, word.text) })),
  ),
);

function wordsOf(instruction: Instruction): Word[] {
  return instruction.flags.flatMap((flag): Word[] => {
    if (flag.name === "--from" && flag.value) return [flag.value];
    if (flag.name !== "--mount") return [];
    return flag.fields.flatMap(({ key, value, valueSpan }) =>
      key === "from" && value !== undefined && valueSpan ? [{ text: value, span: valueSpan }] : [],
    );
  });
}

function sourceOf(dockerfile: Dockerfile, instruction: Instruction, written: string): Source {
  const { text, known } = expandIn(dockerfile, instruction, written);
  const stage = sourceStage(dockerfile, instruction.stage, text, instruction.name !== "RUN");
  if (stage) return { kind: "stage", stage };
  return known && text !== "" ? { kind: "other", reference: text } : { kind: "unknown" };
}

/** The words that name a stage by its name (not by index) after it was declared. */
export function stageReferences(dockerfile: Dockerfile, stage: Stage): Word[] {
  const name = stage.name?.text.toLowerCase();
  if (name === undefined) return [];
  const bases = dockerfile.stages.flatMap(({ index, image }) =>
    index > stage.index && image?.text.toLowerCase() === name && stageNamed(dockerfile, name, index) === stage
      ? [image]
      : [],
  );
  const copies = fromReferences(dockerfile)
    .filter(({ source, word }) => source.kind === "stage" && source.stage === stage && word.text.toLowerCase() === name)
    .map(({ word }) => word);
  return [...bases, ...copies].sort((a, b) => a.span.start - b.span.start);
}
