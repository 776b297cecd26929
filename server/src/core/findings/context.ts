/** What a finding is about, without where it stands: what tells it from others when lines have moved. */
import { unitAt } from "../model/compose/units.ts";
import type { Document } from "../model/document.ts";
import type { Finding } from "../rule.ts";

/**
 * The text of the instruction it is in, or of the line where it is in none; layout does not count. In a compose file the line, and
 * the keys that lead to it.
 */
export function contextOf(document: Document, { span }: Pick<Finding, "span">): string {
  const { text } = document;
  if (document.language === "compose")
    return [...(unitAt(document, span.start)?.path ?? []), lineAt(text, span.start)].join("\0");
  if (document.language === "dockerignore") return lineAt(text, span.start);
  const around = document.instructions.find((one) => one.span.start <= span.start && span.start <= one.span.end);
  const start = around?.span.start ?? text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = text.indexOf("\n", span.start);
  const end = around?.span.end ?? (lineEnd === -1 ? text.length : lineEnd);
  return text
    .slice(start, end)
    .replace(/[ \t]*\\?\r?\n/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

const lineAt = (text: string, at: number): string => {
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, end === -1 ? text.length : end).trim();
};
