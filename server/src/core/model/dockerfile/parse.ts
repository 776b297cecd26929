/**
 * Text → model, following BuildKit's frontend/dockerfile/parser/parser.go line by line. Never throws, on any text.
 */
import { lineEnding } from "../../text/lines.ts";
import { directiveAt, KNOWN_DIRECTIVES } from "./directives.ts";
import { heredocMarkers, TAKES_HEREDOCS } from "./heredoc.ts";
import { commentAt, type Continued, nextLine, type Reader, readContinued, skipBlanks } from "./lines.ts";
import { tailOf, trimmed } from "./logical.ts";
import type {
  Comment,
  Directive,
  Dockerfile,
  Heredoc,
  Instruction,
  JsonForm,
  Logical,
  Pair,
  Problem,
  Word,
} from "./model.ts";
import { argumentProblems, directiveProblems, shellProblems } from "./problems.ts";
import { stagesOf } from "./stages.ts";
import {
  behindFirstWord,
  blankSeparated,
  JSON_FORM,
  jsonForm,
  leadingFlags,
  nameValuePairs,
  quotedWords,
} from "./words.ts";

export function parseDockerfile(text: string, name?: string): Dockerfile {
  const reader: Reader = { text, at: text.charCodeAt(0) === 0xfeff ? 1 : 0 };
  const directives: Directive[] = [];
  const comments: Comment[] = [];
  const instructions: Instruction[] = [];
  const problems: Problem[] = [];
  let escape: "\\" | "`" = "\\";
  let directivesMayFollow = true;
  let stage = -1;

  const nul = text.indexOf("\0");
  if (nul !== -1)
    problems.push({
      kind: "not-text",
      span: { start: nul, end: nul + 1 },
      message: "a NUL byte: this is not a text file",
    });

  for (let line = nextLine(reader); line; line = nextLine(reader)) {
    const start = skipBlanks(text, line.start, line.end);
    if (directivesMayFollow) {
      const directive = directiveAt(text, { start, end: line.end });
      directivesMayFollow = directive !== undefined;
      if (directive && KNOWN_DIRECTIVES.has(directive.name)) {
        problems.push(...directiveProblems(directive, directives));
        directives.push(directive);
        if (directive.name === "escape" && directive.value.text === "`") escape = "`";
        continue;
      }
    }
    if (start === line.end) continue;
    if (text.charAt(start) === "#") {
      comments.push(commentAt(text, start, line.end));
      continue;
    }
    const raw = readContinued(reader, { start, end: line.end }, escape);
    const instruction = instructionOf(raw, { index: instructions.length, stage, escape, triggered: false });
    if (!instruction) continue;
    stage = instruction.stage;
    const finished = withHeredocs(instruction, readHeredocs(reader, instruction, problems));
    instructions.push(finished);
    problems.push(...argumentProblems(finished.trigger ?? finished, escape, text));
  }
  const all = instructions.flatMap((each) => (each.trigger ? [each, each.trigger] : [each]));
  const stages = stagesOf(instructions, escape, text.length);
  const memory: unknown[] = [];
  const dockerfile: Dockerfile = {
    language: "dockerfile",
    name,
    text,
    escape,
    eol: lineEnding(text),
    directives,
    comments,
    instructions,
    all,
    stages,
    problems,
    memory,
  };
  problems.push(...shellProblems(dockerfile));
  return dockerfile;
}

const NO_HEREDOCS: readonly Heredoc[] = [];

interface Where {
  readonly index: number;
  /** Of what stands above; a FROM begins the next one. */
  readonly stage: number;
  readonly escape: "\\" | "`";
  readonly triggered: boolean;
}

function instructionOf(raw: Continued, where: Where): Instruction | undefined {
  const { logical } = raw;
  const split = behindFirstWord(logical);
  if (!split) return undefined;
  const { first: keyword, rest } = split;
  const name = keyword.text.toUpperCase();
  const { flags, rest: argsStart } = leadingFlags(rest, 0);
  const body = trimmed(tailOf(rest, argsStart));
  const args = { text: body.text, span: body.span(0, body.text.length) };
  const head = { start: keyword.span.start, end: raw.end };
  const parts = partsOf(name, body, where.escape);
  const trigger = name === "ONBUILD" && !where.triggered ? triggerOf(body, raw, where) : undefined;
  return {
    index: where.index,
    name,
    keyword,
    span: head,
    head,
    logical: rest,
    flags,
    args,
    body,
    words: parts.words,
    json: parts.json,
    pairs: parts.pairs,
    heredocs: NO_HEREDOCS,
    comments: raw.comments,
    emptyLines: raw.emptyLines,
    open: raw.open,
    stage: name === "FROM" && !where.triggered ? where.stage + 1 : where.stage,
    trigger,
    triggered: where.triggered,
  };
}

interface Parts {
  readonly words: readonly Word[];
  readonly pairs: readonly Pair[];
  readonly json: JsonForm | undefined;
}

/** The instruction's own grammar (dispatch table of parser.go). */
function partsOf(name: string, args: Logical, escape: string): Parts {
  if (name === "ENV" || name === "LABEL" || name === "ARG")
    return { words: quotedWords(args, escape), pairs: nameValuePairs(args, escape, name !== "ARG"), json: undefined };
  if (name === "HEALTHCHECK") {
    const split = behindFirstWord(args);
    const json = split && split.first.text.toUpperCase() === "CMD" ? jsonForm(split.rest) : undefined;
    return {
      words: json && split ? [split.first, ...json.elements] : blankSeparated(args),
      pairs: [],
      json,
    };
  }
  const json = JSON_FORM.has(name) ? jsonForm(args) : undefined;
  return { words: json ? json.elements : blankSeparated(args), pairs: [], json };
}

function triggerOf(args: Logical, raw: Continued, where: Where): Instruction | undefined {
  return instructionOf({ ...raw, logical: args }, { ...where, triggered: true });
}

/** The lines that belong to the instruction's heredocs, in the order of their markers. */
function readHeredocs(reader: Reader, instruction: Instruction, problems: Problem[]): Heredoc[] {
  const { text } = reader;
  const target = instruction.trigger ?? instruction;
  if (!TAKES_HEREDOCS.has(target.name)) return [];
  return heredocMarkers(target.logical.text, 0).map((marker) => {
    const body = { start: reader.at, end: reader.at };
    const common = {
      name: marker.name,
      chomp: marker.chomp,
      expand: marker.expand,
      descriptor: marker.descriptor,
      marker: target.logical.span(marker.start, marker.end),
    };
    for (let line = nextLine(reader); line; line = nextLine(reader)) {
      const content = text.slice(line.start, line.end);
      if ((marker.chomp ? content.replace(/^\t+/, "") : content) === marker.name)
        return { ...common, body, terminator: { start: line.start, end: line.end } };
      body.end = line.next;
    }
    problems.push({
      kind: "unterminated-heredoc",
      span: common.marker,
      message: `the heredoc ${marker.name} has no closing line ${marker.name}: everything below belongs to it`,
    });
    return { ...common, body };
  });
}

/** The same with what is known when its heredocs are read; they are the trigger's, where it has one. */
function withHeredocs(instruction: Instruction, heredocs: readonly Heredoc[]): Instruction {
  const last = heredocs.at(-1);
  if (!last) return instruction;
  const end = last.terminator?.end ?? last.body.end;
  const open = instruction.open || heredocs.some(({ terminator }) => !terminator);
  const { trigger } = instruction;
  const own = { ...instruction, span: { start: instruction.span.start, end }, open };
  if (!trigger) return { ...own, heredocs };
  return { ...own, trigger: { ...trigger, span: { ...trigger.span, end }, open, heredocs } };
}
