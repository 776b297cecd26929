/** `# syntax=`, `# escape=` and `# check=` at the top of a file (directives.go of BuildKit). */
import type { Span } from "../../text/edit.ts";
import type { Directive } from "./model.ts";

const DIRECTIVE = /^#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.+?)\s*$/;
export const KNOWN_DIRECTIVES: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);

export function directiveAt(text: string, span: Span): Directive | undefined {
  const found = DIRECTIVE.exec(text.slice(span.start, span.end));
  if (!found) return undefined;
  const name = found[1] ?? "";
  const value = found[2] ?? "";
  const nameStart = span.start + found[0].indexOf(name);
  const valueStart = span.start + found[0].indexOf(value, found[0].indexOf("="));
  return {
    name: name.toLowerCase(),
    nameSpan: { start: nameStart, end: nameStart + name.length },
    value: { text: value, span: { start: valueStart, end: valueStart + value.length } },
    span: { start: span.start, end: span.start + found[0].trimEnd().length },
  };
}
