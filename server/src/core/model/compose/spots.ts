/** Where the entries of a mapping and the items of a list begin, in block and flow form, and how texts among them are quoted. */
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import { contentEnd, dashOf, layoutOf, placesOf } from "./layout.ts";
import type { ComposeFile } from "./model.ts";
import type { Quoting } from "./written.ts";

export const isFlow = (compose: ComposeFile, node: YamlMap | YamlList): boolean =>
  node.flow || (placesOf(compose).get(node)?.flow ?? false);

/** JSON wants quotes around all texts; where every key has them, it is taken for JSON. */
export const flowQuoting = (compose: ComposeFile, map: YamlMap): Quoting =>
  map.written.every(({ keySpan }) => compose.text[keySpan.start] === '"')
    ? { quote: "double", always: true }
    : { quote: layoutOf(compose).quote };

/** As the items beside it, when all texts there have quotes. */
export function itemQuoting(compose: ComposeFile, list: YamlList): Quoting {
  const texts = list.items.filter((item) => item.kind === "scalar" && typeof item.value === "string");
  const styles = texts.map((item) => (item.kind === "scalar" ? item.style : "plain"));
  const last = styles.at(-1);
  if ((last === "single" || last === "double") && styles.every((style) => style === "single" || style === "double"))
    return { quote: last, always: true };
  return { quote: layoutOf(compose).quote };
}

/** The blanks behind a dash. */
export const gapBehind = ({ text }: ComposeFile, dash: number): number =>
  / +(?=[^\s#])/y.exec(text.slice(dash + 1))?.[0].length ?? 1;

export const valueAt = (node: YamlMap | YamlList, index: number): YamlNode | undefined =>
  node.kind === "map" ? node.written[index]?.value : node.items[index];

/** Where an entry or an item begins: its key, its dash, or what stands behind a bracket or comma. */
export function startAt(compose: ComposeFile, node: YamlMap | YamlList, index: number): number {
  if (!isFlow(compose, node))
    return node.kind === "map" ? (node.written[index]?.keySpan.start ?? node.span.start) : dashOf(compose, node, index);
  const before = valueAt(node, index - 1);
  const from = before ? commaBehind(compose, contentEnd(compose, before)) : node.span.start + 1;
  return from + (/^(?:\s|(?<![^\s,[{])#[^\n]*)*/.exec(compose.text.slice(from))?.[0].length ?? 0);
}

/** Behind the comma that follows, whatever comments stand before it; where it was looked for when there is none. */
export const commaBehind = ({ text }: ComposeFile, at: number): number =>
  at + (/^(?:\s|(?<=\s)#[^\n]*)*,/.exec(text.slice(at))?.[0].length ?? 0);
