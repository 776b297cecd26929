/** How compose splits a command that is written as one text: mattn/go-shellwords without its variables and backticks. */
import type { Refusal } from "./assist.ts";

const BLANK = /[ \t\r\n]/;
const STOP = /[;&|<>]/;

export function splitWords(text: string): readonly string[] | Refusal {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  let escaped = false;
  for (const char of text) {
    if (escaped) {
      word = (word ?? "") + (ESCAPES.get(char) ?? char);
      escaped = false;
    } else if (char === "\\" && quote !== "'") escaped = true;
    else if (quote === "" && BLANK.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if ((char === '"' || char === "'") && (quote === "" || quote === char)) {
      quote = quote === "" ? char : "";
      // Only quotes that are closed again make a word of nothing.
      if (quote === "") word ??= "";
    } else if (quote === "" && STOP.test(char))
      return { refusal: `compose starts no shell for it and reads no further than the ${char}` };
    else if (quote === "" && /[`()]/.test(char))
      return { refusal: `a shell would have to understand the ${char} in it` };
    else word = (word ?? "") + char;
  }
  if (escaped || quote !== "") return { refusal: "its quotes do not match" };
  return word === undefined ? words : [...words, word];
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["n", "\n"],
]);

const BARE = /^[\w@%+=:,./$~^*?!{}[\]#-]+$/;

/** One text that splits into these words. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (BARE.test(word) ? word : quotedWord(word))).join(" ");
}

const quotedWord = (word: string): string =>
  word.includes("'") ? `"${word.replaceAll(/[\\"]/g, "\\$&")}"` : `'${word}'`;
