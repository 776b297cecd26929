/** Options of any program's call, read by a table that says which ones take a value, and edits that take one away. */
import type { Dockerfile } from "./model.ts";
import type { Program } from "./programs.ts";
import type { ShellCommand, ShellWord } from "./shell.ts";
import { type Edit, remove, replace, type Span } from "../../text/edit.ts";

export interface OptionSyntax {
  /** Short options with a value. */
  readonly short: string;
  /** Long options whose value may be the next word. */
  readonly long: ReadonlySet<string>;
  /** The first letter of short options of two: wget's `-nv`. */
  readonly twoLetters?: string;
  /** One dash is enough for long options: Go's `-tags`. */
  readonly oneDash?: boolean;
}

export interface CallOption {
  /** `-k`, `-nv`, `--insecure`. */
  readonly name: string;
  readonly value: string | undefined;
  readonly word: ShellWord;
  /** The next word, when that holds the value. */
  readonly valueWord?: ShellWord;
  /** Where its letter stands in a word of several joined options. */
  readonly letter?: number;
}

export interface CallArguments {
  readonly options: readonly CallOption[];
  readonly operands: readonly ShellWord[];
  /** A variable stands alone among them, which may hold options. */
  readonly hidden: boolean;
}

export function readOptions({ args }: ShellCommand, syntax: OptionSyntax): CallArguments {
  const options: CallOption[] = [];
  const operands: ShellWord[] = [];
  let waiting: CallOption | undefined;
  let only = false;
  for (const word of args) {
    const { value } = word;
    if (waiting) {
      options.push({ ...waiting, value, valueWord: word });
      waiting = undefined;
    } else if (only || !value.startsWith("-") || value === "-") operands.push(word);
    else if (value === "--") only = true;
    else if (value.startsWith("--") || (syntax.oneDash === true && /^-[^-]{2}/.test(value))) {
      const equals = value.indexOf("=");
      const name = equals === -1 ? value : value.slice(0, equals);
      const option = { name, value: equals === -1 ? undefined : value.slice(equals + 1), word };
      if (equals === -1 && syntax.long.has(name)) waiting = option;
      else options.push(option);
    } else waiting = readLetters(word, syntax, options);
  }
  if (waiting) options.push(waiting);
  const hidden = operands.some(({ value }) => /^\$(?:\w+|\{\w+[^}]*\}|@)$/.test(value));
  return { options, operands, hidden };
}

/** `-sSk` is three options, `-ofile` one with a value. Returns the one that waits for the next word. */
function readLetters(word: ShellWord, syntax: OptionSyntax, options: CallOption[]): CallOption | undefined {
  const letters = word.value;
  for (let at = 1; at < letters.length; at++) {
    const letter = letters.charAt(at);
    if (letter === syntax.twoLetters && at + 1 < letters.length) {
      options.push({ name: `-${letter}${letters.charAt(at + 1)}`, value: undefined, word });
      at++;
    } else if (syntax.short.includes(letter)) {
      const rest = letters.slice(at + 1);
      const value = rest === "" ? undefined : rest;
      // The first one, with its value, is the whole word.
      const option = { name: `-${letter}`, value, word, ...(at > 1 && { letter: at }) };
      if (rest === "") return option;
      options.push(option);
      return undefined;
    } else options.push({ name: `-${letter}`, value: undefined, word, ...(letters.length > 2 && { letter: at }) });
  }
  return undefined;
}

/** Takes an option and its value out of the call, and no more of the line than the blanks in front of it. */
export function dropOption(dockerfile: Dockerfile, { command }: Program, option: CallOption): Edit | undefined {
  const { word, valueWord, letter } = option;
  if (letter === undefined) return dropWords(dockerfile, command, word, valueWord ?? word);
  if (valueWord || option.value !== undefined) return undefined;
  const written = dockerfile.text.slice(word.span.start, word.span.end);
  const offset = written.indexOf(word.value);
  if (offset === -1) return undefined;
  const start = word.span.start + offset + letter;
  return remove({ start, end: start + 1 });
}

/** Takes neighbouring words out of the call; undefined where that cannot be done without touching more. */
export function dropWords(
  { text, escape }: Dockerfile,
  { args, nameWord }: ShellCommand,
  first: ShellWord,
  last: ShellWord,
): Edit | undefined {
  const at = args.indexOf(first);
  const before = args[at - 1] ?? nameWord;
  const behind = args[args.indexOf(last) + 1];
  if (before && isGap(text.slice(before.span.end, first.span.start), escape))
    return remove({ start: before.span.end, end: last.span.end });
  if (behind && isGap(text.slice(last.span.end, behind.span.start), escape))
    return remove({ start: first.span.start, end: behind.span.start });
  // A comment stands in front, and nothing behind: the line would end in the middle of the instruction.
  return undefined;
}

/** Nothing but blanks, continuations and the commas of the JSON form. */
const isGap = (between: string, escape: string): boolean =>
  between.split(/\r?\n/).every((line, at, lines) => {
    const blank = line.trim();
    return at === lines.length - 1
      ? blank === "" || blank === ","
      : blank === escape || blank === `, ${escape}` || blank === `,${escape}`;
  });

/** Puts another word in the place of an option's, its quotes kept. */
export function replaceWord({ text }: Dockerfile, { span, value }: ShellWord, by: string): Edit {
  const offset = text.slice(span.start, span.end).indexOf(value);
  const inner: Span = offset === -1 ? span : { start: span.start + offset, end: span.start + offset + value.length };
  return replace(inner, by);
}
