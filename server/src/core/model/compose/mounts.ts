/** What a service mounts: `volumes`, short and long form alike, and `tmpfs`. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { isFault } from "./fault.ts";
import { fieldOf, itemsOf, perService, textOf } from "./fields.ts";
import { hasVariables, unescaped } from "./interpolation.ts";
import { insideOf, partOf } from "./pairs.ts";
import { mountTarget, parseVolume } from "./volume.ts";

export interface Mount {
  /** The item of `volumes`. */
  readonly node: YamlNode;
  readonly span: Span;
  readonly written: "short" | "long";
  /** `bind`, `volume`, `tmpfs`, `npipe`, `cluster`, `image`; undefined where a variable decides. A volume without source has no name. */
  readonly type: string | undefined;
  /** A path of the host, or the name of a volume; with its variables as written. */
  readonly source?: string;
  readonly sourceSpan?: Span;
  /** In the container, without a slash at the end; with its variables as written. */
  readonly target: string;
  readonly targetSpan: Span;
  readonly readOnly: boolean;
  readonly propagation?: string;
  /** Of the short form, as written. */
  readonly options: readonly string[];
  /** There are variables in source, target or options. */
  readonly hidden: boolean;
  readonly via?: Via;
}

/** Without those that compose refuses. */
export const mountsOf = perService(({ map }): readonly Mount[] => {
  const field = fieldOf(map, "volumes");
  return itemsOf(field?.value).flatMap((node) => {
    const found = node.kind === "map" ? fromLong(node) : node.kind === "scalar" ? fromShort(node) : undefined;
    const via = field?.via ?? node.via;
    return found ? [{ node, span: node.span, ...found, ...(via && { via }) }] : [];
  });
});

type Read = Omit<Mount, "node" | "span" | "via">;

function fromShort(node: YamlScalar): Read | undefined {
  if (node.value === null) return undefined;
  const hidden = hasVariables(node.text);
  const volume = parseVolume(node.text);
  if (isFault(volume)) return undefined;
  const { source, target, options, readOnly, propagation, spans } = volume;
  const plain = (text: string): string => (hidden ? text : unescaped(text));
  // A variable at the beginning may bring a path, a name, or a colon with all that follows.
  const decided = !hidden || !(source ?? target).startsWith("$");
  return {
    written: "short",
    type: decided ? (volume.type === "bind" ? "bind" : "volume") : undefined,
    ...(source !== undefined && { source: plain(source) }),
    ...(spans.source && { sourceSpan: partOf(node, spans.source) }),
    target: hidden ? target : mountTarget(plain(target)),
    targetSpan: partOf(node, spans.target),
    readOnly,
    ...(propagation !== undefined && { propagation }),
    options: options.map(({ text }) => text),
    hidden,
  };
}

function fromLong(map: YamlMap): Read | undefined {
  const text = (...path: readonly string[]): string | undefined => textOf(fieldOf(map, ...path)?.value);
  const [type, source, target = "", propagation] = [
    text("type"),
    text("source"),
    text("target"),
    text("bind", "propagation"),
  ];
  if (type === undefined) return undefined;
  const hidden = [type, source, target, text("read_only"), propagation].some((part) => hasVariables(part ?? ""));
  const sourceNode = fieldOf(map, "source")?.value;
  const sourceSpan = sourceNode && insideOf(sourceNode);
  return {
    written: "long",
    type: hasVariables(type) ? undefined : type,
    ...(source !== undefined && source !== "" && { source }),
    ...(sourceSpan && { sourceSpan }),
    target: hasVariables(target) ? target : mountTarget(target),
    targetSpan: fieldOf(map, "target")?.value.span ?? map.span,
    readOnly: text("read_only")?.toLowerCase() === "true",
    ...(propagation !== undefined && { propagation }),
    options: [],
    hidden,
  };
}

export interface Tmpfs {
  readonly node: YamlNode;
  readonly target: string;
  readonly options: readonly string[];
  readonly via?: Via;
}

/** What `tmpfs` says: a path, or a list of them. A mount of that type is in `mountsOf`. */
export const tmpfsOf = perService(({ map }): readonly Tmpfs[] => {
  const field = fieldOf(map, "tmpfs");
  if (!field) return [];
  const nodes = field.value.kind === "scalar" ? [field.value] : itemsOf(field.value);
  return nodes.flatMap((node) => {
    const [target, options = ""] = (textOf(node) ?? "").split(":");
    const via = field.via ?? node.via;
    if (target === undefined || target === "") return [];
    return [{ node, target: mountTarget(target), options: options.split(",").filter(Boolean), ...(via && { via }) }];
  });
});
