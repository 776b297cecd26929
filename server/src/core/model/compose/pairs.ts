/** What compose takes as a mapping or as a list of `KEY=value`: environment, labels, build arguments and their like. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { fieldsOf, textOf } from "./fields.ts";
import { keyValue } from "./key-value.ts";
import type { Field } from "./model.ts";

export interface Pair {
  readonly key: string;
  readonly keySpan: Span;
  /** Undefined where only the key is given. */
  readonly text: string | undefined;
  /** Of the value; of the key when there is none. */
  readonly valueSpan: Span;
  /** The value in a mapping, the item in a list. */
  readonly node: YamlNode;
  readonly written: "map" | "list";
  readonly via?: Via;
}

export function pairsOf(field: Field | undefined): readonly Pair[] {
  if (!field) return [];
  const { value } = field;
  if (value.kind === "list") return value.items.flatMap((item) => fromItem(item, field.via ?? item.via));
  return fieldsOf(value).map(({ key, keySpan, value: node, via: own }): Pair => {
    const text = textOf(node);
    const valueSpan = text === undefined ? keySpan : node.span;
    const via = field.via ?? own;
    return { key, keySpan, text, valueSpan, node, written: "map", ...(via && { via }) };
  });
}

function fromItem(item: YamlNode, via: Via | undefined): readonly Pair[] {
  if (item.kind !== "scalar") return [];
  const { key, value, keySpan, valueSpan = keySpan } = keyValue(item.text);
  return [
    {
      key,
      keySpan: partOf(item, keySpan),
      text: value,
      valueSpan: partOf(item, valueSpan),
      node: item,
      written: "list",
      ...(via && { via }),
    },
  ];
}

/** The place of a scalar's text, without its quotes; all of what is none. */
export const insideOf = (node: YamlNode): Span =>
  node.kind === "scalar" ? partOf(node, { start: 0, end: node.text.length }) : node.span;

/** The place of a part of a scalar's text; all of the scalar where escapes or several lines hide it. */
export function partOf({ span, style, text }: YamlScalar, part: Span): Span {
  const quotes = style === "single" || style === "double" ? 1 : 0;
  if (style === "literal" || style === "folded" || span.end - span.start !== text.length + 2 * quotes) return span;
  return { start: span.start + quotes + part.start, end: span.start + quotes + part.end };
}
