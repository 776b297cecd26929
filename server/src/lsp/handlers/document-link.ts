/** `textDocument/documentLink` in compose files and Dockerfiles: pages of images, files, repositories. */
import type { DocumentLink, DocumentLinkParams } from "vscode-languageserver/node";
import { linksOf } from "../../core/features/compose/links.ts";
import { linksOf as linksInDockerfile } from "../../core/features/dockerfile/links.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import { openDockerfile, type OpenDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";
import { withAnswers } from "../with-answers.ts";

export async function documentLink(
  session: Session,
  { textDocument }: DocumentLinkParams,
  signal: AbortSignal,
): Promise<DocumentLink[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "links");
  if (own) return dockerfileLinks(session, own, signal);
  const open = await openCompose(session, textDocument.uri, "links");
  if (!open) return null;
  const { compose, checked } = open;
  const { result, file } = await withFiles(session, open, { signal, reach: "named" }, (path, files) =>
    linksOf(path, compose, files),
  );
  return result.map(({ span, url, path }) => ({
    range: toRange(checked.lines, span),
    target: url ?? file(path).uri,
  }));
}

/** Files are those of the build context, which compose may have set. */
async function dockerfileLinks(
  session: Session,
  { opened, dockerfile }: OpenDockerfile,
  signal: AbortSignal,
): Promise<DocumentLink[]> {
  const at = (path: string): string => new URL(path.split("/").map(encodeURIComponent).join("/"), opened.context).href;
  const from = opened.context === undefined ? opened : { ...opened, uri: `${opened.context}Dockerfile` };
  const { result } = await withAnswers(
    session,
    from,
    signal,
    (look) => linksInDockerfile(dockerfile, (path) => look({ ask: "path-kind", path }) === "file"),
    { ask: session.look },
  );
  return result.map(({ span, url, path }) => ({ range: toRange(opened.lines, span), target: url ?? at(path) }));
}
