/**
 * Text → model, following BuildKit's frontend/dockerfile/parser/parser.go line by line. Never throws, on any text.
 */
import type { Span } from "../../text/edit.ts";
import { lineEnding } from "../../text/lines.ts";
import { heredocMarkers, TAKES_HEREDOCS } from "./heredoc.ts";
import { isBlank, logicalText, type Piece, tailOf, trimmedWord } from "./logical.ts";
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
import { stagesOf } from "./stages.ts";
import {
  behindFirstWord,
  blankSeparated,
  isArrayOfOthers,
  jsonForm,
  leadingFlags,
  nameValuePairs,
  quotedWords,
} from "./words.ts";

/** A physical line. `end` is before the line ending, `next` behind it. */
interface Line extends Span {
  readonly next: number;
}

interface Reader {
  readonly text: string;
  at: number;
}

const DIRECTIVE = /^#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.+?)\s*$/;
const KNOWN_DIRECTIVES: ReadonlySet<string> = new Set(["syntax", "escape", "check"]);

export function parseDockerfile(text: string): Dockerfile {
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
    if (instruction.name === "FROM") stage++;
    const heredocs = readHeredocs(reader, instruction, problems);
    instructions.push(finish(instruction, stage, heredocs));
    problems.push(...argumentProblems(instruction.trigger ?? instruction, escape));
  }
  const all = instructions.flatMap((each) => (each.trigger ? [each, each.trigger] : [each]));
  const stages = stagesOf(instructions, escape, text.length);
  const memory = new Map<object, object>();
  return { text, escape, eol: lineEnding(text), directives, comments, instructions, all, stages, problems, memory };
}

interface Raw {
  readonly logical: Logical;
  readonly comments: readonly Comment[];
  readonly emptyLines: readonly Span[];
  readonly end: number;
  /** The last line asks for another one, and there is none. */
  readonly open: boolean;
}

/** Joins continuation lines. Comments and blank lines between them do not end the instruction. */
function readContinued(reader: Reader, first: Span, escape: string): Raw {
  const { text } = reader;
  const pieces: Piece[] = [];
  const comments: Comment[] = [];
  const emptyLines: Span[] = [];
  let joined = "";
  let end = first.end;
  const add = (start: number, stop: number): boolean => {
    const cut = continuationAt(text, start, stop, escape);
    const pieceEnd = cut ?? stop;
    if (pieceEnd > start) {
      pieces.push({ logical: joined.length, source: start });
      joined += text.slice(start, pieceEnd);
    }
    end = stop;
    return cut !== undefined;
  };
  let continues = add(first.start, first.end);
  while (continues) {
    const line = nextLine(reader);
    if (!line) break;
    const start = skipBlanks(text, line.start, line.end);
    if (start === line.end) emptyLines.push({ start: line.start, end: line.next });
    else if (text.charAt(start) === "#") comments.push(commentAt(text, start, line.end));
    else continues = add(line.start, line.end);
  }
  if (pieces.length === 0) pieces.push({ logical: 0, source: first.start });
  // Blank lines and comments behind the last piece belong to nothing: `end` stays where the last piece ended.
  return {
    logical: logicalText(joined, pieces),
    comments,
    emptyLines: emptyLines.filter(({ start }) => start < end),
    end,
    open: continues,
  };
}

/** Offset of the escape character that continues the line. Two of them at the end do not. */
function continuationAt(text: string, start: number, end: number, escape: string): number | undefined {
  let at = end - 1;
  while (at >= start && (text.charAt(at) === " " || text.charAt(at) === "\t")) at--;
  if (at < start || text.charAt(at) !== escape) return undefined;
  return at > start && text.charAt(at - 1) === escape ? undefined : at;
}

type Unfinished = Omit<Instruction, "heredocs">;

interface Where {
  readonly index: number;
  readonly stage: number;
  readonly escape: "\\" | "`";
  readonly triggered: boolean;
}

function instructionOf(raw: Raw, where: Where): Unfinished | undefined {
  const { logical } = raw;
  const split = behindFirstWord(logical);
  if (!split) return undefined;
  const { first: keyword, rest } = split;
  const name = keyword.text.toUpperCase();
  const { flags, rest: argsStart } = leadingFlags(rest, 0);
  const args = trimmedWord(rest, argsStart);
  const argsFrom = argsStart + rest.text.slice(argsStart).search(/\S|$/);
  const body = tailOf(rest, argsFrom, argsFrom + args.text.length);
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
    ...parts,
    comments: raw.comments,
    emptyLines: raw.emptyLines,
    open: raw.open,
    stage: where.stage,
    ...(trigger && { trigger }),
    triggered: where.triggered,
  };
}

interface Parts {
  readonly words: readonly Word[];
  readonly pairs: readonly Pair[];
  readonly json?: JsonForm;
}

const JSON_FORM: ReadonlySet<string> = new Set(["ADD", "COPY", "VOLUME", "CMD", "ENTRYPOINT", "RUN", "SHELL"]);

/** The instruction's own grammar (dispatch table of parser.go). */
function partsOf(name: string, args: Logical, escape: string): Parts {
  if (name === "ENV" || name === "LABEL" || name === "ARG")
    return { words: quotedWords(args, escape), pairs: nameValuePairs(args, escape, name !== "ARG") };
  if (name === "HEALTHCHECK") {
    const split = behindFirstWord(args);
    const json = split && split.first.text.toUpperCase() === "CMD" ? jsonForm(split.rest) : undefined;
    return {
      words: json && split ? [split.first, ...json.elements] : blankSeparated(args),
      pairs: [],
      ...(json && { json }),
    };
  }
  const json = JSON_FORM.has(name) ? jsonForm(args) : undefined;
  return { words: json ? json.elements : blankSeparated(args), pairs: [], ...(json && { json }) };
}

function triggerOf(args: Logical, raw: Raw, where: Where): Instruction | undefined {
  const inner = instructionOf({ ...raw, logical: args }, { ...where, triggered: true });
  return inner && { ...inner, heredocs: [] };
}

/** The lines that belong to the instruction's heredocs, in the order of their markers. */
function readHeredocs(reader: Reader, instruction: Unfinished, problems: Problem[]): Heredoc[] {
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

function finish(instruction: Unfinished, stage: number, heredocs: readonly Heredoc[]): Instruction {
  const last = heredocs.at(-1);
  const end = last ? (last.terminator?.end ?? last.body.end) : instruction.span.end;
  const span = { start: instruction.span.start, end };
  const own = instruction.trigger ? [] : heredocs;
  const open = instruction.open || heredocs.some(({ terminator }) => !terminator);
  const trigger = instruction.trigger && {
    ...instruction.trigger,
    stage,
    span: { ...instruction.trigger.span, end },
    heredocs,
  };
  return { ...instruction, stage, span, open, heredocs: own, ...(trigger && { trigger }) };
}

/** Words of these are read by BuildKit's shell lexer, which stops the build at a quote that nothing closes. */
const QUOTED: ReadonlySet<string> = new Set([
  "ADD",
  "ARG",
  "COPY",
  "ENV",
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);

function argumentProblems({ name, json, body }: Unfinished, escape: string): Problem[] {
  if (json) return [];
  if (JSON_FORM.has(name) && isArrayOfOthers(body.text)) {
    const message = "only strings may stand in a JSON array: the build stops here";
    return [{ kind: "json-not-strings", span: body.span(0, body.text.length), message }];
  }
  const open = QUOTED.has(name) ? openQuote(body, escape) : undefined;
  return open ? [open] : [];
}

function directiveProblems({ name, value, span }: Directive, earlier: readonly Directive[]): Problem[] {
  if (earlier.some((other) => other.name === name))
    return [{ kind: "directive-repeated", span, message: `${name} may be said once: the build stops here` }];
  if (name === "escape" && value.text !== "\\" && value.text !== "`")
    return [
      {
        kind: "escape-unknown",
        span: value.span,
        message: "escape is a backslash or a backtick: the build stops here",
      },
    ];
  return [];
}

function openQuote(body: Logical, escape: string): Problem | undefined {
  const { text } = body;
  if (!/["']/.test(text)) return undefined;
  let quote = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at++;
    else if (quote === character) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      from = at;
    }
  }
  if (quote === "") return undefined;
  return {
    kind: "unterminated-quote",
    span: body.span(from, text.length),
    message: `${quote} has no closing ${quote}: the build stops here`,
  };
}

function nextLine(reader: Reader): Line | undefined {
  const { text, at } = reader;
  if (at >= text.length) return undefined;
  const newline = text.indexOf("\n", at);
  const next = newline === -1 ? text.length : newline + 1;
  let end = newline === -1 ? text.length : newline;
  while (end > at && text.charAt(end - 1) === "\r") end--;
  reader.at = next;
  return { start: at, end, next };
}

function directiveAt(text: string, span: Span): Directive | undefined {
  const found = DIRECTIVE.exec(text.slice(span.start, span.end));
  if (!found) return undefined;
  const name = found[1] ?? "";
  const value = found[2] ?? "";
  const nameStart = span.start + found[0].indexOf(name);
  const valueStart = span.start + found[0].indexOf(value, found[0].indexOf("="));
  return {
    name: name.toLowerCase(),
    nameSpan: { start: nameStart, end: nameStart + name.length },
    value: { text: value, span: { start: valueStart, end: valueStart + value.length } },
    span: { start: span.start, end: span.start + found[0].trimEnd().length },
  };
}

const commentAt = (text: string, start: number, end: number): Comment => ({
  span: { start, end },
  text: text.slice(start + 1, end).trim(),
});

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (isBlank(text.charCodeAt(at)) || isUnicodeBlank(text.charCodeAt(at)))) at++;
  return at;
}

/** The rest of what Go's unicode.IsSpace takes for blank. */
const isUnicodeBlank = (code: number): boolean => code > 127 && /\s|\u0085/.test(String.fromCharCode(code));
