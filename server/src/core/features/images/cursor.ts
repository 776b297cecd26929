/** Where in a text an image reference is being written: told from the line around the cursor, which need not parse. */
import type { Span } from "../../text/edit.ts";
import { glanceAt } from "../compose/cursor.ts";
import { placeOf } from "../compose/schema-place.ts";

/** What stands in front of a reference on its line, up to where it begins. */
const BEFORE: readonly RegExp[] = [
  /^[ \t]*FROM[ \t]+(?:--\S*[ \t]+)*/i,
  /^[ \t]*(?:ONBUILD[ \t]+)?(?:COPY|ADD)[ \t]+(?:--\S*[ \t]+)*--from=/i,
  // Behind a continuation the keyword is on a line before.
  /^[ \t]*(?:--\S*[ \t]+)*--from=/i,
  /^.*?(?<!\S)--mount=(?:[^\s=]+(?:=[^\s,]*)?,)*from=/i,
];
const SYNTAX = /^[ \t]*#[ \t]*syntax[ \t]*=[ \t]*/i;
const DIRECTIVE = /^[ \t]*#[ \t]*[\w-]+[ \t]*=/;

/** The reference, and the one the cursor is in; a reference of no characters too. */
export function referenceAt(text: string, offset: number, language: "dockerfile" | "compose"): Span | undefined {
  return language === "compose" ? inCompose(text, offset) : inDockerfile(text, offset);
}

function inCompose(text: string, offset: number): Span | undefined {
  const { cursor } = glanceAt(text, offset);
  if (cursor?.at !== "value" || placeOf(cursor.path).at.join(".") !== "services.*.image") return undefined;
  return cursor.span;
}

function inDockerfile(text: string, offset: number): Span | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  const isComment = /^[ \t]*#/.test(line);
  const patterns = isComment ? (isAmongDirectives(text, lineStart) ? [SYNTAX] : []) : BEFORE;
  for (const pattern of patterns) {
    const before = pattern.exec(line)?.[0];
    if (before === undefined) continue;
    const start = lineStart + before.length;
    // Behind its end the cursor is in something else: `AS`, the next field of a mount.
    if (/^-|[\s,]/.test(text.slice(start, offset))) continue;
    const rest = /^[^\s,]*/.exec(text.slice(offset, offset + 4096))?.[0] ?? "";
    return { start, end: offset + rest.length };
  }
  return undefined;
}

/** Only directives may stand in front of one. */
const isAmongDirectives = (text: string, lineStart: number): boolean =>
  lineStart === 0 ||
  text
    .slice(0, lineStart - 1)
    .split("\n")
    .every((line) => DIRECTIVE.test(line));
