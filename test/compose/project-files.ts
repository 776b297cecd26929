/** A few files in memory, for what goes across files; `«»` marks what is asked about, and is not part of the text. */
import assert from "node:assert/strict";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import type { ComposeFile } from "../../server/src/core/model/compose/model.ts";
import { type Files, nameOf } from "../../server/src/core/features/compose/files.ts";
import { applyEdits, type Edit, type Span } from "../../server/src/core/text/edit.ts";

export interface Marked {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** The text without its marks, and the spans between them. */
export function unmarked(marked: string): Marked {
  const spans: Span[] = [];
  let text = "";
  for (const [index, piece] of marked.split(/[«»]/).entries()) {
    if (index % 2 === 1) spans.push({ start: text.length, end: text.length + piece.length });
    text += piece;
  }
  return { text, spans };
}

/** The offset of the first `¦`, and the text without it. */
export function cursorIn(text: string): { readonly text: string; readonly offset: number } {
  const offset = text.indexOf("¦");
  assert.notEqual(offset, -1, "there is a ¦ in the text");
  return { text: text.replace("¦", ""), offset };
}

export interface FilesOptions {
  readonly unread?: Readonly<Record<string, string>>;
}

/** Absolute paths to texts. All compose files are around. */
export function filesFrom(texts: Readonly<Record<string, string>>, { unread = {} }: FilesOptions = {}): Files {
  const parsed = new Map<string, ComposeFile>();
  const isFolder = (path: string): boolean => Object.keys(texts).some((each) => each.startsWith(`${path}/`));
  return {
    text: (path) => texts[path],
    kind: (path) => (texts[path] !== undefined ? "file" : isFolder(path) ? "folder" : undefined),
    whyUnread: (path) => unread[path],
    around: Object.keys(texts).filter((path) => /\.ya?ml$/.test(path)),
    compose(path) {
      const text = texts[path];
      if (text === undefined) return undefined;
      const known = parsed.get(path) ?? parseCompose(text, nameOf(path));
      parsed.set(path, known);
      return known.root && known;
    },
  };
}

export const edited = (
  texts: Readonly<Record<string, string>>,
  edits: ReadonlyMap<string, readonly Edit[]>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, applyEdits(text, edits.get(path) ?? [])]));
