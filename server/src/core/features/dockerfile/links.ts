/** What can be opened from a Dockerfile: pages of images, files that COPY and ADD take, addresses that ADD fetches. */
import { contextUses } from "../../model/dockerfile/context-uses.ts";
import { imageUses } from "../../model/dockerfile/images.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { remoteKind } from "../../model/dockerfile/remote.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";
import { imagePage, repositoryPage } from "../pages.ts";

export type Link = { readonly span: Span } & (
  | { readonly url: string; readonly path?: undefined }
  /** Relative to the build context. */
  | { readonly path: string; readonly url?: undefined }
);

/** `isFile`: whether the build context has a file there; a folder is nothing to open. */
export function linksOf(dockerfile: Dockerfile, isFile: (path: string) => boolean): readonly Link[] {
  const found = new Map<number, Link>();
  const add = (link: Link): void => {
    if (!found.has(link.span.start)) found.set(link.span.start, link);
  };
  for (const { word, reference } of imageUses(dockerfile)) {
    const url = imagePage(reference);
    if (url !== undefined) add({ span: word.span, url });
  }
  for (const { path, pattern, span } of contextUses(dockerfile))
    if (!pattern && path !== "." && !path.startsWith("../") && isFile(path))
      add({ span: withoutQuotes(dockerfile, span), path });
  for (const instruction of dockerfile.all)
    if (instruction.name === "ADD")
      for (const { text, span } of instruction.words.slice(0, -1)) {
        const source = unquote(expandIn(dockerfile, instruction, text).text, dockerfile.escape);
        const url = remoteKind(source) === "git" ? repositoryPage(source) : source;
        if (url !== undefined && /^https?:\/\/[^\s$]+$/i.test(url)) add({ span: withoutQuotes(dockerfile, span), url });
      }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

function withoutQuotes({ text }: Dockerfile, { start, end }: Span): Span {
  return text[start] === '"' && text[end - 1] === '"' && end - start > 2
    ? { start: start + 1, end: end - 1 }
    : { start, end };
}
