/** Where an instruction's blanks may be others without its saying anything else. */
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isPosixShell } from "../../model/dockerfile/shell.ts";
import { shellAt } from "../../model/dockerfile/shell-instruction.ts";
import { behindFirstWord, quotedWords } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";
import { posixBlanks, powershellBlanks } from "./format-blanks.ts";

/** From one word to the next: blanks, and lines that are continued. */
export interface Gap extends Span {
  /** What stands there on one line; undefined where that stays as it is. */
  readonly blank: "" | " " | undefined;
}

/** Instructions whose arguments are words, however many blanks there are between them. */
const WORDS: ReadonlySet<string> = new Set(["FROM", "COPY", "ADD", "EXPOSE", "VOLUME"]);
const PAIRS: ReadonlySet<string> = new Set(["ENV", "LABEL", "ARG"]);

/**
 * In source order. The text of CMD, ENTRYPOINT, HEALTHCHECK and ONBUILD becomes part of the image as it is, and so do the paths and
 * names of others: there the only gaps are those in front of it.
 */
export function gapsOf(dockerfile: Dockerfile, instruction: Instruction): readonly Gap[] {
  const { keyword, flags, body } = instruction;
  const words = wordsOf(dockerfile, instruction);
  const tokens = [keyword.span, ...flags.map(({ span }) => span), ...words];
  const gaps = between(tokens, instruction.json ? dockerfile.text : undefined);
  if (instruction.name !== "RUN" || instruction.json || body.text === "") return gaps;
  // On one line they stay.
  const { head } = instruction;
  if (!dockerfile.text.slice(head.start, head.end).includes("\n")) return gaps;
  return [...gaps, ...shellGaps(dockerfile, instruction)];
}

/** The parts of the arguments that stay as they are. */
function wordsOf({ escape }: Dockerfile, instruction: Instruction): readonly Span[] {
  const { name, body, pairs } = instruction;
  if (body.text === "") return [];
  if (name === "HEALTHCHECK") {
    const split = behindFirstWord(body);
    const rest = split?.rest.text.trimStart() ?? "";
    const from = body.text.length - rest.length;
    if (!split || rest === "") return [body.span(0, body.text.length)];
    return [
      split.first.span,
      ...(instruction.json ? jsonTokens(instruction, from) : [body.span(from, body.text.length)]),
    ];
  }
  if (instruction.json) return jsonTokens(instruction, 0);
  if (WORDS.has(name)) return quotedWords(body, escape).map(({ span }) => span);
  const [first] = pairs;
  if (PAIRS.has(name) && first)
    return first.legacy
      ? [first.key.span, ...(first.value ? [first.value.span] : [])]
      : quotedWords(body, escape).map(({ span }) => span);
  return [body.span(0, body.text.length)];
}

function jsonTokens({ body }: Instruction, from: number): readonly Span[] {
  const tokens: Span[] = [];
  for (const { 0: token, index } of body.text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[[\],]/g))
    tokens.push(body.span(from + index, from + index + token.length));
  return tokens;
}

/** `json`: the text, where some of the tokens are JSON's. */
const between = (tokens: readonly Span[], json: string | undefined): readonly Gap[] =>
  tokens.slice(1).map(({ start }, at) => {
    const end = tokens[at]?.end ?? start;
    const blank = json === undefined ? " " : blankBetween(json.charAt(end - 1), json.charAt(start));
    return { start: end, end: start, blank };
  });

/** JSON's signs: `["a", "b"]`. */
const blankBetween = (before: string, behind: string): "" | " " =>
  before === "[" || behind === "," || behind === "]" ? "" : " ";

/** Undefined for a shell whose quoting we do not know. */
export const blanksIn = (shell: string): ((text: string) => readonly Span[]) | undefined => {
  if (isPosixShell(shell)) return posixBlanks;
  return shell === "powershell" || shell === "pwsh" ? powershellBlanks : undefined;
};

function shellGaps(dockerfile: Dockerfile, instruction: Instruction): readonly Gap[] {
  const { body } = instruction;
  const blanks = blanksIn(shellAt(dockerfile, instruction).name);
  if (!blanks) return [];
  return blanks(body.text).map(({ start, end }) => ({
    start: body.span(0, start).end,
    end: body.sourceAt(end),
    blank: undefined,
  }));
}
