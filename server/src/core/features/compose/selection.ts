/** What a selection grows to, step by step: a part of a word, the value, key and value, the mapping around it, the file. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { namesOf } from "../../model/compose/name-index.ts";
import { type Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { contentOf, pathTo } from "./paths.ts";
import { growing, withoutQuotes, wordAt } from "../selection.ts";

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

const inner = (text: string, node: YamlNode): readonly Span[] =>
  node.kind === "scalar" && !node.via ? [withoutQuotes(text, contentOf(node))] : [];
