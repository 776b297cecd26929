/**
 * What is read from a script's text alone, kept from one document to the next: while somebody types, all scripts but one are those of
 * the keystroke before.
 */
import { slim, type Slim } from "./slim.ts";

export interface ScriptRead {
  readonly text: string;
  /** Every word that could be a variable's name, once. */
  readonly words: readonly string[];
  /** The names of longer variables in capitals, where they are put in. */
  readonly references: readonly string[];
  /** The script without what ShellCheck has nothing to say about, where the build sets these variables. */
  slimmed(known: readonly string[]): Slim;
}

/** Characters of scripts that are kept, about as many bytes twice over. */
const MOST_KEPT = 4_000_000;
const kept = new Map<string, ScriptRead>();
let size = 0;

export function readScript(text: string): ScriptRead {
  const known = kept.get(text);
  if (known) return known;
  const read = readAnew(text);
  if (size + text.length > MOST_KEPT) {
    kept.clear();
    size = 0;
  }
  kept.set(text, read);
  size += text.length;
  return read;
}

const NAME = /[A-Za-z_]\w*/g;
const REFERENCE = /\$\{?([A-Z_][A-Z0-9_]{3,})/g;

function readAnew(text: string): ScriptRead {
  const hasVariables = text.includes("$");
  const slims = new Map<string, Slim>();
  return {
    text,
    words: hasVariables ? [...new Set(text.match(NAME))] : [],
    references: hasVariables ? [...new Set(Array.from(text.matchAll(REFERENCE), ([, name = ""]) => name))] : [],
    slimmed(known) {
      const key = known.join(" ");
      const made = slims.get(key) ?? slim(text, new Set(known));
      slims.set(key, made);
      return made;
    },
  };
}
