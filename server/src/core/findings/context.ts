/** What a finding is about, without where it stands: what tells it from others when lines have moved. */
import type { Dockerfile } from "../model/dockerfile/model.ts";
import type { Finding } from "../rule.ts";

/** The text of the instruction it is in, or of the line where it is in none; layout does not count. */
export function contextOf({ instructions, text }: Dockerfile, { span }: Pick<Finding, "span">): string {
  const around = instructions.find((one) => one.span.start <= span.start && span.start <= one.span.end);
  const start = around?.span.start ?? text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = text.indexOf("\n", span.start);
  const end = around?.span.end ?? (lineEnd === -1 ? text.length : lineEnd);
  return text
    .slice(start, end)
    .replace(/[ \t]*\\?\r?\n/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
