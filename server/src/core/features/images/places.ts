/** The places of a document that name images, for what is shown beside them. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { imageUses } from "../../model/dockerfile/images.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { Document } from "../../model/document.ts";
import { type ImageRef, parseImageRef } from "../../model/image-ref.ts";
import type { Span } from "../../text/edit.ts";
import { namedImages } from "../compose/images.ts";

export interface NamedPlace {
  readonly span: Span;
  /** With the defaults of variables put in. */
  readonly ref: ImageRef;
  /** Where the reference begins in the text; undefined where a variable or an escape has a part in it, so that it cannot be edited. */
  readonly at: number | undefined;
  readonly where: "from" | "elsewhere";
  /** It is built here: a registry need not have it. */
  readonly isBuilt: boolean;
  /** The one that is asked for here; undefined where that is the machine's. */
  readonly platform: string | undefined;
}

/** In the order of the text. Without stages, scratch, what a variable hides and what is no reference. */
export function placesNaming(document: Document): readonly NamedPlace[] {
  if (document.language === "dockerfile") return inDockerfile(document);
  return document.language === "compose" ? inCompose(document) : [];
}

/** The one at an offset. */
export const placeAt = (document: Document, offset: number): NamedPlace | undefined =>
  placesNaming(document).find(({ span }) => span.start <= offset && offset <= span.end);

function inDockerfile(dockerfile: Dockerfile): readonly NamedPlace[] {
  const platforms = new Map(dockerfile.stages.map(({ image, platform }) => [image, platform?.value?.text]));
  return imageUses(dockerfile).flatMap(({ word, ref, where }): readonly NamedPlace[] => {
    const platform = platforms.get(word);
    return ref
      ? [
          {
            ...{ span: word.span, ref, at: beginOf(ref, word.span, dockerfile.text) },
            where: where === "from" ? "from" : "elsewhere",
            isBuilt: false,
            platform: platform === undefined || platform.includes("$") ? undefined : platform,
          },
        ]
      : [];
  });
}

function inCompose(compose: ComposeFile): readonly NamedPlace[] {
  return namedImages(compose).flatMap(({ image, span, platform, isBuilt }): readonly NamedPlace[] => {
    const parsed = parseImageRef(image);
    return parsed.ok
      ? [
          {
            ...{ span, ref: parsed.ref, at: beginOf(parsed.ref, span, compose.text) },
            where: "elsewhere",
            isBuilt,
            platform,
          },
        ]
      : [];
  });
}

/** It may be in quotes, or be made of variables. */
function beginOf({ text }: ImageRef, span: Span, source: string): number | undefined {
  const written = source.slice(span.start, span.end);
  const at = written.indexOf(text);
  return at >= 0 && /^["']?$/.test(written.slice(0, at)) && /^["']?$/.test(written.slice(at + text.length))
    ? span.start + at
    : undefined;
}
