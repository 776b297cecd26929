/** Sizes in a Dockerfile, as inlay hints or as code lenses, whichever a person has chosen. */
import { type CodeLens, type InlayHint, MarkupKind } from "vscode-languageserver/node";
import { type SizeNote, sizeNotes } from "../../core/image/size-notes.ts";
import type { Instruction } from "../../core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import type { Span } from "../../core/text/edit.ts";
import { escaped } from "../../core/text/markdown.ts";
import { toRange } from "../convert.ts";
import type { Opened, Session } from "../session.ts";

/** Those of images that were built from it; of several targets the one looked at last speaks for the instructions they share. */
function notesIn(session: Session, { uri, text }: Opened): readonly SizeNote[] {
  const images = session.images.shownIn(uri);
  if (images.length === 0) return [];
  const dockerfile = parseDockerfile(text);
  const notes = new Map<Instruction, SizeNote>();
  for (const image of images) for (const note of sizeNotes(image, dockerfile)) notes.set(note.instruction, note);
  return [...notes.values()];
}

export function sizeHints(session: Session, opened: Opened, within: Span): InlayHint[] {
  if (opened.config.layerSizes !== "inlay") return [];
  return notesIn(session, opened)
    .map(({ instruction, label, about }) => ({ at: endOfFirstLine(opened.text, instruction), label, about }))
    .filter(({ at }) => within.start <= at && at <= within.end)
    .map(({ at, label, about }) => ({
      position: toRange(opened.lines, { start: at, end: at }).start,
      label,
      tooltip: { kind: MarkupKind.Markdown, value: about.map(escaped).join("\n\n") },
      paddingLeft: true,
    }));
}

export function sizeLenses(session: Session, opened: Opened): CodeLens[] {
  if (opened.config.layerSizes !== "lens") return [];
  return notesIn(session, opened).map(({ instruction, label, share }) => ({
    range: toRange(opened.lines, instruction.keyword.span),
    // A lens without a command is a text.
    command: { title: share === undefined ? label : `${label} · ${share} of the image`, command: "" },
  }));
}

function endOfFirstLine(text: string, { span }: Instruction): number {
  const end = /\r?\n/.exec(text.slice(span.start, span.end));
  return end ? span.start + end.index : span.end;
}
