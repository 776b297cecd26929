/** What can be opened from a compose file: the files it names, the pages of its images, the repositories it builds from. */
import { fileMentions, isRemote } from "../../model/compose/file-mentions.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { withDefaults } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Span } from "../../text/edit.ts";
import { fileOf } from "./definition.ts";
import { imagePage, repositoryPage } from "../pages.ts";
import type { Files } from "./files.ts";

export type Link = { readonly span: Span } & (
  | { readonly url: string; readonly path?: undefined }
  | { readonly path: string; readonly url?: undefined }
);

/** Files only where they are known to be there. */
export function linksOf(path: string, compose: ComposeFile, files: Files): readonly Link[] {
  const toFiles = fileMentions(compose).flatMap((mention): readonly Link[] => {
    const { span } = mention;
    if (isRemote(mention.path)) {
      const url = repositoryPage(mention.path);
      return url === undefined ? [] : [{ span, url }];
    }
    const target = fileOf(path, mention, files);
    return target === undefined ? [] : [{ span, path: target }];
  });
  return [...imageLinks(compose), ...toFiles].sort((a, b) => a.span.start - b.span.start);
}

function imageLinks(compose: ComposeFile): readonly Link[] {
  const found = new Map<number, Link>();
  for (const { map } of compose.services) {
    const node = fieldOf(map, "image")?.value;
    if (node?.kind !== "scalar" || node.value === null) continue;
    const url = imagePage(withDefaults(node.text) ?? "");
    if (url !== undefined) found.set(node.span.start, { span: node.span, url });
  }
  return [...found.values()];
}
