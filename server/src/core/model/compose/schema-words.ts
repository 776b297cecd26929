/** How faults of a compose file are said: what a place is called, what may be there, what is there. */
import type { YamlNode } from "../../text/yaml.ts";
import { type ScalarKind, scalarKind } from "./go-yaml.ts";
import type { Grammar, Kind, Shape } from "./schema-shapes.ts";

export type Path = readonly (string | number)[];

const ELEMENTS: Readonly<Record<string, string>> = {
  services: "a service",
  networks: "a network",
  volumes: "a volume",
  secrets: "a secret",
  configs: "a config",
  models: "a model",
};

/** What stands in a place, as it goes into the middle of a sentence: `a service`, `healthcheck`, `an item of ports`, `db in depends_on`. */
export function nameOf({ path, parent }: Named): string {
  const last = path.at(-1);
  const above = String(path.at(-2));
  if (last === undefined) return "a compose file";
  if (typeof last === "number") return `an item of ${above}`;
  const isChosen = parent?.shape.named !== undefined && !parent.shape.keys.has(last);
  if (!isChosen) return last;
  return (path.length === 2 ? ELEMENTS[above] : undefined) ?? `${last} in ${above}`;
}

/** As much of a place as its name needs. */
interface Named {
  readonly path: Path;
  readonly parent?: { readonly shape: Shape };
}

/** The same at the beginning of a sentence: keys stay as they are. */
export function subject(place: Named): string {
  const name = nameOf(place);
  return /^an? /.test(name) ? capital(name) : name;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** `a, b or c` */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

const GRAMMAR_WORDS: Readonly<Record<Grammar, string>> = {
  duration: "a duration such as 1m30s",
  bytes: "a size such as 512m",
  int: "a whole number",
  float: "a number",
  bool: "true or false",
  octal: "a file mode such as 0440",
  count: "a whole number or all",
};

const KIND_WORDS: Readonly<Record<Kind, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  null: "nothing at all",
  list: "a list",
  map: "a mapping",
};

/** `text or a list`: what a place can have, without the kinds that are there for variables only. */
export function expected(shape: Shape): string {
  if (shape.enum && shape.is.length === 1) return either(shape.enum);
  const hasText = shape.is.includes("string");
  const words = shape.is
    .filter((kind) => kind !== "null" || shape.is.length === 1)
    .filter((kind) => !(kind === "string" && shape.grammar))
    .filter((kind) => !(hasText && shape.grammar && (kind === "number" || kind === "integer" || kind === "boolean")))
    .map((kind) => KIND_WORDS[kind]);
  return either([...(shape.grammar ? [GRAMMAR_WORDS[shape.grammar]] : []), ...words]);
}

const LONGEST = 40;

/** `the number 5`, `a list`, `"text"`, as what was found there. */
export function found(node: YamlNode): string {
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "a mapping";
  const kind = scalarKind(node);
  if (kind === "null") return "empty";
  const text = quoted(node.text);
  if (kind === "string") return text;
  return kind === "boolean" ? node.text : `the ${kind === "date" ? "date" : "number"} ${node.text}`;
}

/** A value as it stands in a message: on one line, and not all of a long one. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return `"${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}"`;
}

/** `a number`, as what a key or a value is. */
export const withKind = (kind: ScalarKind): string =>
  kind === "boolean" ? "true or false" : kind === "date" ? "a date" : kind === "null" ? "nothing to YAML" : "a number";

/** Where a scalar stands in the place of a mapping, what was probably meant; to be put behind a sentence. */
export function belongs(node: YamlNode, { shape, path, parent }: Named & { readonly shape: Shape }): string {
  if (node.kind !== "scalar" || !shape.is.includes("map")) return "";
  const [, first] = /^([\w-]+):\S/.exec(node.text) ?? [];
  if (first !== undefined && shape.keys.has(first)) return `; a blank is missing behind ${first}:`;
  const key = path.at(-1);
  if (typeof key !== "string" || parent?.shape.named !== shape || !shape.keys.has(key)) return "";
  return `; ${key} stands where a name belongs: is it indented enough?`;
}
