/** `textDocument/inlayHint`: in compose files what variables come to and what a service inherits; in Dockerfiles what was built weighs. */
import { type InlayHint, InlayHintKind, type InlayHintParams } from "vscode-languageserver/node";
import { inlayHintsIn } from "../../core/features/compose/inlay-hints.ts";
import { openCompose } from "../compose-files.ts";
import { toRange, toSpan } from "../convert.ts";
import { sizeHints } from "../images/hints.ts";
import type { Session } from "../session.ts";
import { lookIn } from "../with-answers.ts";

/** With the answers there are: the client asks again when more is known. */
export async function inlayHint(session: Session, { textDocument, range }: InlayHintParams): Promise<InlayHint[]> {
  if (session.images.shownIn(textDocument.uri).length > 0) {
    const opened = await session.glance(textDocument.uri);
    return opened?.language === "dockerfile" ? sizeHints(session, opened, toSpan(opened.lines, range)) : [];
  }
  const open = await openCompose(session, textDocument.uri, "inlayHints");
  if (!open) return [];
  const { checked, compose } = open;
  const notes = inlayHintsIn(compose, toSpan(checked.lines, range), lookIn(checked.answers));
  return notes.map(({ at, label, tooltip }) => ({
    position: toRange(checked.lines, { start: at, end: at }).start,
    label,
    tooltip,
    kind: InlayHintKind.Type,
    paddingLeft: true,
  }));
}
