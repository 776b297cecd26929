/** The environment of a service: a mapping, or a list of `NAME=value`. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlNode } from "../../text/yaml.ts";
import { fieldOf, perService } from "./fields.ts";
import { type Pair, pairsOf } from "./pairs.ts";

export interface Variable {
  readonly name: string;
  readonly nameSpan: Span;
  /** Its value as written, variables in it not replaced; undefined when it is taken from the shell that runs compose. */
  readonly text: string | undefined;
  /** Of the value; of the name when there is none. */
  readonly valueSpan: Span;
  /** The value in a mapping, the item in a list. */
  readonly node: YamlNode;
  readonly written: "map" | "list";
  readonly via?: Via;
}

/** By name; the last of those that a list repeats. */
export const variablesOf = perService(
  ({ map }): ReadonlyMap<string, Variable> => namedOf(pairsOf(fieldOf(map, "environment"))),
);

/** The arguments of a service's build, which are written in the same way. */
export const buildArgumentsOf = perService(
  ({ map }): ReadonlyMap<string, Variable> => namedOf(pairsOf(fieldOf(map, "build", "args"))),
);

const namedOf = (pairs: readonly Pair[]): ReadonlyMap<string, Variable> =>
  new Map(pairs.map(({ key, keySpan, ...rest }) => [key, { name: key, nameSpan: keySpan, ...rest }]));
