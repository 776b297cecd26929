/** What can be opened from a compose file: the files it names, the pages of its images, the repositories it builds from. */
import { fileMentions, isRemote } from "../../model/compose/file-mentions.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { withDefaults } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { type ImageRef, parseImageRef } from "../../model/image-ref.ts";
import type { Span } from "../../text/edit.ts";
import { fileOf } from "./definition.ts";
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

/** The page of a reference's registry about it; undefined where the registry has none that is known. */
export function imagePage(text: string): string | undefined {
  const parsed = parseImageRef(text);
  return parsed.ok ? PAGES.get(parsed.ref.domain)?.(parsed.ref) : undefined;
}

type Page = (ref: ImageRef) => string | undefined;

const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  [
    "docker.io",
    ({ path }) =>
      path.startsWith("library/")
        ? `https://hub.docker.com/_/${path.slice("library/".length)}`
        : `https://hub.docker.com/r/${path}`,
  ],
  ["ghcr.io", ({ path }) => `https://ghcr.io/${path}`],
  ["quay.io", ({ path }) => `https://quay.io/repository/${path}`],
  ["mcr.microsoft.com", ({ path }) => `https://mcr.microsoft.com/artifact/mar/${path}/about`],
  ["public.ecr.aws", ({ path }) => `https://gallery.ecr.aws/${path}`],
  ["gcr.io", ({ path }) => `https://gcr.io/${path}`],
  ["docker.elastic.co", ({ path }) => `https://www.docker.elastic.co/r/${path}`],
  ["registry.gitlab.com", gitlabPage],
]);

/** A project's images can have a name of their own behind its path, which none of its pages tells. */
function gitlabPage({ path }: ImageRef): string | undefined {
  const parts = path.split("/");
  return parts.length === 2 ? `https://gitlab.com/${path}/container_registry` : undefined;
}

/** `https://host/owner/repository.git#branch:folder` without what only git understands. */
function repositoryPage(context: string): string | undefined {
  const [address = ""] = context.split("#", 1);
  const secure = address.replace(/^(?:git|ssh):\/\/(?:git@)?/, "https://").replace(/^git@([^:/]+):/, "https://$1/");
  const url = secure.startsWith("github.com/") ? `https://${secure}` : secure;
  return /^https?:\/\/[^\s@]+$/.test(url) ? url.replace(/\.git$/, "") : undefined;
}
