/**
 * Variables in the values of a compose file (`$V`, `${V:-default}` and so on), as compose-go's template/template.go reads them.
 * It takes a text for a template line by line and counts braces in a way of its own, which `closingBrace` follows.
 */
import { type Edit, insert, replace, type Span } from "../../text/edit.ts";

type Form = "plain" | "default" | "required" | "alternative";

export interface Variable extends Span {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** `plain`: $V or ${V}; `default`: ${V:-w}, ${V-w}; `required`: ${V:?w}, ${V?w}; `alternative`: ${V:+w}, ${V+w}. */
  readonly form: Form;
  /** The colon forms take an empty value for no value. */
  readonly colon: boolean;
  /** Behind the operator, as written. Absent for the plain form. */
  readonly word?: string;
  readonly wordStart?: number;
  /** The variables in the word. */
  readonly nested: readonly Variable[];
}

export interface TemplateProblem extends Span {
  readonly message: string;
  /** Where only the operator is wrong, as in `${TAG:latest}` or `${TAG:=latest}`: what makes the word a default. */
  readonly repair?: Edit;
}

export interface Interpolations {
  /** In order; those within a word are `nested` in theirs. */
  readonly variables: readonly Variable[];
  /** Each makes compose refuse the file: `invalid interpolation format`. */
  readonly problems: readonly TemplateProblem[];
}

/** A text, or a variable with what its word consists of. */
type Part = string | { readonly variable: Variable; readonly word: readonly Part[] | undefined };

interface Template extends Interpolations {
  readonly parts: readonly Part[];
}

const FORMS: ReadonlyMap<string, Form> = new Map([
  ["-", "default"],
  ["?", "required"],
  ["+", "alternative"],
]);

/** compose-go matches case-insensitively, which makes letters of ſ and the Kelvin sign. */
const NAME = /[_a-z][_a-z0-9]*/iuy;
const OPERATOR = /(:?)([-+?])/y;

/** Words within words are looked into this far, which bounds time and stack for any text. */
const MAX_DEPTH = 30;

/** Offsets are those of `text`. */
export function interpolationsIn(text: string): Interpolations {
  if (!text.includes("$")) return { variables: [], problems: [] };
  const { variables, problems } = templateOf(text, 0, text.length, 0);
  return { variables, problems };
}

/** True when something other than the text decides the value: a variable, or a `${` that compose refuses. */
export function hasVariables(text: string): boolean {
  const { variables, problems } = interpolationsIn(text);
  return variables.length > 0 || problems.length > 0;
}

/** The variables and those in their words. */
export const withNested = (variables: readonly Variable[]): readonly Variable[] =>
  variables.flatMap((variable) => [variable, ...withNested(variable.nested)]);

export interface InterpolateOptions {
  /** What a variable without a value is: `empty` as for compose, or `unknown` when something else may set it. */
  readonly unset: "unknown" | "empty";
}

/** The text compose makes of it; undefined where compose refuses it, or where a variable that is not known decides. */
export function interpolate(
  text: string,
  valueOf: (name: string) => string | undefined,
  { unset }: InterpolateOptions,
): string | undefined {
  if (!text.includes("$")) return text;
  const { parts, problems } = templateOf(text, 0, text.length, 0);
  return problems.length > 0 ? undefined : evaluate(parts, valueOf, unset);
}

/** The text with the default of every variable in its place; undefined when one has none. */
export const withDefaults = (text: string): string | undefined =>
  interpolate(text, () => undefined, { unset: "unknown" });

/** What a text without variables stands for: `$$` is one dollar sign. */
export const unescaped = (text: string): string => text.replaceAll("$$", () => "$");

function templateOf(text: string, from: number, to: number, depth: number): Template {
  const parts: Part[] = [];
  const variables: Variable[] = [];
  const problems: TemplateProblem[] = [];
  const lastBrace = lastBraceFinder(text, to);
  let at = from;
  while (at < to) {
    const dollar = text.indexOf("$", at);
    if (dollar === -1 || dollar >= to) break;
    parts.push(text.slice(at, dollar));
    const next = dollar + 1 < to ? text[dollar + 1] : undefined;
    if (next === "$") {
      parts.push("$");
      at = dollar + 2;
      continue;
    }
    const read = next === "{" ? braced(text, dollar, to, lastBrace) : named(text, dollar);
    if (read === undefined) {
      parts.push("$");
      at = dollar + 1;
    } else if ("message" in read) {
      problems.push(read);
      at = dollar + 2;
    } else {
      const inner = wordOf(text, read, depth);
      problems.push(...inner.problems);
      const variable = { ...read, nested: inner.variables };
      variables.push(variable);
      parts.push({ variable, word: inner.parts });
      at = read.end;
    }
  }
  parts.push(text.slice(at, to));
  return { parts, variables, problems };
}

type Found = Omit<Variable, "nested">;

function wordOf(text: string, { word, wordStart }: Found, depth: number): Interpolations & { parts?: readonly Part[] } {
  if (word === undefined || wordStart === undefined) return { parts: [], variables: [], problems: [] };
  if (!word.includes("$")) return { parts: [word], variables: [], problems: [] };
  if (depth >= MAX_DEPTH) return { variables: [], problems: [] };
  return templateOf(text, wordStart, wordStart + word.length, depth + 1);
}

/** `$V`; a dollar sign before anything else stands for itself. */
function named(text: string, dollar: number): Found | undefined {
  const name = nameAt(text, dollar + 1);
  if (name === undefined) return undefined;
  const end = dollar + 1 + name.length;
  return { name, start: dollar, end, nameStart: dollar + 1, nameEnd: end, form: "plain", colon: false };
}

function braced(text: string, dollar: number, to: number, lastBrace: (at: number) => number): Found | TemplateProblem {
  const nameStart = dollar + 2;
  const name = nameAt(text, nameStart);
  if (name === undefined)
    return problemAt(text, dollar, to, "compose reads ${ as the start of a variable, and no name follows");
  const nameEnd = nameStart + name.length;
  const common = { name, start: dollar, nameStart, nameEnd };
  if (nameEnd < to && text[nameEnd] === "}") return { ...common, end: nameEnd + 1, form: "plain", colon: false };
  OPERATOR.lastIndex = nameEnd;
  const [operator, colon, sign = ""] = OPERATOR.exec(text) ?? [];
  const form = FORMS.get(sign);
  const last = lastBrace(dollar);
  if (operator === undefined || form === undefined) {
    if (last < nameEnd) return problemAt(text, dollar, to, `\${${name} has no closing brace on its line`);
    return strangeOperator(text, dollar, to, nameEnd);
  }
  const wordStart = nameEnd + operator.length;
  if (last < wordStart) return problemAt(text, dollar, to, `\${${name}${operator} has no closing brace on its line`);
  const close = closingBrace(text, dollar, last) ?? last;
  return {
    ...common,
    end: close + 1,
    form,
    colon: colon !== "",
    word: text.slice(wordStart, close),
    wordStart,
  };
}

function strangeOperator(text: string, dollar: number, to: number, nameEnd: number): TemplateProblem {
  const [colon, char] = text[nameEnd] === ":" ? [":", nameEnd + 1] : ["", nameEnd];
  const problem = problemAt(text, dollar, to, "");
  const written = text.slice(dollar, Math.min(problem.end, dollar + MAX_SHOWN));
  if (text[char] === "=") {
    const message = `${written} sets a variable with ${colon}=, which compose does not know; a default is given with ${colon}-`;
    return { ...problem, message, repair: replace({ start: char, end: char + 1 }, "-") };
  }
  if (colon === "") return { ...problem, message: `${written} goes on behind the name with no operator compose knows` };
  return { ...problem, message: `${written} has a colon without -, ? or + behind it`, repair: insert(char, "-") };
}

/** Of a text that may be long, in messages. */
const MAX_SHOWN = 60;

/** The problem spans the variable, as far as one can be made out. */
function problemAt(text: string, dollar: number, to: number, message: string): TemplateProblem {
  const STOP = /[}$\n]/g;
  STOP.lastIndex = dollar + 2;
  const stop = STOP.exec(text);
  const end = stop === null ? to : stop.index + (stop[0] === "}" ? 1 : 0);
  return { start: dollar, end: Math.min(end, to), message };
}

function nameAt(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

/**
 * Counts any brace, and steps over the character behind an opening one: `${A:-{{x}}}` ends at the second of its three closing
 * braces. Undefined when the count does not come out by `last`, which compose then takes for the end.
 */
function closingBrace(text: string, dollar: number, last: number): number | undefined {
  let open = 0;
  for (let at = dollar; at <= last; at++) {
    if (text[at] === "}" && --open === 0) return at;
    if (text[at] === "{") {
      open++;
      at++;
    }
  }
  return undefined;
}

/** The last closing brace between an offset and the end of its line, or -1; each line is looked through once. */
function lastBraceFinder(text: string, to: number): (at: number) => number {
  let lineEnd = -1;
  let found = -1;
  return (at) => {
    if (at >= lineEnd) {
      const newline = text.indexOf("\n", at);
      lineEnd = newline === -1 || newline > to ? to : newline;
      for (found = lineEnd - 1; found > at && text[found] !== "}"; ) found--;
    }
    return found > at ? found : -1;
  };
}

function evaluate(
  parts: readonly Part[] | undefined,
  valueOf: (name: string) => string | undefined,
  unset: InterpolateOptions["unset"],
): string | undefined {
  if (parts === undefined) return undefined;
  let out = "";
  for (const part of parts) {
    const value = typeof part === "string" ? part : valueIn(part.variable, part.word, valueOf, unset);
    if (value === undefined) return undefined;
    out += value;
  }
  return out;
}

function valueIn(
  { name, form, colon }: Variable,
  wordParts: readonly Part[] | undefined,
  valueOf: (name: string) => string | undefined,
  unset: InterpolateOptions["unset"],
): string | undefined {
  const value = valueOf(name);
  const word = evaluate(wordParts, valueOf, unset);
  // compose replaces the word first, and a required variable that is missing there counts even when the word is not used.
  if (word === undefined && unset === "empty") return undefined;
  const isSet = value !== undefined && !(colon && value === "");
  if (form === "default") return isSet ? value : word;
  if (form === "required") return isSet ? value : undefined;
  if (form === "alternative" && isSet) return word;
  return value ?? (unset === "empty" ? "" : undefined);
}
