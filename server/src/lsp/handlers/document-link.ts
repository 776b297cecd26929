/** `textDocument/documentLink` in compose files: pages of images, files, repositories. */
import type { DocumentLink, DocumentLinkParams } from "vscode-languageserver/node";
import { linksOf } from "../../core/features/compose/links.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { toRange } from "../convert.ts";
import type { Session } from "../session.ts";

export async function documentLink(
  session: Session,
  { textDocument }: DocumentLinkParams,
  signal: AbortSignal,
): Promise<DocumentLink[] | null> {
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
