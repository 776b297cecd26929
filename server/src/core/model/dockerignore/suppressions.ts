/** Comments of ours in a .dockerignore: above a pattern, or for the file. */
import type { Span } from "../../text/edit.ts";
import { perDocumentOf } from "../memo.ts";
import { OURS, startOf, type Suppression, suppression } from "../suppression.ts";
import type { Dockerignore } from "./model.ts";

export const ignoreFileSuppressions = perDocumentOf<Dockerignore>()((file): readonly Suppression[] =>
  file.comments.flatMap((comment) => {
    const ours = OURS.exec(comment.text);
    return ours ? [suppression(comment.span, startOf(comment, file.text), ours, "dockwright")] : [];
  }),
);

/** The pattern that follows. */
export const reachInIgnoreFile = ({ lines }: Dockerignore, { span }: Suppression): Span | undefined =>
  lines.find((line) => line.span.start >= span.end)?.span;
