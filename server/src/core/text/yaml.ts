/**
 * YAML (and so JSON) → nodes that know where they stand. Never throws. The only importer of `yaml`.
 * An alias and a merge key `<<` give the nodes they stand for, marked with `via`: those stand elsewhere, and an edit there is felt here.
 */
import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, Parser, type Range, Scalar } from "yaml";
import type { Span } from "./edit.ts";
import { onOneLine } from "./yaml-lines.ts";

/** By which way a node came to be where it is used; absent where it is written there. */
export interface Via {
  readonly kind: "alias" | "merge" | "extends" | "include" | "override";
  /** The anchor's name, or the service that is extended. */
  readonly name?: string;
  /** The file it stands in, as this one names it; absent where that is this one. */
  readonly file?: string;
}

interface YamlBase {
  /** Where it is used: an alias has the span of its `*name`. */
  readonly span: Span;
  readonly anchor?: string;
  /** As written: `!reset`, `!!str`. */
  readonly tag?: string;
  readonly via?: Via;
}

export interface YamlScalar extends YamlBase {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** What is written, without quotes, escapes resolved: `0755` and `1.10` stay what they are. */
  readonly text: string;
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
}

export interface YamlList extends YamlBase {
  readonly kind: "list";
  /** `[a, b]` rather than a line each. */
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
  readonly via?: Via;
}

export interface YamlMap extends YamlBase {
  readonly kind: "map";
  /** `{a: b}` rather than a line each. */
  readonly flow: boolean;
  /** What holds: the first of each key, merge keys replaced by what they bring. */
  readonly entries: readonly YamlEntry[];
  /** As written, in order, merge keys and repeated keys included. */
  readonly written: readonly YamlEntry[];
}

export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlProblem {
  readonly span: Span;
  /** One sentence without its full stop. */
  readonly message: string;
  /** The library's name for it, as `DUPLICATE_KEY` or `TAB_AS_INDENT`. */
  readonly code?: string;
}

export interface YamlComment {
  readonly span: Span;
  /** Without its `#` and the blanks behind that. */
  readonly text: string;
}

/** An anchored node and who uses it. */
export interface YamlAnchor {
  readonly name: string;
  readonly node: YamlNode;
  /** Where the aliases stand. */
  readonly uses: readonly Span[];
}

export interface YamlText {
  /** Undefined when there is nothing in it, or nothing that can be read. */
  readonly root: YamlNode | undefined;
  readonly problems: readonly YamlProblem[];
  readonly comments: readonly YamlComment[];
  readonly anchors: readonly YamlAnchor[];
  /** Where documents behind the first one begin. */
  readonly documents: readonly Span[];
}

/** An alias stands for its anchor's node; so many nodes in all, or aliases of aliases would fill the memory. */
const MAX_NODES = 50_000;

/** The first document. With `tolerant`, what can be read of it though there are problems. */
export function parseYaml(text: string, { tolerant = false } = {}): YamlText {
  const comments: YamlComment[] = [];
  try {
    const tokens = [...new Parser().parse(text)];
    for (const token of tokens) commentsOf(token, comments);
    const read = composed(tokens, text);
    const hasErrors = read.some((each) => errorsOf(each, tolerant).length > 0);
    const all = (tolerant && hasErrors ? asGoReads(text, tokens) : undefined) ?? read;
    const [document, ...others] = all;
    const documents = others.map(({ range }) => within(range, text.length));
    const errors = (tolerant ? all : all.slice(0, 1)).flatMap((each) => errorsOf(each, tolerant));
    const problems: YamlProblem[] = errors.map(({ pos: [start, end], message, code }) => ({
      span: { start: Math.min(start, text.length), end: Math.min(Math.max(start, end), text.length) },
      message: firstSentence(message),
      code,
    }));
    const [second] = documents;
    if (second) problems.push({ span: second, message: "Only the first document is read", code: "MULTIPLE_DOCS" });
    if (!document || document.contents === null || (!tolerant && problems.length > 0))
      return { root: undefined, problems, comments, anchors: [], documents };
    return { ...createReader(document, text.length), problems, comments, documents };
  } catch (error) {
    // Nested deeper than the stack, or aliases beyond all bounds.
    const reason = error instanceof Error ? firstSentence(error.message) : String(error);
    const problem = { span: { start: 0, end: 0 }, message: `This cannot be read: ${reason}`, code: "UNREADABLE" };
    return { root: undefined, problems: [problem], comments, anchors: [], documents: [] };
  }
}

const composed = (tokens: readonly CST.Token[], text: string): readonly Document.Parsed[] => [
  ...new Composer({ prettyErrors: false, logLevel: "silent" }).compose(tokens, true, text.length),
];

/** go-yaml takes a comment right behind a closing quote or bracket. */
const errorsOf = ({ errors }: Document.Parsed, tolerant: boolean): Document.Parsed["errors"] =>
  tolerant ? errors.filter(({ message }) => !message.startsWith("Comments must be separated")) : errors;

/** So many brackets and quotes are looked at again. */
const MAX_LOOSE = 50;

/** The documents, when brackets and quotes that end further down at too small an indentation are all that is wrong. */
function asGoReads(text: string, tokens: readonly CST.Token[]): readonly Document.Parsed[] | undefined {
  let joined = text;
  let read = tokens;
  for (let left = MAX_LOOSE; left > 0; left--) {
    const start = looseEnd(read);
    const next = start === undefined ? undefined : onOneLine(joined, start);
    if (next === undefined) break;
    joined = next;
    read = [...new Parser().parse(joined)];
  }
  if (joined === text) return undefined;
  const documents = composed(read, joined);
  return documents.every((each) => errorsOf(each, true).every(({ code }) => code === "DUPLICATE_KEY"))
    ? documents
    : undefined;
}

/** Where the first bracket or quote stands that has no end. */
function looseEnd(token: unknown): number | undefined {
  if (Array.isArray(token)) {
    for (const each of token) {
      const found = looseEnd(each);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof token !== "object" || token === null) return undefined;
  const { type, offset, source, key, value, items, end } = token as Readonly<Record<string, unknown>>;
  if (type === "flow-collection" && !hasBracket(end)) return Number(offset);
  if (type === "double-quoted-scalar" && !/^"(?:[^"\\]|\\[^])*"$/.test(String(source))) return Number(offset);
  if (type === "single-quoted-scalar" && !/^'(?:[^']|'')*'$/.test(String(source))) return Number(offset);
  return looseEnd([key, value, items]);
}

const hasBracket = (end: unknown): boolean =>
  Array.isArray(end) &&
  end.some(({ type }: { readonly type?: string }) => type === "flow-seq-end" || type === "flow-map-end");

const firstSentence = (message: string): string => (message.split("\n")[0] ?? "").replace(/[.:]$/, "");

const within = (range: Range | null | undefined, length: number): Span => ({
  start: Math.min(range?.[0] ?? 0, length),
  end: Math.min(range?.[1] ?? 0, length),
});

const STYLES: Readonly<Record<string, YamlScalar["style"]>> = {
  [Scalar.QUOTE_SINGLE]: "single",
  [Scalar.QUOTE_DOUBLE]: "double",
  [Scalar.BLOCK_LITERAL]: "literal",
  [Scalar.BLOCK_FOLDED]: "folded",
};

/** @throws when there are too many nodes, or an alias leads to itself */
function createReader(document: Document.Parsed, length: number): Pick<YamlText, "root" | "anchors"> {
  let left = MAX_NODES;
  const open = new Set<unknown>();
  /** What was read already, with how many nodes it stands for. */
  const known = new Map<unknown, { readonly node: YamlNode; readonly size: number }>();
  const anchors = new Map<unknown, { name: string; node: YamlNode; uses: Span[] }>();

  const take = (count: number): void => {
    left -= count;
    if (left < 0) throw new Error("there are too many values in it");
  };

  const visit = (node: unknown, at: Span): YamlNode => {
    if (isAlias(node)) {
      const target: unknown = node.resolve(document);
      if (open.has(target)) throw new Error("an alias leads to itself");
      const span = within(node.range, length);
      const via: Via = { kind: "alias", name: node.source };
      const seen = known.get(target);
      if (!seen) return { kind: "scalar", value: null, text: "", style: "plain", span, via };
      take(seen.size);
      anchors.get(target)?.uses.push(span);
      const { anchor: _anchor, ...rest } = seen.node;
      return { ...rest, span, via };
    }
    const before = left;
    take(1);
    open.add(node);
    const read = readNode(node, at);
    open.delete(node);
    known.set(node, { node: read, size: before - left });
    if (read.anchor !== undefined) anchors.set(node, { name: read.anchor, node: read, uses: [] });
    return read;
  };

  const readNode = (node: unknown, at: Span): YamlNode => {
    if (isScalar(node)) {
      const text = node.type === Scalar.PLAIN || node.type === undefined ? node.source : undefined;
      const value = plain(node.value);
      return {
        kind: "scalar",
        value,
        text: text ?? (value === null ? "" : String(value)),
        style: STYLES[node.type ?? ""] ?? "plain",
        span: within(node.range, length),
        ...marks(node),
      };
    }
    if (isSeq(node)) {
      const span = within(node.range, length);
      const items = node.items.map((item) => visit(item, span));
      return { kind: "list", flow: node.flow === true, items, span, ...marks(node) };
    }
    if (!isMap(node)) return { kind: "scalar", value: null, text: "", style: "plain", span: at };
    const written = node.items.map(({ key, value }): YamlEntry => {
      const keyNode = visit(key, within(node.range, length));
      const name = keyNode.kind === "scalar" ? keyNode.text : "";
      return {
        key: name,
        keySpan: keyNode.span,
        value: visit(value, { start: keyNode.span.end, end: keyNode.span.end }),
      };
    });
    const isMerge = (index: number): boolean => {
      const key: unknown = node.items[index]?.key;
      return isScalar(key) && key.value === "<<" && (key.type === Scalar.PLAIN || key.type === undefined);
    };
    const span = within(node.range, length);
    return { kind: "map", flow: node.flow === true, entries: merged(written, isMerge), written, span, ...marks(node) };
  };

  const root = visit(document.contents, { start: 0, end: 0 });
  return { root, anchors: [...anchors.values()] };
}

/** What holds in a map: its own keys before merged ones, the first of several (go-yaml's `merge`). */
function merged(written: readonly YamlEntry[], isMerge: (index: number) => boolean): readonly YamlEntry[] {
  const found = new Map<string, YamlEntry>();
  const sources: YamlNode[] = [];
  for (const [index, entry] of written.entries()) {
    if (isMerge(index)) sources.push(...(entry.value.kind === "list" ? entry.value.items : [entry.value]));
    else if (!found.has(entry.key)) found.set(entry.key, entry);
  }
  if (sources.length === 0 && found.size === written.length) return written;
  for (const source of sources) {
    if (source.kind !== "map") continue;
    const via: Via = { kind: "merge", ...(source.via?.name !== undefined && { name: source.via.name }) };
    for (const entry of source.entries) if (!found.has(entry.key)) found.set(entry.key, { ...entry, via });
  }
  return [...found.values()];
}

function marks(node: { readonly anchor?: string | undefined; readonly tag?: string | undefined }): {
  anchor?: string;
  tag?: string;
} {
  return {
    ...(node.anchor !== undefined && { anchor: node.anchor }),
    ...(node.tag !== undefined && { tag: node.tag.replace(/^tag:yaml\.org,2002:/, "!!") }),
  };
}

/** YAML's core schema has no other scalars. */
const plain = (value: unknown): YamlScalar["value"] =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;

/** Every comment of a token, in the order they stand in. */
function commentsOf(token: unknown, found: YamlComment[]): void {
  if (Array.isArray(token)) {
    for (const each of token) commentsOf(each, found);
    return;
  }
  if (typeof token !== "object" || token === null) return;
  const fields = token as Partial<Record<"start" | "key" | "sep" | "value" | "props" | "items" | "end", unknown>> &
    Partial<CST.SourceToken>;
  if (fields.type === "comment" && fields.offset !== undefined && fields.source !== undefined) {
    const span = { start: fields.offset, end: fields.offset + fields.source.length };
    found.push({ span, text: fields.source.replace(/^#+[ \t]*/, "") });
    return;
  }
  for (const part of [
    fields.start,
    fields.props,
    fields.key,
    fields.sep,
    fields.value,
    fields.items,
    fields.end,
  ] as const)
    if (part !== undefined) commentsOf(part, found);
}
