/** `textDocument/inlayHint` in compose files: what variables come to, what a service inherits. */
import { type InlayHint, InlayHintKind, type InlayHintParams } from "vscode-languageserver/node";
import { inlayHintsIn } from "../../core/features/compose/inlay-hints.ts";
import { openCompose } from "../compose-files.ts";
import { toRange, toSpan } from "../convert.ts";
import type { Session } from "../session.ts";
import { lookIn } from "../with-answers.ts";

/** With the answers there are: the client asks again when more is known. */
export async function inlayHint(session: Session, { textDocument, range }: InlayHintParams): Promise<InlayHint[]> {
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
