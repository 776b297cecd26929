/** How a service's image is built: the short form, a context alone, and the long one. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlNode } from "../../text/yaml.ts";
import { fieldOf, isSet, itemsOf, perService, textOf } from "./fields.ts";
import { type Pair, pairsOf } from "./pairs.ts";
import type { Field, Service } from "./model.ts";

export interface BuildValue {
  readonly text: string;
  readonly node: YamlNode;
  readonly span: Span;
  readonly via?: Via;
}

export interface Build {
  readonly field: Field;
  readonly written: "short" | "long";
  /** Undefined where none is written: the file's folder. */
  readonly context: BuildValue | undefined;
  /** Undefined where none is written: `Dockerfile` in the context. */
  readonly dockerfile: BuildValue | undefined;
  readonly inline: BuildValue | undefined;
  readonly target: BuildValue | undefined;
  readonly args: readonly Pair[];
  readonly contexts: readonly Pair[];
  /** `build.platforms`, else the service's `platform`. */
  readonly platforms: readonly string[];
}

interface Found {
  readonly build: Build | undefined;
}

const found = perService(({ map }): Found => {
  const field = fieldOf(map, "build");
  if (!field || !isSet(field.value)) return { build: undefined };
  const value = (key: string): BuildValue | undefined => valueOf(fieldOf(map, "build", key));
  const isShort = field.value.kind === "scalar";
  return {
    build: {
      field,
      written: isShort ? "short" : "long",
      context: isShort ? valueOf(field) : value("context"),
      dockerfile: value("dockerfile"),
      inline: value("dockerfile_inline"),
      target: value("target"),
      args: pairsOf(fieldOf(map, "build", "args")),
      contexts: pairsOf(fieldOf(map, "build", "additional_contexts")),
      platforms: platformsOf(map),
    },
  };
});

/** Undefined when the service has no build, or an empty one. */
export const buildOf = (service: Service): Build | undefined => found(service).build;

function platformsOf(map: Service["map"]): readonly string[] {
  const of = (nodes: readonly (YamlNode | undefined)[]) => nodes.flatMap((node) => textOf(node) ?? []);
  const built = of(itemsOf(fieldOf(map, "build", "platforms")?.value));
  return built.length > 0 ? built : of([fieldOf(map, "platform")?.value]);
}

function valueOf(field: Field | undefined): BuildValue | undefined {
  const text = textOf(field?.value);
  if (!field || text === undefined) return undefined;
  const { value: node, via } = field;
  return { text, node, span: node.span, ...(via && { via }) };
}
