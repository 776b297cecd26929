/** Shell words that mean the same without a shell. */
import { isBlank } from "./logical.ts";
import type { Logical, Word } from "./model.ts";

/** Anything that a shell would act on outside quotes; `#` and `!` only where a word begins. */
const ACTIVE = /[$`;&|<>*?~(){}[\]\\\n]/;

/**
 * The words with their quotes removed, or undefined when expansion, globbing, redirection, lists, comments or an odd quote
 * have a part in the text.
 */
export function plainWords(logical: Logical): readonly Word[] | undefined {
  const { text } = logical;
  const words: Word[] = [];
  for (let at = 0; at < text.length; ) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    if (at === text.length) break;
    const start = at;
    let value = "";
    if (text.charAt(at) === "#" || text.charAt(at) === "!") return undefined;
    while (at < text.length && !isBlank(text.charCodeAt(at))) {
      const character = text.charAt(at);
      if (character === "'" || character === '"') {
        const end = text.indexOf(character, at + 1);
        if (end === -1) return undefined;
        const inside = text.slice(at + 1, end);
        if (character === '"' && /[$`\\]/.test(inside)) return undefined;
        value += inside;
        at = end + 1;
      } else if (ACTIVE.test(character)) return undefined;
      else {
        value += character;
        at++;
      }
    }
    words.push({ text: value, span: logical.span(start, at) });
  }
  return words;
}
