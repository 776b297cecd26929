/** Where a part of a scalar's text stands in the source, escapes and quotes heeded. */
import type { Span } from "../../text/edit.ts";
import type { YamlScalar } from "../../text/yaml.ts";

type Scalar = Pick<YamlScalar, "span" | "style" | "text">;

/** Undefined where no single stretch of the source is that part: text folded from several lines. */
export function sourceOfPart(source: string, { span, style, text }: Scalar, part: Span): Span | undefined {
  const quotes = style === "single" || style === "double" ? 1 : 0;
  const start = span.start + quotes;
  const raw = source.slice(start, span.end - quotes);
  const isBlock = style === "literal" || style === "folded";
  if (!isBlock && raw === text) return { start: start + part.start, end: start + part.end };
  if (quotes === 0 || raw.includes("\n")) return onlyPlaceOf(text.slice(part.start, part.end), raw, start);
  const units = style === "single" ? SINGLE : DOUBLE;
  let decoded = 0;
  let from: number | undefined;
  for (const { 0: written, index } of raw.matchAll(units)) {
    if (decoded === part.start) from ??= start + index;
    decoded += lengthOf(written);
    if (decoded === part.end && from !== undefined) return { start: from, end: start + index + written.length };
  }
  return undefined;
}

const SINGLE = /''|[\s\S]/g;
const DOUBLE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])|[\s\S]/g;

/** In UTF-16 code units, once it is read. */
const lengthOf = (written: string): number =>
  written.startsWith("\\U")
    ? String.fromCodePoint(Math.min(Number.parseInt(written.slice(2), 16), 0x10_ff_ff)).length
    : 1;

function onlyPlaceOf(part: string, raw: string, start: number): Span | undefined {
  const at = raw.indexOf(part);
  if (part === "" || at === -1 || raw.includes(part, at + 1)) return undefined;
  return { start: start + at, end: start + at + part.length };
}
