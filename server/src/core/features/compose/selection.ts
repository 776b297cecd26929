/** What a selection grows to, step by step: a part of a word, the value, key and value, the mapping around it, the file. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { namesOf } from "../../model/compose/name-index.ts";
import { contains, type Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { contentOf, pathTo } from "./paths.ts";

/** From the narrowest to the whole file; each one holds the one before. */
export function selectionsAt(compose: ComposeFile, offset: number): readonly Span[] {
  const wide: Span[] = [{ start: 0, end: compose.text.length }];
  if (compose.root) wide.push(contentOf(compose.root));
  for (const { entry, node, span, inKey } of pathTo(compose, offset)) {
    wide.push(span);
    if (entry && inKey) wide.push(entry.keySpan, withoutQuotes(compose.text, entry.keySpan));
    else if (contentOf(node).start <= offset) wide.push(contentOf(node), ...inner(compose.text, node));
  }
  const name = namesOf(compose).places.find(({ span }) => span.start <= offset && offset <= span.end);
  const word = wordAt(compose.text, offset);
  wide.push(...[name?.span, word].filter((span) => span !== undefined));
  return growing(wide.filter(({ start, end }) => start <= offset && offset <= end));
}

/** What is not within the one before, or is the same, is left out. */
function growing(wide: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of wide) {
    const last = kept.at(-1);
    if (!last || (contains(last, span) && (last.start !== span.start || last.end !== span.end))) kept.push(span);
  }
  return kept.toReversed();
}

const inner = (text: string, node: YamlNode): readonly Span[] =>
  node.kind === "scalar" && !node.via ? [withoutQuotes(text, contentOf(node))] : [];

function withoutQuotes(text: string, { start, end }: Span): Span {
  const quote = text[start];
  const quoted = (quote === '"' || quote === "'") && end - start > 1 && text[end - 1] === quote;
  return quoted ? { start: start + 1, end: end - 1 } : { start, end };
}

function wordAt(text: string, offset: number): Span | undefined {
  const isWord = (at: number): boolean => /[\p{L}\p{N}_]/u.test(text[at] ?? "");
  let [start, end] = [offset, offset];
  while (start > 0 && isWord(start - 1)) start--;
  while (end < text.length && isWord(end)) end++;
  return end > start ? { start, end } : undefined;
}
