/** `textDocument/documentHighlight` in compose files and Dockerfiles: the same name elsewhere in the file. */
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentHighlightParams,
} from "vscode-languageserver/node";
import { highlightsAt } from "../../core/features/compose/references.ts";
import { referencesAt } from "../../core/features/dockerfile/references.ts";
import { openCompose } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { Session } from "../session.ts";

export async function documentHighlight(
  session: Session,
  { textDocument, position }: DocumentHighlightParams,
): Promise<DocumentHighlight[] | null> {
  const own = await openDockerfile(session, textDocument.uri, "navigation");
  if (own) {
    const { lines } = own.opened;
    const found = referencesAt(own.dockerfile, toOffset(lines, position), { declarations: true });
    return (found ?? []).map(({ span, role }) => ({
      range: toRange(lines, span),
      kind: role === "use" ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
    }));
  }
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const { lines } = open.checked;
  return highlightsAt(open.compose, toOffset(lines, position)).map(({ span, role }) => ({
    range: toRange(lines, span),
    kind: role === "declaration" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
