/** What BuildKit stops at and a rule would have to read the text again for. */
import type { Span } from "../../text/edit.ts";
import { lexerFault } from "./lexer.ts";
import { allNamed } from "./named.ts";
import type { Directive, Dockerfile, Instruction, Problem, Word } from "./model.ts";
import { scriptsOf } from "./shell.ts";
import { behindFirstWord, isArrayOfOthers, JSON_FORM } from "./words.ts";

/** What one instruction has that BuildKit cannot read, whatever the values of its variables. */
export function argumentProblems(instruction: Instruction, escape: string, text: string): Problem[] {
  if (!MAY_STOP.test(text.slice(instruction.span.start, instruction.span.end))) return [];
  const others = arrayOfOthers(instruction);
  if (others) return [others];
  const problems = [...lexedParts(instruction), ...heredocBodies(instruction, text)].flatMap((part): Problem[] => {
    const fault = lexerFault(part.text, escape, part.quotes);
    if (!fault) return [];
    const { kind, message } = fault;
    const span = part.span(fault.start, fault.end);
    return [{ kind, span, message: `${message}: the build stops here`, rule: "argument-syntax" }];
  });
  return torn(instruction, problems, escape) ?? problems;
}

/** Without a quote, a variable or an array BuildKit has nothing to stop at. */
const MAY_STOP = /["'$[]/;

/** Split at every blank, quoted or not. */
const SPLIT_AT_BLANKS: ReadonlySet<string> = new Set(["ADD", "COPY", "VOLUME", "EXPOSE"]);

/** Quotes that would hold words together elsewhere are one problem, not one for each half. */
function torn({ name, json, body }: Instruction, problems: readonly Problem[], escape: string): Problem[] | undefined {
  const quotes = problems.filter(({ kind }) => kind === "unterminated-quote");
  const [first] = quotes;
  const last = quotes.at(-1);
  if (!first || !last || first === last || json || !SPLIT_AT_BLANKS.has(name) || lexerFault(body.text, escape))
    return undefined;
  const span = { start: first.span.start, end: last.span.end };
  const message = `${name} is split at each blank, also between quotes: the build stops here, where a JSON array would do`;
  return [...problems.filter(({ kind }) => kind !== "unterminated-quote"), { ...first, span, message }];
}

function arrayOfOthers({ name, json, body }: Instruction): Problem | undefined {
  // A SHELL that is no array of strings is shell-not-json's.
  if (json || name === "SHELL") return undefined;
  if (!body.text.includes("[")) return undefined;
  const list = JSON_FORM.has(name) ? body : name === "HEALTHCHECK" ? behindFirstWord(body)?.rest : undefined;
  const start = list?.text.search(/\S/) ?? -1;
  if (!list || start === -1 || !isArrayOfOthers(list.text.slice(start))) return undefined;
  const message = "only strings may stand in a JSON array: the build stops here";
  return { kind: "json-not-strings", span: list.span(start, list.text.length), message, rule: "argument-syntax" };
}

/** A text that BuildKit's shell lexer reads on its own. */
interface Part {
  readonly text: string;
  readonly quotes: boolean;
  readonly span: (start: number, end: number) => Span;
}

/** Flags whose values are lexed. */
const LEXED_FLAGS: ReadonlySet<string> = new Set(["--platform", "--from", "--chown", "--chmod", "--checksum"]);

/** By instruction (dispatch of convert.go): whole arguments, words, or names and values. */
const LEXED: Readonly<Record<string, (instruction: Instruction) => readonly Part[]>> = {
  FROM: ({ words }) => words.slice(0, 1).map(partOf),
  ENV: ({ pairs }) => pairs.flatMap(({ key, value }) => [partOf(key), ...(value ? [partOf(value)] : [])]),
  LABEL: ({ pairs }) => pairs.flatMap(({ key, value }) => [partOf(key), ...(value ? [partOf(value)] : [])]),
  ARG: ({ pairs }) => pairs.flatMap(({ value }) => (value ? [partOf(value)] : [])),
  ADD: sourcesOf,
  COPY: sourcesOf,
  VOLUME: ({ words }) => words.map(partOf),
  EXPOSE: ({ words }) => words.map(partOf),
  USER: wholeBody,
  WORKDIR: wholeBody,
  STOPSIGNAL: wholeBody,
};

/** The texts of an instruction that BuildKit puts variables into; heredocs are not among them. */
export function lexedParts(instruction: Instruction): readonly Part[] {
  const flags = instruction.flags.flatMap(({ name, value, fields }): Part[] => {
    if (name === "--mount")
      return fields.flatMap(({ value: text, valueSpan: span }) =>
        text !== undefined && span ? [partOf({ text, span })] : [],
      );
    return value && LEXED_FLAGS.has(name) ? [partOf(value)] : [];
  });
  return [...flags, ...(LEXED[instruction.name]?.(instruction) ?? [])];
}

/** A part of a word can be shown where the word stands in one piece, as it is written. */
function partOf({ text, span }: Word): Part {
  const isWhole = span.end - span.start === text.length;
  return {
    text,
    quotes: true,
    span: (start, end) => (isWhole ? { start: span.start + start, end: span.start + end } : span),
  };
}

function sourcesOf({ words, heredocs }: Instruction): readonly Part[] {
  const markers = new Set(heredocs.map(({ marker }) => marker.start));
  return words.filter(({ span }) => !markers.has(span.start)).map(partOf);
}

function wholeBody({ body }: Instruction): readonly Part[] {
  return [{ text: body.text, quotes: true, span: body.span }];
}

/** Variables are expanded in what COPY and ADD write; quotes mean nothing there. */
function heredocBodies({ name, heredocs }: Instruction, text: string): readonly Part[] {
  if (name !== "COPY" && name !== "ADD") return [];
  return heredocs
    .filter(({ expand }) => expand)
    .map(({ body }) => ({
      text: text.slice(body.start, body.end),
      quotes: false,
      span: (start, end) => ({ start: body.start + start, end: body.start + end }),
    }));
}

/** Quotes that nothing closes in what a shell runs. A text with an even number of each kind needs no second look. */
export function shellProblems(dockerfile: Dockerfile): Problem[] {
  return allNamed(dockerfile, "RUN").flatMap((run) => {
    if (!mayBeOpen(dockerfile.text.slice(run.span.start, run.span.end))) return [];
    return scriptsOf(dockerfile, run).flatMap(({ openQuote: span }): Problem[] => {
      if (!span) return [];
      const quote = dockerfile.text.charAt(span.start);
      return [{ kind: "unterminated-quote", span, message: `${quote} has no closing ${quote}: the shell stops here` }];
    });
  });
}

const mayBeOpen = (text: string): boolean => isOdd(text, '"') || isOdd(text, "'");
function isOdd(text: string, quote: string): boolean {
  let odd = false;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) odd = !odd;
  return odd;
}

export function directiveProblems({ name, value, span }: Directive, earlier: readonly Directive[]): Problem[] {
  if (earlier.some((other) => other.name === name))
    return [
      {
        kind: "directive-repeated",
        span,
        message: `${name} may be said once: the build stops here`,
        rule: "argument-syntax",
      },
    ];
  if (name === "escape" && value.text !== "\\" && value.text !== "`")
    return [
      {
        kind: "escape-unknown",
        span: value.span,
        message: "escape is a backslash or a backtick: the build stops here",
        rule: "argument-syntax",
      },
    ];
  return [];
}
