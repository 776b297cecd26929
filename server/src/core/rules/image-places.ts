/** The places of a document that name an image to pull, each with what its digest can be changed to there. */
import { refusalFor, UNUSUAL } from "../model/compose/editable.ts";
import { hasVariables } from "../model/compose/interpolation.ts";
import { placesOf } from "../model/compose/layout.ts";
import type { Change, ComposeFile } from "../model/compose/model.ts";
import { projectOf } from "../model/compose/project.ts";
import { sourceOfPart } from "../model/compose/scalar-part.ts";
import { type ImageUse, imageUses } from "../model/dockerfile/images.ts";
import type { Dockerfile, Word } from "../model/dockerfile/model.ts";
import { fromReferences } from "../model/dockerfile/references.ts";
import { hasVariable } from "../model/dockerfile/variables.ts";
import type { Document } from "../model/document.ts";
import { digestEdit, type ImageRef, withoutDigestEdit } from "../model/image-ref.ts";
import type { RuleContext } from "../rule.ts";
import type { Edit, Span } from "../text/edit.ts";
import type { YamlScalar } from "../text/yaml.ts";
import { imagesOf } from "./compose-images.ts";

export interface ImagePlace {
  /** As written, with known variables put in. */
  readonly text: string;
  /** Of that text. Undefined where a variable hides the image. */
  readonly ref: ImageRef | undefined;
  /** Where it is written. */
  readonly span: Span;
  /** Something else than what stands there decides which image it is. */
  readonly computed: boolean;
  /** Gives it this digest, or none; or why nothing can be changed here. */
  readonly withDigest: (digest: string | undefined) => Change;
}

const VARIABLE = "a variable decides which image this is: what it is set to would need the digest";

/** In the order of the text; without stages, scratch, what is no valid reference, and what is built here. */
export function imagePlaces(document: Document, lookup: RuleContext["lookup"]): readonly ImagePlace[] {
  const places = placesIn(document, lookup);
  // One image of compose may be that of several services.
  const once = new Map(places.map((place) => [place.span.start, place]));
  return [...once.values()].toSorted((a, b) => a.span.start - b.span.start);
}

function placesIn(document: Document, lookup: RuleContext["lookup"]): readonly ImagePlace[] {
  if (document.language === "dockerfile") {
    const known = imageUses(document).flatMap((use) => (use.ref ? [placeOfUse(use, use.ref)] : []));
    return [...known, ...hiddenWords(document).map(({ text, span }) => decided(text, span))];
  }
  if (document.language !== "compose") return [];
  return imagesOf(projectOf(document, lookup)).flatMap(({ isBuilt, text, ref, node }): readonly ImagePlace[] => {
    const own = isBuilt ? undefined : writtenHere(document, node);
    if (!own) return [];
    const { span } = own;
    if (!ref) return hasVariables(text) ? [decided(text, span)] : [];
    return [{ text, ref, span, computed: false, withDigest: (digest) => changeIn(document, own, ref, digest) }];
  });
}

/** What is behind an alias or a merge key stands where the anchor is. */
function writtenHere(compose: ComposeFile, node: YamlScalar): YamlScalar | undefined {
  if (!node.via) return node;
  if (node.via.file !== undefined) return undefined;
  const { start } = node.span;
  const anchored = compose.anchors.find(({ uses }) => uses.some((use) => use.start === start))?.node;
  if (anchored?.kind === "scalar") return anchored;
  for (const own of placesOf(compose).keys())
    if (own.kind === "scalar" && !own.via && own.span.start === start && own.text === node.text) return own;
  return undefined;
}

/** An image that services share is changed for all of them. */
function changeIn(compose: ComposeFile, node: YamlScalar, ref: ImageRef, digest: string | undefined): Change {
  const refusal = refusalFor(compose, node, { shared: true });
  if (refusal !== undefined) return { refusal };
  const span = sourceOfPart(compose.text, node, { start: 0, end: node.text.length });
  return span && span.end - span.start === node.text.length
    ? { edits: [editAt(ref, digest, span.start)] }
    : { refusal: UNUSUAL };
}

function placeOfUse({ word, computed, reference }: ImageUse, ref: ImageRef): ImagePlace {
  const { span } = word;
  if (computed) return decided(reference, span, ref, hasVariable(word.text) ? VARIABLE : UNUSUAL);
  return {
    text: reference,
    ref,
    span,
    computed,
    withDigest: (digest) => ({ edits: [editAt(ref, digest, span.start)] }),
  };
}

const editAt = (ref: ImageRef, digest: string | undefined, at: number): Edit =>
  digest === undefined ? withoutDigestEdit(ref, at) : digestEdit(ref, digest, at);

/** By something else than what stands there. */
const decided = (text: string, span: Span, ref?: ImageRef, refusal = VARIABLE): ImagePlace => ({
  ...{ text, ref, span, computed: true },
  withDigest: () => ({ refusal }),
});

/** Of which nobody knows what they name: a stage, perhaps. */
function hiddenWords(dockerfile: Dockerfile): readonly Word[] {
  const froms = dockerfile.stages.flatMap(({ base, image }) => (base.kind === "unknown" && image ? [image] : []));
  const copies = fromReferences(dockerfile).flatMap(({ source, word }) => (source.kind === "unknown" ? [word] : []));
  return [...froms, ...copies].filter(({ text }) => hasVariable(text));
}
