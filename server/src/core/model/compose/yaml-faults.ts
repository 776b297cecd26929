/**
 * What stops compose's YAML library from reading a file, in words for people. The first mistake in the syntax only: what the parser
 * says behind it is mostly about its consequences.
 */
import type { Span } from "../../text/edit.ts";
import type { YamlEntry, YamlNode, YamlProblem } from "../../text/yaml.ts";
import type { ComposeFile } from "./model.ts";

export interface YamlFault {
  readonly span: Span;
  readonly message: string;
  /** Compose reads the file all the same. */
  readonly harmless?: true;
  /** Where the other one of two stands. */
  readonly first?: Span;
  /** What could stand there instead. */
  readonly instead?: { readonly span: Span; readonly text: string; readonly title: string };
}

/** What is no fault of the syntax. */
const NO_SYNTAX: ReadonlySet<string> = new Set(["DUPLICATE_KEY", "MULTIPLE_DOCS"]);

/** Where the text can no longer be relied on: nothing further down is worth judging. */
export const brokenFrom = ({ problems }: ComposeFile): number =>
  Math.min(...syntaxOf(problems).map(({ span }) => span.start));

const syntaxOf = (problems: readonly YamlProblem[]): readonly YamlProblem[] =>
  problems.filter(({ code = "" }) => !NO_SYNTAX.has(code));

export function yamlFaults(compose: ComposeFile): readonly YamlFault[] {
  const { text, problems, root, documents } = compose;
  const [syntax] = syntaxOf(problems).toSorted((a, b) => a.span.start - b.span.start);
  if (syntax) return [...duplicates(compose, syntax.span.start), inWords(syntax, text)];
  const forbidden = forbiddenCharacter(text) ?? directive(text);
  return [
    ...(forbidden ? [forbidden] : []),
    ...duplicates(compose, text.length),
    ...(root ? inTree(compose) : withoutRoot(compose)),
    ...documents.map((span) => otherDocument(span, text)),
  ];
}

/** The parser tells that there are some; the places it tells are not always theirs. */
function duplicates({ problems, root }: ComposeFile, before: number): readonly YamlFault[] {
  if (!root || !problems.some(({ code }) => code === "DUPLICATE_KEY")) return [];
  const found: YamlFault[] = [];
  eachWritten(root, (node) => {
    if (node.kind !== "map") return;
    const first = new Map<string, Span>();
    for (const { key, keySpan: span } of node.written) {
      const earlier = first.get(key);
      if (!earlier) first.set(key, span);
      else if (span.start < before)
        found.push({ span, message: `${key} is there twice, and compose reads no file with that`, first: earlier });
    }
  });
  return found;
}

function eachWritten(node: YamlNode, visit: (node: YamlNode) => void): void {
  visit(node);
  if (node.via || node.kind === "scalar") return;
  if (node.kind === "list") for (const item of node.items) eachWritten(item, visit);
  else for (const { value } of node.written) eachWritten(value, visit);
}

/** What the parser takes and compose does not. */
function inTree({ root, anchors, text }: ComposeFile): readonly YamlFault[] {
  const known = new Set(anchors.flatMap(({ uses }) => uses.map(({ start }) => start)));
  const found: YamlFault[] = [];
  if (root)
    eachWritten(root, (node) => {
      if (node.via?.kind === "alias" && !known.has(node.span.start))
        found.push({ span: node.span, message: `No anchor above is called ${node.via.name ?? ""}` });
      if (node.kind === "map") found.push(...node.written.flatMap((entry) => mergeFault(entry, text)));
      if (node.kind === "list" && !node.flow && !node.via)
        found.push(...node.items.flatMap((item) => tabBehindDash(item, text)));
      if (node.kind === "scalar" && node.style === "double" && !node.via) {
        const at = slashEscape(text.slice(node.span.start, node.span.end));
        const start = node.span.start + at;
        if (at >= 0) found.push({ span: { start, end: start + 2 }, message: "Compose does not know the escape \\/" });
      }
    });
  return found;
}

/** Of `\/`, and not of `\\/`. */
function slashEscape(source: string): number {
  const match = /^(?:[^\\]|\\[^/])*?(?=\\\/)/.exec(source);
  return match ? match[0].length : -1;
}

function mergeFault({ key, keySpan, value }: YamlEntry, text: string): readonly YamlFault[] {
  if (key !== "<<" || text[keySpan.start] !== "<") return [];
  const sources = value.kind === "list" ? value.items : [value];
  const wrong = sources.find((source) => source.kind !== "map" && source.via?.kind !== "alias");
  return wrong ? [{ span: keySpan, message: "<< takes a mapping or a list of mappings, usually an alias" }] : [];
}

function tabBehindDash({ span }: YamlNode, text: string): readonly YamlFault[] {
  const dash = text.lastIndexOf("-", span.start - 1);
  const between = text.slice(dash + 1, span.start);
  if (dash === -1 || !/^[ \t]*\t[ \t]*$/.test(between)) return [];
  const gap = { start: dash + 1, end: span.start };
  const instead = { span: gap, text: " ", title: "Replace the tab with a blank" };
  return [{ span: gap, message: "Compose takes no tab behind a dash", instead }];
}

/** go-yaml's reader.go; a byte order mark may begin the text. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/;

function forbiddenCharacter(text: string): YamlFault | undefined {
  const start = text.search(FORBIDDEN);
  if (start === -1) return undefined;
  const code = text.charCodeAt(start).toString(16).toUpperCase().padStart(4, "0");
  return { span: { start, end: start + 1 }, message: `The control character U+${code} cannot be in YAML` };
}

function directive(text: string): YamlFault | undefined {
  const [line, name, version] = /^\uFEFF?%(\S+)[ \t]*(\S*)/.exec(text) ?? [];
  if (line === undefined || (name === "YAML" && version === "1.1") || name === "TAG") return undefined;
  return { span: { start: line.indexOf("%"), end: line.length }, message: `Compose does not read ${line.trim()}` };
}

function withoutRoot({ text }: ComposeFile): readonly YamlFault[] {
  const isEmpty = /^\uFEFF?(?:\s|#[^\n]*|---(?=\s|$))*$/.test(text);
  if (isEmpty) return [{ span: { start: 0, end: 0 }, message: "A compose file cannot be empty" }];
  const start = text.search(/\S/);
  const line = text.indexOf("\n", start);
  const span = { start, end: line === -1 ? text.trimEnd().length : line };
  return [{ span, message: "A compose file is a mapping, with keys such as services: at its beginning" }];
}

/** Compose merges further documents over the first. */
function otherDocument({ start, end }: Span, text: string): YamlFault {
  const line = text.indexOf("\n", start);
  const span = { start, end: line === -1 || line > end ? end : line };
  const isEmpty = /^(?:---)?(?:\s|#[^\n]*)*$/.test(text.slice(start, end));
  if (isEmpty) return { span, message: "Compose takes no document that is empty" };
  return { span, message: "Compose merges this document over the one above; it is not checked here", harmless: true };
}

type Words = (problem: YamlProblem, text: string) => YamlFault | undefined;

function inWords(problem: YamlProblem, text: string): YamlFault {
  const { span, message, code = "" } = problem;
  return WORDS[code]?.(problem, text) ?? { span: visible(span, text), message: `This is no YAML: ${message}` };
}

const WORDS: Readonly<Record<string, Words>> = {
  TAB_AS_INDENT: ({ span }) => ({ span, message: "YAML takes no tab as indentation, only blanks" }),
  BAD_SCALAR_START: unquoted,
  BLOCK_AS_IMPLICIT_KEY: nested,
  MULTILINE_IMPLICIT_KEY: withoutColon,
  BAD_INDENT: ({ span, message }, text) =>
    message.startsWith("Flow")
      ? unclosed(span, text)
      : { span: lineAt(span.start, text), message: "This line begins in another column than what it belongs to" },
  MISSING_CHAR: (problem, text) => {
    if (problem.message.endsWith("quote")) return unclosedQuote(problem, text);
    if (problem.message.startsWith("Flow")) return unclosed(problem.span, text);
    return problem.message.startsWith("Implicit") ? withoutColon(problem, text) : undefined;
  },
  UNEXPECTED_TOKEN: unexpected,
  BAD_DQ_ESCAPE: ({ span }, text) => ({
    span,
    message: `${text.slice(span.start, span.end)} is no escape in double quotes; single quotes leave a backslash as it is`,
  }),
  UNREADABLE: ({ span, message }) => ({ span, message: message.replace("This cannot be read", "YAML cannot be read") }),
};

/** `hostname: @x` */
function unquoted({ span }: YamlProblem, text: string): YamlFault {
  const [value = ""] = /^[^\n\r]*?(?=\s+#|\s*$)/m.exec(text.slice(span.start)) ?? [];
  const end = span.start + value.length;
  const message = `A value cannot begin with ${text[span.start] ?? ""} unless it is in quotes`;
  const before = text.slice(text.lastIndexOf("\n", span.start) + 1, span.start);
  if (value.length < 2 || /[\\"]/.test(value) || /[[{]/.test(before))
    return { span: { start: span.start, end }, message };
  const instead = { span: { start: span.start, end }, text: `"${value}"`, title: "Put it in quotes" };
  return { span: { start: span.start, end }, message, instead };
}

/** `a: b: c`, or a line further in than the one above, which has a value already. */
function nested(problem: YamlProblem, text: string): YamlFault {
  const { span, message } = problem;
  if (message.includes("sequence")) {
    const line = lineAt(span.start, text);
    return {
      span: line,
      message: "No item of a list can stand here: the dashes of a list stand in one column, below its key",
    };
  }
  const lineEnd = endOfLine(span.start, text);
  if (/:(?=\s|$)/.test(text.slice(span.start, lineEnd))) {
    const words = "A second colon makes a mapping of the value; put it in quotes, or on lines of its own";
    return { span: { start: span.start, end: lineEnd }, message: words };
  }
  const next = lineAt(lineEnd + 1 + text.slice(lineEnd + 1).search(/[^\s]/), text);
  return { span: next, message: "This line is indented as if it belonged to the one above, which has a value already" };
}

/** A line without a colon, or with no blank behind it. */
function withoutColon({ span }: YamlProblem, text: string): YamlFault {
  const line = lineAt(span.start, text);
  const [whole = "", key = ""] = /^(["']?[\w./-]+["']?):(?=\S)/.exec(text.slice(line.start, line.end)) ?? [];
  if (key === "")
    return { span: line, message: "This line has no key; text that goes on has to be indented further than its key" };
  const at = line.start + whole.length;
  const instead = { span: { start: at, end: at }, text: " ", title: "Put a blank behind the colon" };
  return { span: line, message: `A blank is missing behind ${key}:`, instead };
}

function unclosed({ start }: Span, text: string): YamlFault {
  let open = 0;
  for (let at = Math.min(start, text.length) - 1; at >= 0; at--) {
    const char = text[at] ?? "";
    if (char === "]" || char === "}") open++;
    if ((char === "[" || char === "{") && --open < 0)
      return { span: { start: at, end: at + 1 }, message: `${char} is never closed` };
  }
  return { span: visible({ start, end: start }, text), message: "A bracket is never closed" };
}

function unclosedQuote({ span }: YamlProblem, text: string): YamlFault {
  const before = text.slice(0, span.start);
  const at = Math.max(before.search(/(?<=[\s[{,])["'](?=[^"']*$)/), -1);
  if (at === -1) return { span: visible(span, text), message: "A quote is never closed" };
  return { span: { start: at, end: endOfLine(at, text) }, message: "This quote is never closed" };
}

const UNEXPECTED: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/block-seq-ind/, "A list begins on the line below its key, or is written in brackets"],
  [/, in flow/, "There is nothing before this comma"],
  [/flow-(?:seq|map)-end/, "This bracket closes nothing"],
  [/at node end/, "Nothing can follow a closing quote or bracket; put all of it in quotes"],
];

function unexpected({ span, message }: YamlProblem, text: string): YamlFault | undefined {
  const words = UNEXPECTED.find(([pattern]) => pattern.test(message))?.[1];
  return words === undefined ? undefined : { span: visible(span, text), message: words };
}

const endOfLine = (at: number, text: string): number => {
  const end = text.indexOf("\n", at);
  const last = end === -1 ? text.length : end;
  return text[last - 1] === "\r" ? last - 1 : last;
};

/** From the first character of a line to its last. */
function lineAt(at: number, text: string): Span {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = endOfLine(at, text);
  const indent = text.slice(start, end).search(/\S/);
  return { start: indent === -1 ? start : start + indent, end };
}

/** An empty place is shown as the line it is on. */
const visible = (span: Span, text: string): Span => (span.start < span.end ? span : lineAt(span.start, text));
