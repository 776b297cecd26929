/** A stage that COPY counts → a stage with a name, and its copies name it. */
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { freeStageName } from "../../model/dockerfile/stage-names.ts";
import { stageNamed } from "../../model/dockerfile/stages.ts";
import { type Edit, insert, replace, type Span } from "../../text/edit.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { asLike, instructionsAt } from "./layout.ts";

export const nameStage: Refactoring = {
  id: "name-stage",
  about: "name the stages that COPY --from counts",
  safety: "safe",
  why: "The stage gets a name that no other has, and the copies mean the same stage by it.",
  everywhere: true,
  offers(dockerfile, at) {
    const [instruction, ...others] = instructionsAt(dockerfile, at);
    if (!instruction || others.length > 0) return [];
    const counted = countedStages(dockerfile).find(
      ({ stage, uses }) =>
        stage.from === instruction ||
        uses.some(({ start }) => start >= instruction.span.start && start < instruction.span.end),
    );
    if (!counted) return [];
    const made = named(dockerfile, counted);
    return [
      {
        title: isRefusal(made) ? `Name stage ${counted.stage.index}` : made.title,
        kind: "refactor.rewrite",
        span: counted.stage.from.span,
        ...(isRefusal(made) && made),
        rewrite: () => made,
      },
    ];
  },
};

export interface Counted {
  readonly stage: Stage;
  /** The numbers that mean it. */
  readonly uses: readonly Span[];
}

/** The stages that are meant by a number somewhere, in the order of the numbers. */
export function countedStages(dockerfile: Dockerfile): readonly Counted[] {
  const uses = new Map<Stage, Span[]>();
  for (const { source, word, instruction } of fromReferences(dockerfile)) {
    if (source.kind !== "stage" || instruction.triggered || !/^\d+$/.test(word.text)) continue;
    uses.set(source.stage, [...(uses.get(source.stage) ?? []), word.span]);
  }
  return [...uses].map(([stage, spans]) => ({ stage, uses: spans }));
}

export interface Named {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** With a tab stop on a new name, in all its places. */
  readonly snippet?: readonly Edit[];
}

/** The copies say the stage's name, which it gets if it has none. */
export function named(dockerfile: Dockerfile, { stage, uses }: Counted): Named | Refusal {
  if (stage.name) {
    const { text } = stage.name;
    if (stageNamed(dockerfile, text) !== stage) return { refusal: `another stage is called ${text} too` };
    return { title: `Use the name ${text}`, edits: uses.map((span) => replace(span, text)) };
  }
  if (stage.as || stage.from.words.length !== 1 || stage.from.open)
    return { refusal: "its FROM cannot take a name as it stands" };
  const name = freeStageName(dockerfile, `stage-${stage.index}`);
  const as = asLike(stage.from);
  const edits = (text: string): readonly Edit[] => [
    insert(stage.from.args.span.end, ` ${as} ${text}`),
    ...uses.map((span) => replace(span, text)),
  ];
  return { title: `Name the stage ${name}`, edits: edits(name), snippet: edits(`\${1:${name}}`) };
}
