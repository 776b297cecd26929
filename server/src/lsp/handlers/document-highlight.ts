/** `textDocument/documentHighlight` in compose files: the same name elsewhere in the file. */
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentHighlightParams,
} from "vscode-languageserver/node";
import { highlightsAt } from "../../core/features/compose/references.ts";
import { openCompose } from "../compose-files.ts";
import { toOffset, toRange } from "../convert.ts";
import type { Session } from "../session.ts";

export async function documentHighlight(
  session: Session,
  { textDocument, position }: DocumentHighlightParams,
): Promise<DocumentHighlight[] | null> {
  const open = await openCompose(session, textDocument.uri, "navigation");
  if (!open) return null;
  const { lines } = open.checked;
  return highlightsAt(open.compose, toOffset(lines, position)).map(({ span, role }) => ({
    range: toRange(lines, span),
    kind: role === "declaration" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
