/**
 * `dockwright/baseImages`, `dockwright/imageAnswer`, `dockwright/imageEdit`: the images an open file names, what their registry says of
 * them, and the edits that put another tag in.
 */
import { namedImages } from "../../core/features/compose/images.ts";
import { parseCompose } from "../../core/model/compose/parse.ts";
import { imageUses } from "../../core/model/dockerfile/images.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { digestEdit, parseImageRef, tagEdit } from "../../core/model/image-ref.ts";
import { applyEdits, type Edit } from "../../core/text/edit.ts";
import { toRange } from "../convert.ts";
import { invalidParams } from "../guard.ts";
import type { BaseImage, ImageAnswer, ImageEdit } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Opened, Session } from "../session.ts";

/** Those of FROM, and of compose services; each reference once, where it stands first. */
export async function baseImages(session: Session, params: unknown): Promise<readonly BaseImage[]> {
  const opened = await openedOf(session, params);
  if (opened?.language === "compose") return serviceImages(opened);
  if (opened?.language !== "dockerfile") return [];
  const images = new Map<string, BaseImage>();
  for (const { base, image, platform } of parseDockerfile(opened.text).stages) {
    if (base.kind !== "image" || !image || images.has(base.reference)) continue;
    const asked = platform?.value?.text;
    images.set(base.reference, {
      image: base.reference,
      line: toRange(opened.lines, image.span).start.line,
      ...(asked !== undefined && !asked.includes("$") && { platform: asked }),
    });
  }
  return [...images.values()];
}

function serviceImages({ text, lines }: Opened): readonly BaseImage[] {
  const images = new Map<string, BaseImage>();
  for (const { image, span, platform } of namedImages(parseCompose(text)))
    if (!images.has(image))
      images.set(image, {
        image,
        line: toRange(lines, span).start.line,
        ...(platform !== undefined && { platform }),
      });
  return [...images.values()];
}

const ASKED = ["digest", "newer-tags"] as const;

export async function imageAnswer(session: Session, params: unknown, signal: AbortSignal): Promise<ImageAnswer> {
  const fields = fieldsOf(params);
  const ask = ASKED.find((each) => each === fields?.["ask"]);
  const image = stringOf(fields?.["image"]);
  if (ask === undefined || image === undefined) throw invalidParams("A question and an image are needed");
  const opened = await openedOf(session, params);
  if (!opened) return { unknown: "the file is not open" };
  const answer = await session.look({ ask, image }, opened, signal);
  return typeof answer === "string" ? { value: answer } : answer;
}

/** The tag of an image wherever FROM, COPY or a mount names it; a digest becomes the one given, or goes. */
export async function imageEdit(session: Session, params: unknown): Promise<ImageEdit> {
  const fields = fieldsOf(params);
  const [image, tag, digest] = ["image", "tag", "digest"].map((key) => stringOf(fields?.[key]));
  if (image === undefined || tag === undefined) throw invalidParams("An image and a tag are needed");
  const opened = await openedOf(session, params);
  if (opened?.language !== "dockerfile") return refused("the Dockerfile is not open");
  const uses = imageUses(parseDockerfile(opened.text)).filter(({ reference }) => reference === image);
  if (uses.length === 0) return refused(`${image} is not in the file any more`);
  if (uses.some(({ computed }) => computed)) return refused(`a variable has a part in ${image}; change its value`);
  const edits = uses.map(({ word }): Edit => ({ span: word.span, text: withTag(word.text, tag, digest) }));
  return {
    edits: edits.map(({ span, text }) => ({ range: toRange(opened.lines, span), newText: text })),
  };
}

const refused = (refusal: string): ImageEdit => ({ edits: [], refusal });

function withTag(text: string, tag: string, digest: string | undefined): string {
  const parsed = parseImageRef(text);
  if (!parsed.ok) return text;
  const { ref } = parsed;
  if (!ref.digestSpan) return applyEdits(text, [tagEdit(ref, tag)]);
  // A digest of the old tag would win over the new tag.
  if (digest !== undefined) return applyEdits(text, [tagEdit(ref, tag), digestEdit(ref, digest)]);
  const span = { start: ref.digestSpan.start - 1, end: ref.digestSpan.end };
  return applyEdits(text, [tagEdit(ref, tag), { span, text: "" }]);
}

async function openedOf(session: Session, params: unknown): Promise<Opened | undefined> {
  const uri = stringOf(fieldsOf(params)?.["uri"]);
  if (uri === undefined) throw invalidParams("The address of a file is needed");
  return session.glance(uri);
}
