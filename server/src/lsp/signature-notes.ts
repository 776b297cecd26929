/** What is known of the signatures of images, as the client tells it: a line when somebody hovers over the image. */
import { fieldOf, textOf } from "../core/model/compose/fields.ts";
import type { Document } from "../core/model/document.ts";
import { imageUses } from "../core/model/dockerfile/images.ts";
import { parseImageRef } from "../core/model/image-ref.ts";
import type { Span } from "../core/text/edit.ts";
import { fieldsOf, stringOf } from "./read.ts";
import { nameOf } from "./scan-summaries.ts";

/** Lines by an image's one name; what is known of a digest holds for every reference with that digest. */
export type SignatureNotes = ReadonlyMap<string, string>;

export const noNotes: SignatureNotes = new Map();

const MAX_NOTES = 500;

export function notesIn(params: unknown): SignatureNotes {
  const list = fieldsOf(params)?.["notes"];
  const notes = new Map<string, string>();
  for (const value of Array.isArray(list) ? list.slice(-MAX_NOTES) : []) {
    const fields = fieldsOf(value);
    const [image, line, digest] = ["image", "line", "digest"].map((key) => stringOf(fields?.[key]));
    if (image === undefined || line === undefined) continue;
    for (const name of [nameOf(image), byDigest(image, digest)]) if (name !== undefined) notes.set(name, line);
  }
  return notes;
}

function byDigest(image: string, digest: string | undefined): string | undefined {
  const parsed = parseImageRef(image);
  return parsed.ok && digest !== undefined ? `${parsed.ref.domain}/${parsed.ref.path}@${digest}` : undefined;
}

export const noteFor = (notes: SignatureNotes, reference: string): string | undefined => notes.get(nameOf(reference));

/** The image that is named at this place of a Dockerfile or a compose file. */
export function imageAt(
  document: Document,
  at: number,
): { readonly reference: string; readonly span: Span } | undefined {
  const has = ({ start, end }: Span): boolean => start <= at && at <= end;
  if (document.language === "dockerfile") {
    const use = imageUses(document).find(({ word }) => has(word.span));
    return use && { reference: use.reference, span: use.word.span };
  }
  for (const { map } of document.language === "compose" ? document.services : []) {
    const value = fieldOf(map, "image")?.value;
    const reference = textOf(value);
    if (value && reference !== undefined && has(value.span)) return { reference, span: value.span };
  }
  return undefined;
}
