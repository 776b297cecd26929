/** Every place of every stage: its name behind AS, and where FROM, `COPY --from` and mounts mean it. */
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Stage, Word } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import type { Span } from "../../text/edit.ts";

export interface StagePlace {
  readonly stage: Stage;
  /** Of the name, or of what stands for it. */
  readonly span: Span;
  /** `index`: `--from=0`. `computed`: a variable stands there, or has a part in it. */
  readonly role: "declaration" | "name" | "index" | "computed";
}

/** In the order of the file. */
export const stagePlaces = perDocument((dockerfile): readonly StagePlace[] => {
  const { stages } = dockerfile;
  const places: StagePlace[] = [];
  const use = (stage: Stage, word: Word): void => {
    const span = spanOfText(dockerfile, word);
    const isIndex = /^\d+$/.test(word.text) && stages[Number(word.text)] === stage;
    if (span && word.text.toLowerCase() === stage.name?.text.toLowerCase()) places.push({ stage, span, role: "name" });
    else places.push({ stage, span: word.span, role: isIndex ? "index" : "computed" });
  };
  for (const stage of stages) {
    const { name, image, base } = stage;
    if (name) places.push({ stage, span: name.span, role: "declaration" });
    const parent = base.kind === "stage" ? stages[base.stage] : undefined;
    if (parent && image) use(parent, image);
  }
  for (const { word, source } of fromReferences(dockerfile)) if (source.kind === "stage") use(source.stage, word);
  return places.sort((a, b) => a.span.start - b.span.start);
});

/** Where a word's text stands in the source in one piece, without quotes around it. */
function spanOfText({ text }: Dockerfile, word: Word): Span | undefined {
  const { start, end } = word.span;
  const written = text.slice(start, end);
  if (written === word.text) return word.span;
  return written === `"${word.text}"` || written === `'${word.text}'` ? { start: start + 1, end: end - 1 } : undefined;
}
