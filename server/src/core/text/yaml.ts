/** YAML (and so JSON) → nodes that know where they stand. Never throws. The only importer of `yaml`. */
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from "yaml";
import type { Span } from "./edit.ts";

export interface YamlScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

export interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
  readonly span: Span;
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export interface YamlMap {
  readonly kind: "map";
  readonly entries: readonly YamlEntry[];
  readonly span: Span;
}

export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlProblem {
  readonly span: Span;
  /** One sentence without its full stop. */
  readonly message: string;
}

export interface YamlText {
  /** Undefined when there is nothing in it, or nothing that can be read. */
  readonly root: YamlNode | undefined;
  readonly problems: readonly YamlProblem[];
}

/** An alias stands for its anchor's node; so many nodes in all, or aliases of aliases would fill the memory. */
const MAX_NODES = 50_000;

export function parseYaml(text: string): YamlText {
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
    const problems = document.errors.map(({ pos: [start, end], message }) => ({
      span: { start: Math.min(start, text.length), end: Math.min(Math.max(start, end), text.length) },
      message: firstSentence(message),
    }));
    const root = document.contents === null || problems.length > 0 ? undefined : nodes(document, text.length);
    return { root, problems };
  } catch (error) {
    // Nested deeper than the stack, or aliases beyond all bounds.
    const reason = error instanceof Error ? firstSentence(error.message) : String(error);
    return { root: undefined, problems: [{ span: { start: 0, end: 0 }, message: `This cannot be read: ${reason}` }] };
  }
}

const firstSentence = (message: string): string => (message.split("\n")[0] ?? "").replace(/[.:]$/, "");

/** @throws when there are too many, or an alias leads to itself */
function nodes(document: Document.Parsed, length: number): YamlNode {
  let left = MAX_NODES;
  const open = new Set<unknown>();
  const spanOf = (node: { readonly range?: readonly [number, number, number] | null | undefined }): Span => ({
    start: Math.min(node.range?.[0] ?? 0, length),
    end: Math.min(node.range?.[1] ?? 0, length),
  });
  const visit = (node: unknown, at: Span): YamlNode => {
    if (left-- === 0) throw new Error("there are too many values in it");
    if (open.has(node)) throw new Error("an alias leads to itself");
    if (isAlias(node)) return { ...visit(node.resolve(document), spanOf(node)), span: spanOf(node) };
    if (isScalar(node)) return { kind: "scalar", value: plain(node.value), span: spanOf(node) };
    open.add(node);
    try {
      if (isSeq(node)) {
        const items = node.items.map((item) => visit(item, spanOf(node)));
        return { kind: "list", items, span: spanOf(node) };
      }
      if (!isMap(node)) return { kind: "scalar", value: null, span: at };
      const entries = node.items.map(({ key, value }): YamlEntry => {
        const keyNode = visit(key, spanOf(node));
        const name = keyNode.kind === "scalar" ? String(keyNode.value ?? "") : "";
        return { key: name, keySpan: keyNode.span, value: visit(value, keyNode.span) };
      });
      return { kind: "map", entries, span: spanOf(node) };
    } finally {
      open.delete(node);
    }
  };
  return visit(document.contents, { start: 0, end: 0 });
}

/** YAML's core schema has no other scalars. */
const plain = (value: unknown): YamlScalar["value"] =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
