/** What a Dockerfile has that is looked for from anywhere in a project: its stages, and the images it is built from. */
import { imageUses } from "../../model/dockerfile/images.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";

export interface ProjectSymbol {
  readonly name: string;
  readonly kind: "stage" | "image";
  /** What it stands in or on. */
  readonly container: string;
  readonly span: Span;
}

export const projectSymbolsOf = (dockerfile: Dockerfile): readonly ProjectSymbol[] => [
  ...dockerfile.stages.flatMap(({ name, image }): readonly ProjectSymbol[] =>
    name ? [{ name: name.text, kind: "stage", container: image ? `FROM ${image.text}` : "FROM", span: name.span }] : [],
  ),
  ...imageUses(dockerfile)
    .filter(({ where }) => where !== "syntax")
    .map(({ reference, word, where }): ProjectSymbol => {
      const stage = dockerfile.stages.findLast(({ span }) => span.start <= word.span.start);
      const container = where === "from" ? "base image" : `in ${stage?.name?.text ?? `stage ${stage?.index ?? 0}`}`;
      return { name: reference, kind: "image", container, span: word.span };
    }),
];
