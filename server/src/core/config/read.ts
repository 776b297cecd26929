/** Nodes → plain values of a shape. What is not understood is left out and named, with what would be understood. */
import type { Span } from "../text/edit.ts";
import { didYouMean } from "../text/nearest.ts";
import type { YamlMap, YamlNode, YamlProblem } from "../text/yaml.ts";
import type { Fields, Shape } from "./shape.ts";

/** Key, as `overrides[0].rules.apt-yes` → where it stands. */
export type Places = Map<string, Span>;

export interface Reading {
  readonly problems: YamlProblem[];
  readonly places: Places;
  /** Names that are known elsewhere: `DL3014` → what it is called here. */
  readonly alias?: (name: string) => string | undefined;
}

/** Enough for a person to mend; a file that is something else altogether has thousands. */
const MAX_PROBLEMS = 50;
const MAX_LISTED = 12;

/** The value, or undefined when it is not of the shape. */
export function readShape(node: YamlNode, shape: Shape, key: string, reading: Reading): unknown {
  if (shape.is === "fields") return readFields(node, shape, key, reading);
  if (shape.is === "each") return readEach(node, shape.value, key, reading);
  if (shape.is === "list") return readList(node, shape.item, key, reading);
  if (shape.is === "texts") return readTexts(node, key, reading);
  if (node.kind === "scalar" && fits(node.value, shape))
    return shape.is === "written" ? String(node.value) : node.value;
  wrong(node, key, shape, reading);
  return undefined;
}

function fits(value: unknown, shape: Shape): boolean {
  if (shape.is === "choice") return typeof value === "string" && shape.of.includes(value);
  if (shape.is === "written") return new RegExp(`^(?:${shape.pattern})$`).test(String(value));
  if (shape.is === "text") return typeof value === "string" && value !== "";
  return typeof value === shape.is;
}

function readFields(node: YamlNode, shape: Fields, key: string, reading: Reading): unknown {
  const map = mapOf(node, key, reading);
  if (!map) return undefined;
  const values: [string, unknown][] = [];
  for (const entry of map.entries) {
    const { key: name, keySpan, value } = entry;
    const field =
      shape.fields.find((one) => one.name === name) ?? shape.patterns?.find((one) => new RegExp(one.name).test(name));
    if (!field) {
      complain(reading, keySpan, unknownName(name, shape, key, reading));
      continue;
    }
    const path = key === "" ? name : `${key}.${name}`;
    // A key with nothing behind it, as where all lines below are commented out, says nothing.
    if (value.kind === "scalar" && value.value === null) continue;
    reading.places.set(path, keySpan);
    const read = readShape(value, field.shape, path, reading);
    if (read !== undefined) values.push([name, read]);
  }
  for (const { name, required } of shape.fields) {
    if (required && !map.entries.some((entry) => entry.key === name))
      complain(reading, map.span, `${key} has no ${name}`);
  }
  return Object.fromEntries(values);
}

function readEach(node: YamlNode, shape: Shape, key: string, reading: Reading): unknown {
  const values = mapOf(node, key, reading)?.entries.flatMap(({ key: name, value }) => {
    const read = readShape(value, shape, `${key}.${name}`, reading);
    return read === undefined ? [] : [[name, read] as const];
  });
  return values && Object.fromEntries(values);
}

function readList(node: YamlNode, shape: Shape, key: string, reading: Reading): unknown {
  if (node.kind !== "list") {
    complain(reading, node.span, `${key} has to be a list`);
    return undefined;
  }
  // What cannot be read keeps its place, so that keys count as the file does.
  return node.items.map((item, at) => readShape(item, shape, `${key}[${at}]`, reading));
}

/** One text may stand for a list of it. */
function readTexts(node: YamlNode, key: string, reading: Reading): unknown {
  const items = node.kind === "list" ? node.items : [node];
  return items.flatMap((item) => {
    if (item.kind === "scalar" && typeof item.value === "string" && item.value !== "") return [item.value];
    complain(reading, item.span, `${key} has to be a list of texts`);
    return [];
  });
}

function mapOf(node: YamlNode, key: string, reading: Reading): YamlMap | undefined {
  if (node.kind === "map") return node;
  complain(reading, node.span, `${key === "" ? "The file" : key} has to be a map of names and values`);
  return undefined;
}

function unknownName(name: string, shape: Fields, key: string, { alias }: Reading): string {
  const where = key === "" ? "" : ` in ${key}`;
  const elsewhere = alias?.(name);
  if (elsewhere !== undefined && shape.fields.some((one) => elsewhere.split(", ").includes(one.name)))
    return `${name}${where} is another tool's name; here it is ${elsewhere}`;
  const names = shape.fields.map((one) => one.name);
  const listed = names.length <= MAX_LISTED && names.length > 0 ? `; there are ${names.join(", ")}` : "";
  return `${name}${where} is no ${shape.of}${didYouMean(name, names) || listed}`;
}

const NOUNS: Readonly<Record<string, string>> = { boolean: "true or false", number: "a number", text: "a text" };

function expectedOf(shape: Shape): string {
  if (shape.is === "choice") return `one of ${shape.of.join(", ")}`;
  return shape.is === "written" ? shape.like : (NOUNS[shape.is] ?? shape.is);
}

function wrong(node: YamlNode, key: string, shape: Shape, reading: Reading): void {
  const choices = shape.is === "choice" ? shape.of : undefined;
  const expected = expectedOf(shape);
  if (node.kind !== "scalar") {
    complain(reading, node.span, `${key} has to be ${expected}`);
    return;
  }
  const value = String(node.value).slice(0, 60);
  const near = choices ? didYouMean(value, choices) : "";
  complain(reading, node.span, `${key} cannot be ${value}; it is ${expected}${near}`);
}

function complain({ problems }: Reading, span: Span, message: string): void {
  if (problems.length < MAX_PROBLEMS) problems.push({ span, message });
}
