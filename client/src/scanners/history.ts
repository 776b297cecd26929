/**
 * Which entry of an image's history a scanner quotes: Trivy looks at the history as if it were a Dockerfile, and for secrets at the
 * text of the image's configuration; the lines it names are of texts nobody has.
 */

import { literal } from "./literal.ts";

/** Of the RUN, USER, … of a made-up Dockerfile; the last one where several say the same. */
export function stepOf(history: readonly string[], quoted: string): number | undefined {
  const wanted = plainInstruction(quoted);
  const found = wanted === "" ? -1 : history.findLastIndex((createdBy) => plainInstruction(createdBy) === wanted);
  return found < 0 ? undefined : found;
}

const CLASSIC = /^\S+(?: -\S+)* #\(nop\)\s+/;
/** `|2 A=1 B=two words /bin/sh -c ` in front of a command: its build arguments. */
const BUILD_ARGUMENTS = /^\|\d+ [\s\S]*?(?=\/bin\/(?:ba|da|a|z)?sh -|cmd \/S |powershell )/;
const SHELL = /^(?:\S*\/(?:ba|da|a|z)?sh(?: -\w+)*|cmd \/S \/C|powershell(?: -\w+ ?\w*)*)\s+/;

/** The builder's own words before and behind a command go; so does `RUN`, which the classic builder leaves out. */
export const withoutBuilder = (createdBy: string): string =>
  createdBy
    .trim()
    .replace(/ # buildkit$/, "")
    .replace(CLASSIC, "");
export const withoutShell = (command: string): string => command.replace(BUILD_ARGUMENTS, "").replace(SHELL, "");

const plainInstruction = (text: string): string =>
  withoutShell(withoutBuilder(text).replace(/^RUN\s+/, ""))
    .replace(/\\\n/g, " ")
    .replace(/\s+/g, " ")
    .trim();

const HIDDEN = /\*{4,}/;
/** Less text around a secret says nothing of where it is. */
const MIN_CONTEXT = 6;

/** A secret that a scanner quotes with stars in its place. */
export interface QuotedSecret {
  /** The entry it is in. */
  readonly step?: number;
  /** The text with the stars, where the secret is in it. */
  readonly hide: (text: string) => string;
}

/** @param match a part of the configuration's JSON, `printf 'token = ****\\\\n'` */
export function quotedSecret(history: readonly string[], match: string): QuotedSecret {
  const quoted = unescaped(match.replace(/^[\s",[\]{}]+|[\s",[\]{}\\]+$/g, ""));
  const context = quoted.replaceAll(new RegExp(HIDDEN, "g"), "").trim();
  if (!HIDDEN.test(quoted) || context.length < MIN_CONTEXT) return { hide: (text) => text };
  const source = quoted
    .split(/(\*{4,})/)
    .map((part) => (HIDDEN.test(part) ? `[^\\n]{${part.length}}` : literal(part)))
    .join("");
  const pattern = new RegExp(source, "g");
  const step = history.findLastIndex((createdBy) => createdBy.search(pattern) >= 0);
  return { ...(step >= 0 && { step }), hide: (text) => text.replace(pattern, () => quoted) };
}

/** What JSON escapes; an escape that is cut in two at an end stays. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g, (_, code: string | undefined, letter: string | undefined) =>
    code === undefined ? (LETTERS[letter ?? ""] ?? letter ?? "") : String.fromCharCode(Number.parseInt(code, 16)),
  );

const LETTERS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
