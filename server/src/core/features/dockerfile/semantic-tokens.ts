/**
 * What each word of a Dockerfile is, for themes: instructions, flags, images with their tags and digests, stages, variables, heredocs,
 * and the words of shells in RUN and heredocs. What is another language's, a heredoc for python, is left to the grammar.
 */
import { imageUses } from "../../model/dockerfile/images.ts";
import type { Dockerfile, Flag, Instruction, Word } from "../../model/dockerfile/model.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import type { ShellTokenKind } from "../../model/dockerfile/shell-tokens.ts";
import type { ImageRef } from "../../model/image-ref.ts";
import type { Span } from "../../text/edit.ts";
import { heredocPlaces } from "./heredoc-places.ts";
import { stagePlaces } from "./stage-places.ts";
import { tokensOf, variablePlaces } from "./variable-places.ts";

/** In the protocol's names, so that themes know them. The index is what goes over the wire. */
export const TOKEN_TYPES = [
  "keyword",
  "parameter",
  "property",
  "class",
  "enumMember",
  "number",
  "namespace",
  "variable",
  "label",
  "comment",
  "macro",
  "string",
  "operator",
  "function",
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

export const TOKEN_MODIFIERS = ["declaration", "readonly", "defaultLibrary"] as const;
export type TokenModifier = (typeof TOKEN_MODIFIERS)[number];

export interface SemanticToken extends Span {
  readonly type: TokenType;
  readonly modifier?: TokenModifier | undefined;
}

/** In order, none over another, each on one line. */
export const semanticTokensOf = perDocument((dockerfile): readonly SemanticToken[] => {
  const { text } = dockerfile;
  const found: SemanticToken[] = [];
  const add: Add = (span, type, modifier) => {
    if (span.end > span.start) found.push({ start: span.start, end: span.end, type, modifier });
  };
  for (const { span, nameSpan, value } of dockerfile.directives) {
    add({ start: span.start, end: nameSpan.start }, "comment");
    add(nameSpan, "macro");
    add({ start: nameSpan.end, end: value.span.start }, "operator");
    add(value.span, "string");
  }
  for (const { span } of dockerfile.comments) add(span, "comment");
  const marks = markedSpans(dockerfile);
  for (const instruction of dockerfile.instructions) {
    tokensIn(dockerfile, instruction, add);
    if (instruction.trigger) tokensIn(dockerfile, instruction.trigger, add);
    for (const { span } of instruction.comments) add(span, "comment");
  }
  return flattened(text, found, marks);
});

type Add = (span: Span, type: TokenType, modifier?: TokenModifier) => void;

/** What goes over other tokens: names, which stand in strings and in arguments alike. */
function markedSpans(dockerfile: Dockerfile): readonly SemanticToken[] {
  const marks: SemanticToken[] = [];
  const add: Add = ({ start, end }, type, modifier) => void marks.push({ start, end, type, modifier });
  for (const { span, role } of stagePlaces(dockerfile))
    if (role !== "computed") add(span, "namespace", role === "declaration" ? "declaration" : undefined);
  for (const use of imageUses(dockerfile)) {
    if (use.where === "syntax" || use.computed || !use.ref) continue;
    const { start, end } = use.word.span;
    const written = dockerfile.text.slice(start, end);
    const inner = written.indexOf(use.reference);
    if (inner !== -1) imageTokens(use.ref, start + inner, add);
  }
  for (const { span, role, instruction } of variablePlaces(dockerfile)) {
    if (role === "declaration") add(span, "variable", instruction.name === "ARG" ? "readonly" : "declaration");
    else {
      const signed = withSigns(dockerfile.text, span);
      add(signed, "variable");
      const closes = dockerfile.text.startsWith("${", signed.start) && dockerfile.text.startsWith("}", signed.end);
      if (closes) add({ start: signed.end, end: signed.end + 1 }, "variable");
    }
  }
  for (const { span } of heredocPlaces(dockerfile)) add(span, "label");
  return marks.sort((a, b) => a.start - b.start || a.end - b.end);
}

function imageTokens({ nameSpan, tagSpan, digestSpan }: ImageRef, at: number, add: Add): void {
  const moved = ({ start, end }: Span): Span => ({ start: at + start, end: at + end });
  add(moved(nameSpan), "class");
  if (tagSpan) add(moved(tagSpan), "enumMember");
  if (digestSpan) add(moved(digestSpan), "number");
}

/** The dollar sign and the brace in front go with the name. */
function withSigns(text: string, { start, end }: Span): Span {
  const from = /\$\{?[#!]?$/.exec(text.slice(Math.max(0, start - 3), start))?.[0].length ?? 0;
  return { start: start - from, end };
}

function tokensIn(dockerfile: Dockerfile, instruction: Instruction, add: Add): void {
  const { name, keyword, flags, words, pairs, json } = instruction;
  add(keyword.span, "keyword");
  for (const flag of flags) flagTokens(flag, add);
  if (json) for (const { span } of json.elements) add(span, "string");
  if (RUNS_SHELL.has(name)) {
    if (name === "HEALTHCHECK" && words[0]) add(words[0].span, "keyword");
    if (!json) shellTokens(dockerfile, instruction, add);
    return;
  }
  if (name === "FROM") {
    const [, as] = words;
    if (as?.text.toUpperCase() === "AS") add(as.span, "keyword");
    if (words[0]?.text === "scratch") add(words[0].span, "class", "defaultLibrary");
    else if (words[0] && hasVariable(words[0].text)) computedImage(words[0], add);
    return;
  }
  for (const { key, value } of pairs) {
    if (name === "LABEL") add(key.span, "property");
    if (value) quotedTokens(dockerfile, value, add);
  }
  if (json || pairs.length > 0) return;
  if (name === "EXPOSE") {
    for (const { text, span } of words) {
      const digits = /^\d+(?:-\d+)?/.exec(text)?.[0].length ?? 0;
      if (span.end - span.start === text.length) add({ start: span.start, end: span.start + digits }, "number");
    }
    return;
  }
  for (const word of words) quotedTokens(dockerfile, word, add);
}

/** What is written of a reference that variables are a part of. */
function computedImage({ text, span }: Word, add: Add): void {
  if (span.end - span.start !== text.length) return;
  const plain = text.replace(/\$\{[^}]*\}/g, (whole) => "x".repeat(whole.length));
  const [, name = "", tag = ""] = /^((?:.*\/)?[^:@]*)(:[^@]*)?/.exec(plain) ?? [];
  const at = span.start + name.length;
  add({ start: span.start, end: at }, "class");
  add({ start: at + 1, end: at + tag.length }, "enumMember");
  const digest = plain.indexOf("@");
  if (digest !== -1) add({ start: span.start + digest + 1, end: span.end }, "number");
}

const RUNS_SHELL: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);

function flagTokens(flag: Flag, add: Add): void {
  add(flag.nameSpan, "parameter");
  if (flag.name !== "--mount") {
    if (flag.value && /^(?:true|false)$/i.test(flag.value.text)) add(flag.value.span, "enumMember");
    return;
  }
  for (const { key, keySpan, value, valueSpan } of flag.fields) {
    add(keySpan, "property");
    if (valueSpan && (key === "type" || key === "sharing" || /^(?:true|false)$/i.test(value ?? "")))
      add(valueSpan, "enumMember");
  }
}

/** Quoted stretches of a word. */
function quotedTokens({ escape }: Dockerfile, { text, span }: Word, add: Add): void {
  if (!/["']/.test(text) || span.end - span.start !== text.length) return;
  let quote = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at++;
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      from = at;
    } else if (character === quote) {
      add({ start: span.start + from, end: span.start + at + 1 }, "string");
      quote = "";
    }
  }
}

const SHELL_TYPES: Readonly<Record<ShellTokenKind, TokenType | undefined>> = {
  comment: "comment",
  string: "string",
  operator: "operator",
  keyword: "keyword",
  command: "function",
  option: "parameter",
  variable: "variable",
  assigned: "variable",
  named: "variable",
  marker: "label",
};

function shellTokens(dockerfile: Dockerfile, instruction: Instruction, add: Add): void {
  for (const { tokens, spanOf, text } of tokensOf(dockerfile, instruction))
    for (const { kind, start, end, sets } of tokens) {
      const type = SHELL_TYPES[kind];
      if (type === undefined) continue;
      const span = spanOf(start, end);
      if (span.end - span.start === end - start) add(span, type, sets ? "declaration" : undefined);
      else for (const piece of pieces(text, start, end, spanOf)) add(piece, type, sets ? "declaration" : undefined);
    }
}

/** The stretches of a text that stand in one piece in the source: a continuation cuts it. */
function pieces(
  text: string,
  start: number,
  end: number,
  spanOf: (start: number, end: number) => Span,
): readonly Span[] {
  const found: Span[] = [];
  let open: { start: number; end: number } | undefined;
  for (let at = start; at < end; at++) {
    const { start: from } = spanOf(at, at + 1);
    if (open?.end === from) open.end++;
    else found.push((open = { start: from, end: from + 1 }));
  }
  return text === "" ? [] : found;
}

/** Without overlaps: a mark takes its place from what is under it, what begins later from what began before; cut at line ends. */
function flattened(text: string, under: SemanticToken[], marks: readonly SemanticToken[]): readonly SemanticToken[] {
  under.sort((a, b) => a.start - b.start || a.end - b.end);
  const out: SemanticToken[] = [];
  let at = 0;
  const put = ({ type, modifier }: SemanticToken, start: number, end: number): void => {
    for (let from = Math.max(start, at); from < end; ) {
      const newline = text.indexOf("\n", from);
      const stop = newline === -1 || newline >= end ? end : newline;
      const trimmed = stop > from && text.charAt(stop - 1) === "\r" ? stop - 1 : stop;
      if (trimmed > from) out.push({ start: from, end: trimmed, type, modifier });
      from = stop === end ? end : stop + 1;
    }
    at = Math.max(at, end);
  };
  let next = 0;
  const marksBefore = (limit: number): void => {
    for (let mark = marks[next]; mark && mark.start < limit; mark = marks[++next])
      if (mark.start >= at) put(mark, mark.start, mark.end);
  };
  for (const token of under) {
    marksBefore(token.start);
    let from = Math.max(token.start, at);
    for (let mark = marks[next]; mark && mark.start < token.end; mark = marks[++next]) {
      if (mark.start < at) continue;
      put(token, from, mark.start);
      put(mark, mark.start, mark.end);
      from = mark.end;
    }
    put(token, from, token.end);
  }
  marksBefore(Number.POSITIVE_INFINITY);
  return out;
}
