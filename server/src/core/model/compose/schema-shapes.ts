/** What may stand where in a compose file: the generated table as shapes, and the way from a path to them. */
import { SCHEMA_TABLE } from "./schema-table.ts";

/** What a value is to YAML; an `integer` is a `number` too. */
export type Kind = "string" | "integer" | "number" | "boolean" | "null" | "list" | "map";

/** How the text of a value is read where that is checked behind the schema. */
export type Grammar = "duration" | "bytes" | "int" | "float" | "bool" | "octal" | "count";

/** What may stand in one place. */
export interface Shape {
  /** The kinds a value may be of; any when there are none. */
  readonly is: readonly Kind[];
  readonly enum?: readonly string[];
  /** Values that are usual or known, where others are possible. */
  readonly examples?: readonly string[];
  readonly pattern?: RegExp;
  readonly min?: number;
  readonly max?: number;
  readonly grammar?: Grammar;
  readonly required?: readonly string[];
  /** Of a list. */
  readonly items?: Shape;
  /** No item may be there twice. */
  readonly unique: boolean;
  readonly keys: ReadonlyMap<string, Shape>;
  /** Of keys that people choose, as the names of services. */
  readonly named?: Shape;
  /** What those have to look like. */
  readonly names?: RegExp;
  /** Other keys may be there, whatever they are. */
  readonly open: boolean;
  /** Not even `x-` keys may. */
  readonly strict: boolean;
  readonly deprecated: boolean;
}

type Written =
  | string
  | (Readonly<Record<"is", string>> & {
      readonly [field in "enum" | "examples" | "required"]?: readonly string[];
    } & { readonly [field in "min" | "max"]?: number } & { readonly [field in "pattern" | "names"]?: string } & {
      readonly [field in "open" | "strict" | "deprecated" | "unique"]?: boolean;
    } & {
      readonly grammar?: Grammar;
      readonly items?: Written;
      readonly named?: Written;
      readonly keys?: Readonly<Record<string, Written>>;
    });

let root: Shape | undefined;

/** The shape of a whole file. Read when it is first asked for: most runs of the program need none of it. */
export function fileShape(): Shape {
  root ??= readTable();
  return root;
}

function readTable(): Shape {
  const table = JSON.parse(SCHEMA_TABLE) as Readonly<Record<string, Written>>;
  const read = new Map<string, Shape>();
  const shapeOf = (written: Written): Shape => {
    if (typeof written !== "string") return made(written, shapeOf);
    const known = read.get(written);
    if (known) return known;
    const shape = written.startsWith("$") ? shapeOf(table[written.slice(1)] ?? "") : made({ is: written }, shapeOf);
    read.set(written, shape);
    return shape;
  };
  return shapeOf("$");
}

const NO_KEYS: ReadonlyMap<string, Shape> = new Map();

function made(written: Exclude<Written, string>, shapeOf: (written: Written) => Shape): Shape {
  const { is, pattern, names, items, named, keys, ...same } = written;
  return {
    ...same,
    is: is === "" ? [] : (is.split("|") as Kind[]),
    ...(pattern !== undefined && { pattern: new RegExp(pattern) }),
    ...(names !== undefined && { names: new RegExp(names) }),
    ...(items !== undefined && { items: shapeOf(items) }),
    ...(named !== undefined && { named: shapeOf(named) }),
    keys: keys ? new Map(Object.entries(keys).map(([key, each]) => [key, shapeOf(each)])) : NO_KEYS,
    open: same.open ?? false,
    strict: same.strict ?? false,
    deprecated: same.deprecated ?? false,
    unique: same.unique ?? false,
  };
}

/** What a key of a mapping leads to; undefined when there is no such key. */
export const below = (shape: Shape, key: string): Shape | undefined =>
  shape.keys.get(key) ?? (shape.names?.test(key) === false ? undefined : shape.named);

/** The shapes at a path of keys; `*` is any name that people choose, and any item of a list. */
function shapesAt(path: readonly string[]): readonly Shape[] {
  let shapes: readonly Shape[] = [fileShape()];
  for (const step of path)
    shapes = shapes.flatMap((shape) => {
      const next = step === "*" ? [shape.named, shape.items] : [below(shape, step)];
      return next.filter((each) => each !== undefined);
    });
  return shapes;
}

export interface KeyFacts {
  readonly name: string;
  readonly types: readonly Kind[];
  readonly enum?: readonly string[];
  readonly deprecated?: boolean;
}

/** The keys a mapping at this path can have; none where people choose the names. */
export const keysAt = (path: readonly string[]): readonly KeyFacts[] =>
  shapesAt(path).flatMap(({ keys }) =>
    [...keys].map(([name, { is, enum: values, deprecated }]) => ({
      name,
      types: is,
      ...(values && { enum: values }),
      ...(deprecated && { deprecated }),
    })),
  );

/** The values that are known for a place: all there are, or the usual ones. */
export const valuesAt = (path: readonly string[]): readonly string[] =>
  shapesAt(path).flatMap(({ is, enum: values, examples = [] }) => [
    ...(values ?? examples),
    ...(is.includes("boolean") ? ["true", "false"] : []),
  ]);
