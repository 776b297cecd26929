/** Which services a service needs: `depends_on`, and what else makes compose start another one first (compose-go's normalize.go). */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlNode } from "../../text/yaml.ts";
import { fieldOf, fieldsOf, itemsOf, perService, textOf } from "./fields.ts";
import type { Service } from "./model.ts";
import { parseNamespaceMode } from "./namespace-mode.ts";
import { insideOf, partOf } from "./pairs.ts";

export interface Dependency {
  readonly name: string;
  readonly span: Span;
  /** `service_started` where none is written. */
  readonly condition: string;
  /** The condition's value, where it is written. */
  readonly conditionNode: YamlNode | undefined;
  /** False: compose goes on without it. */
  readonly required: boolean;
  readonly written: "map" | "list";
  /** The item, or the mapping below the name. */
  readonly node: YamlNode;
  readonly via?: Via;
}

/** In the order of `depends_on`. */
export const dependenciesOf = perService(({ map }): readonly Dependency[] => {
  const field = fieldOf(map, "depends_on");
  if (!field) return [];
  const items = itemsOf(field.value).flatMap((node): readonly Dependency[] => {
    const name = textOf(node);
    const via = field.via ?? node.via;
    if (name === undefined) return [];
    const plain = { condition: "service_started", conditionNode: undefined, required: true, written: "list" } as const;
    return [{ name, span: insideOf(node), node, ...plain, ...(via && { via }) }];
  });
  const entries = fieldsOf(field.value).map(({ key, keySpan, value, via: own }): Dependency => {
    const condition = fieldOf(value, "condition")?.value;
    const via = field.via ?? own;
    return {
      name: key,
      span: keySpan,
      condition: textOf(condition) ?? "service_started",
      conditionNode: condition,
      required: textOf(fieldOf(value, "required")?.value)?.toLowerCase() !== "false",
      written: "map",
      node: value,
      ...(via && { via }),
    };
  });
  return [...items, ...entries];
});

/** Another service that is named elsewhere than in `depends_on`. */
export interface ServiceReference {
  /** The key that names it: `links`, `network_mode`. */
  readonly key: string;
  readonly name: string;
  readonly span: Span;
  readonly via?: Via;
}

const NAMESPACES = ["network_mode", "ipc", "pid", "uts", "cgroup"] as const;

export const referencesOf = perService(({ map }: Service): readonly ServiceReference[] => [
  ...NAMESPACES.flatMap((key) => {
    const field = fieldOf(map, key);
    return field ? referenceIn(key, field.value, field.via, sharedService) : [];
  }),
  ...inList(map, "links", beforeColon),
  ...inList(map, "volumes_from", (text) => (text.startsWith("container:") ? undefined : beforeColon(text))),
]);

type Cut = (text: string) => Span | undefined;

const beforeColon: Cut = (text) => ({ start: 0, end: text.includes(":") ? text.indexOf(":") : text.length });

const sharedService: Cut = (text) => {
  const mode = parseNamespaceMode(text);
  return mode.kind === "service" ? mode.nameSpan : undefined;
};

function inList(map: YamlNode | undefined, key: string, cut: Cut): readonly ServiceReference[] {
  const field = fieldOf(map, key);
  return itemsOf(field?.value).flatMap((item) => referenceIn(key, item, field?.via ?? item.via, cut));
}

function referenceIn(key: string, node: YamlNode, via: Via | undefined, cut: Cut): readonly ServiceReference[] {
  const part = node.kind === "scalar" && node.value !== null ? cut(node.text) : undefined;
  if (node.kind !== "scalar" || !part) return [];
  const name = node.text.slice(part.start, part.end);
  return [{ key, name, span: partOf(node, part), ...(via && { via }) }];
}
