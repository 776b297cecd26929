/** What compose takes as a mapping or as a list of `KEY=value`: environment, labels, build arguments and their like. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { fieldsOf, textOf } from "./fields.ts";
import type { Field } from "./model.ts";

export interface KeyValue {
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

export function keyValuesOf(field: Field | undefined): readonly KeyValue[] {
  if (!field) return [];
  const { value } = field;
  if (value.kind === "list") return value.items.flatMap((item) => fromItem(item, field.via ?? item.via));
  return fieldsOf(value).map(({ key, keySpan, value: node, via: own }): KeyValue => {
    const text = textOf(node);
    const valueSpan = text === undefined ? keySpan : node.span;
    const via = field.via ?? own;
    return { key, keySpan, text, valueSpan, node, written: "map", ...(via && { via }) };
  });
}

function fromItem(item: YamlNode, via: Via | undefined): readonly KeyValue[] {
  if (item.kind !== "scalar") return [];
  const { text } = item;
  const equals = text.indexOf("=");
  const key = equals === -1 ? text : text.slice(0, equals);
  const keySpan = partOf(item, 0, key.length);
  const value = equals === -1 ? undefined : text.slice(equals + 1);
  const valueSpan = value === undefined ? keySpan : partOf(item, equals + 1, text.length);
  return [{ key, keySpan, text: value, valueSpan, node: item, written: "list", ...(via && { via }) }];
}

/** The place of a part of a scalar's text; all of the scalar where escapes or several lines hide it. */
export function partOf({ span, style, text }: YamlScalar, from: number, to: number): Span {
  const quotes = style === "single" || style === "double" ? 1 : 0;
  if (style === "literal" || style === "folded" || span.end - span.start !== text.length + 2 * quotes) return span;
  return { start: span.start + quotes + from, end: span.start + quotes + to };
}
