/** The images of a document that have a tag and a digest: what the tag points at may have become another image since. */
import { imageUses } from "../model/dockerfile/images.ts";
import type { Document } from "../model/document.ts";
import type { Change } from "../model/compose/model.ts";
import { projectOf } from "../model/compose/project.ts";
import { digestEdit, type ImageRef } from "../model/image-ref.ts";
import type { RuleContext } from "../rule.ts";
import { editOf, imagesOf } from "./compose-images.ts";
import type { Edit, Span } from "../text/edit.ts";

export interface PinnedImage {
  /** With its tag, without its digest: what a registry is asked for. */
  readonly tagged: string;
  readonly digest: string;
  readonly span: Span;
  /** Puts another digest in its place; a refusal where it is written in a form that is left alone. */
  readonly withDigest: (digest: string) => Change;
}

/** In the order of the text; nothing of what is built here, and nothing that a variable decides. */
export function pinnedImages(document: Document, lookup: RuleContext["lookup"]): readonly PinnedImage[] {
  if (document.language === "dockerfile")
    return imageUses(document).flatMap(({ ref, word, computed }) =>
      computed ? [] : pinned(ref, word.span, (edit) => ({ edits: [edit(word.span.start)] })),
    );
  if (document.language !== "compose") return [];
  return imagesOf(projectOf(document, lookup)).flatMap((use) =>
    use.isBuilt ? [] : pinned(use.ref, use.span, (edit) => editOf(document, use, edit)),
  );
}

/** @param change what comes of an edit made for where the reference begins */
function pinned(
  ref: ImageRef | undefined,
  span: Span,
  change: (edit: (at: number) => Edit) => Change,
): readonly PinnedImage[] {
  if (!ref || ref.tag === undefined || ref.digest === undefined) return [];
  const tagged = ref.text.slice(0, ref.tagSpan?.end ?? ref.nameSpan.end);
  const withDigest = (digest: string): Change => change((at) => digestEdit(ref, digest, at));
  return [{ tagged, digest: ref.digest, span, withDigest }];
}
