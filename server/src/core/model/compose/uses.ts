/** What a service uses of the file's top level: networks, volumes, secrets, configs, models. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlNode } from "../../text/yaml.ts";
import { fieldOf, fieldsOf, itemsOf, perService, textOf } from "./fields.ts";
import type { Field, Service } from "./model.ts";
import { mountsOf } from "./mounts.ts";
import { insideOf } from "./pairs.ts";

export type ResourceKind = "networks" | "volumes" | "secrets" | "configs" | "models";

export interface Use {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  readonly node: YamlNode;
  /** The key of the service that has it: `networks`, `build.secrets`. */
  readonly at: string;
  readonly via?: Via;
}

const RESOURCES: Readonly<Record<ResourceKind, (service: Service) => readonly Use[]>> = {
  networks: ({ map }) => namesIn(fieldOf(map, "networks"), "networks"),
  volumes: (service) =>
    mountsOf(service).flatMap(({ type, source, sourceSpan, node, via }) =>
      type === "volume" && source !== undefined && sourceSpan
        ? [{ name: source, span: sourceSpan, node, at: "volumes", ...(via && { via }) }]
        : [],
    ),
  secrets: ({ map }) => [
    ...sourcesIn(fieldOf(map, "secrets"), "secrets"),
    ...sourcesIn(fieldOf(map, "build", "secrets"), "build.secrets"),
  ],
  configs: ({ map }) => sourcesIn(fieldOf(map, "configs"), "configs"),
  models: ({ map }) => namesIn(fieldOf(map, "models"), "models"),
};

/** A variable in a name hides it: such a use is not among them. */
export const usesOf = perService((service): Readonly<Record<ResourceKind, readonly Use[]>> => {
  const known = (kind: ResourceKind): readonly Use[] =>
    RESOURCES[kind](service).filter(({ name }) => name !== "" && !name.includes("$"));
  return {
    networks: known("networks"),
    volumes: known("volumes"),
    secrets: known("secrets"),
    configs: known("configs"),
    models: known("models"),
  };
});

/** A list of names, or a mapping below them. */
function namesIn(field: Field | undefined, at: string): readonly Use[] {
  if (!field) return [];
  return [
    ...itemsOf(field.value).flatMap((node) => useOf(textOf(node), insideOf(node), node, at, field.via ?? node.via)),
    ...fieldsOf(field.value).flatMap(({ key, keySpan, value, via }) =>
      useOf(key, keySpan, value, at, field.via ?? via),
    ),
  ];
}

/** A list of names, or of mappings with a `source`. */
function sourcesIn(field: Field | undefined, at: string): readonly Use[] {
  return itemsOf(field?.value).flatMap((node) => {
    const source = node.kind === "map" ? fieldOf(node, "source")?.value : node;
    const via = field?.via ?? node.via ?? source?.via;
    return useOf(textOf(source), insideOf(source ?? node), node, at, via);
  });
}

const useOf = (
  name: string | undefined,
  span: Span,
  node: YamlNode,
  at: string,
  via: Via | undefined,
): readonly Use[] => (name === undefined ? [] : [{ name, span, node, at, ...(via && { via }) }]);

/** A variable decides which of these the service uses: any could be meant. */
export function hidesUses(service: Service, kind: ResourceKind): boolean {
  if (kind === "volumes") {
    const mounts = mountsOf(service);
    // Those that compose refuses name volumes too.
    if (mounts.length < itemsOf(fieldOf(service.map, "volumes")?.value).length) return true;
    return mounts.some(({ type, source }) => type === undefined || (type === "volume" && isHidden(source)));
  }
  return RESOURCES[kind](service).some(({ name }) => isHidden(name));
}

const isHidden = (name: string | undefined): boolean => name?.includes("$") === true;
