/** The images of a document that have a tag and a digest: what the tag points at may have become another image since. */
import type { Document } from "../model/document.ts";
import type { RuleContext } from "../rule.ts";
import { type ImagePlace, imagePlaces } from "./image-places.ts";

export interface PinnedImage extends Pick<ImagePlace, "span" | "withDigest"> {
  /** With its tag, without its digest: what a registry is asked for. */
  readonly tagged: string;
  readonly digest: string;
}

/** In the order of the text; nothing of what is built here, and nothing that a variable decides. */
export const pinnedImages = (document: Document, lookup: RuleContext["lookup"]): readonly PinnedImage[] =>
  imagePlaces(document, lookup).flatMap(({ ref, span, computed, withDigest }) => {
    if (computed || !ref || ref.tag === undefined || ref.digest === undefined) return [];
    const tagged = ref.text.slice(0, ref.tagSpan?.end ?? ref.nameSpan.end);
    return [{ tagged, digest: ref.digest, span, withDigest }];
  });
