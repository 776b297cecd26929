/** What a selection grows by, in files of any language. */
import { contains, type Span } from "../text/edit.ts";

/** @param wide from the widest. What is not within the one before, or is the same, is left out. @returns the narrowest first */
export function growing(wide: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of wide) {
    const last = kept.at(-1);
    if (!last || (contains(last, span) && (last.start !== span.start || last.end !== span.end))) kept.push(span);
  }
  return kept.toReversed();
}

export function withoutQuotes(text: string, { start, end }: Span): Span {
  const quote = text[start];
  const quoted = (quote === '"' || quote === "'") && end - start > 1 && text[end - 1] === quote;
  return quoted ? { start: start + 1, end: end - 1 } : { start, end };
}

export function wordAt(text: string, offset: number): Span | undefined {
  const isWord = (at: number): boolean => /[\p{L}\p{N}_]/u.test(text[at] ?? "");
  let [start, end] = [offset, offset];
  while (start > 0 && isWord(start - 1)) start--;
  while (end < text.length && isWord(end)) end++;
  return end > start ? { start, end } : undefined;
}
