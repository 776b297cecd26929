/**
 * `textDocument/inlayHint`: in compose files what variables come to and what a service inherits; in Dockerfiles what was built weighs, and
 * what names come to.
 */
import { type InlayHint, InlayHintKind, type InlayHintParams } from "vscode-languageserver/node";
import { inlayHintsIn } from "../../core/features/compose/inlay-hints.ts";
import { inlayHintsIn as inlayHintsInDockerfile, type InlayNote } from "../../core/features/dockerfile/inlay-hints.ts";
import type { Lines } from "../../core/text/lines.ts";
import { openCompose } from "../compose-files.ts";
import { toRange, toSpan } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import { imageHints } from "../image-hints.ts";
import { sizeHints } from "../images/hints.ts";
import type { Session } from "../session.ts";
import { lookIn } from "../with-answers.ts";

/** With the answers there are: the client asks again when more is known. */
export async function inlayHint(session: Session, params: InlayHintParams): Promise<InlayHint[]> {
  return [...(await hintsOfText(session, params)), ...(await imageHints(session, params))];
}

async function hintsOfText(session: Session, { textDocument, range }: InlayHintParams): Promise<InlayHint[]> {
  if (session.open(textDocument.uri)?.language === "dockerfile")
    return dockerfileHints(session, textDocument.uri, range);
  const open = await openCompose(session, textDocument.uri, "inlayHints");
  if (!open) return [];
  const { checked, compose } = open;
  const notes = inlayHintsIn(compose, toSpan(checked.lines, range), lookIn(checked.answers));
  return notes.map((note) => toHint(checked.lines, note));
}

async function dockerfileHints(session: Session, uri: string, range: InlayHintParams["range"]): Promise<InlayHint[]> {
  const hints: InlayHint[] = [];
  if (session.images.shownIn(uri).length > 0) {
    const opened = await session.glance(uri);
    if (opened) hints.push(...sizeHints(session, opened, toSpan(opened.lines, range)));
  }
  const open = await openDockerfile(session, uri, "inlayHints");
  if (!open) return hints;
  const { lines } = open.opened;
  const notes = inlayHintsInDockerfile(open.dockerfile, toSpan(lines, range));
  return [...hints, ...notes.map((note) => toHint(lines, note))];
}

const toHint = (lines: Lines, { at, label, tooltip }: InlayNote): InlayHint => ({
  position: toRange(lines, { start: at, end: at }).start,
  label,
  tooltip,
  kind: InlayHintKind.Type,
  paddingLeft: true,
});
