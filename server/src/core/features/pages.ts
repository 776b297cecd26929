/** Pages to open in a browser: of images, of repositories. */
import { type ImageRef, parseImageRef } from "../model/image-ref.ts";

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
  ...["gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io"].map(
    (domain) => [domain, ({ path }: ImageRef) => `https://${domain}/${path}`] as const,
  ),
  ["docker.elastic.co", ({ path }) => `https://www.docker.elastic.co/r/${path}`],
  ["registry.gitlab.com", gitlabPage],
]);

/** A project's images can have a name of their own behind its path, which none of its pages tells. */
function gitlabPage({ path }: ImageRef): string | undefined {
  const parts = path.split("/");
  return parts.length === 2 ? `https://gitlab.com/${path}/container_registry` : undefined;
}

/** `https://host/owner/repository.git#branch:folder` without what only git understands. */
export function repositoryPage(context: string): string | undefined {
  const [address = ""] = context.split("#", 1);
  const secure = address.replace(/^(?:git|ssh):\/\/(?:git@)?/, "https://").replace(/^git@([^:/]+):/, "https://$1/");
  const url = secure.startsWith("github.com/") ? `https://${secure}` : secure;
  return /^https?:\/\/[^\s@]+$/.test(url) ? url.replace(/\.git$/, "") : undefined;
}
