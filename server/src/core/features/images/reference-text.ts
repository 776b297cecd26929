/** What an image reference says by itself, without anybody asked: a sentence, and the way to the image's page. */
import type { ImageRef } from "../../model/image-ref.ts";
import { code } from "../compose/markdown.ts";
import { imagePage } from "../pages.ts";

/** @param computed a variable has a part in it, so that what is written is something else */
export function referenceText(ref: ImageRef, computed: boolean): string {
  const { text, domain, path, tag, digest } = ref;
  const page = imagePage(text);
  const which = tag === undefined ? (digest === undefined ? "no tag, so `latest`" : undefined) : `tag ${code(tag)}`;
  const pinned =
    digest === undefined ? "no digest, so the tag decides each time it is pulled" : `digest ${code(digest)}`;
  const parts = [`${code(path)} of ${code(domain)}`, ...(which === undefined ? [] : [which]), pinned];
  const link = page === undefined ? "" : ` [${domain === "docker.io" ? "Docker Hub" : domain}](${page})`;
  return `${computed ? `With its variables: ${code(text)}\n\n` : ""}${parts.join("; ")}.${link}`;
}
