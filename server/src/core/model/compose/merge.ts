/** One compose file's nodes over another's, as compose-go's override/merge.go and override/uncity.go do it. */
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { isFault } from "./fault.ts";
import { fieldOf, textOf } from "./fields.ts";
import { keyValue } from "./key-value.ts";
import { parsePort } from "./port.ts";
import { parseVolume } from "./volume.ts";

export type NodePath = readonly string[];

type Merger = (base: YamlNode, over: YamlNode, path: NodePath) => YamlNode;

/** What holds when `over` is laid over `base`. A key tagged `!reset` goes, one tagged `!override` replaces what was there. */
export function mergeNodes(base: YamlNode, over: YamlNode, path: NodePath): YamlNode {
  if (over.tag === "!override") return over;
  const merger = MERGERS.get(patternOf(path));
  if (merger) return merger(base, over, path);
  // Nothing written over a list or a mapping leaves it.
  if (base.kind !== "scalar" && isNull(over)) return base;
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over, path);
  if (base.kind === "list" && over.kind === "list") return append(base, over, path);
  return over;
}

/** A map without keys and items that are tagged `!reset`. */
export function withoutReset(node: YamlNode): YamlNode {
  const stays = ({ tag }: YamlNode): boolean => tag !== "!reset";
  if (node.kind === "list") return { ...node, items: node.items.filter(stays).map(withoutReset) };
  if (node.kind !== "map") return node;
  const kept = node.entries.filter(({ value }) => stays(value));
  return { ...node, entries: kept.map((entry) => ({ ...entry, value: withoutReset(entry.value) })) };
}

export function mergeMaps(base: YamlMap, over: YamlMap, path: NodePath): YamlMap {
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) {
    const before = entries.get(entry.key);
    if (entry.value.tag === "!reset") entries.delete(entry.key);
    else if (!before || entry.key.startsWith("x-")) entries.set(entry.key, entry);
    else entries.set(entry.key, mergeEntries(before, entry, [...path, entry.key]));
  }
  return { ...nearer(base, over), entries: [...entries.values()] };
}

function mergeEntries(base: YamlEntry, over: YamlEntry, path: NodePath): YamlEntry {
  const value = mergeNodes(base.value, over.value, path);
  if (value === over.value) return over;
  if (value === base.value) return base;
  const { via: _, ...entry } = nearer(base, over);
  return { ...entry, value, ...(value.via && { via: value.via }) };
}

/** Of two that became one, the one whose place is in the document that is looked into. */
const nearer = <T extends Pick<YamlEntry, "via">>(base: T, over: T): T =>
  over.via?.file !== undefined && base.via?.file === undefined ? base : over;

const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null;

function append(base: YamlList, over: YamlList, path: NodePath): YamlList {
  const key = UNIQUE.get(patternOf(path));
  const items = [...base.items, ...over.items.filter(({ tag }) => tag !== "!reset")];
  return { ...nearer(base, over), items: key ? unique(items, key) : items };
}

/** The last of each key, where the first of it stood. */
function unique(items: readonly YamlNode[], key: (item: YamlNode) => string | undefined): readonly YamlNode[] {
  const places = new Map<string, number>();
  const kept: YamlNode[] = [];
  for (const item of items) {
    const name = key(item);
    const place = name === undefined ? undefined : places.get(name);
    if (place !== undefined) kept[place] = item;
    else {
      if (name !== undefined) places.set(name, kept.length);
      kept.push(item);
    }
  }
  return kept;
}

const replaced: Merger = (_, over) => over;

/** `KEY=value`, or a mapping: a mapping as soon as one of them is. */
const keyed: Merger = (base, over, path) => {
  if (isNull(over)) return base;
  if (base.kind === "list" && over.kind === "list") return append(base, over, path);
  const [first, second] = [pairsAsMap(base), pairsAsMap(over)];
  if (!first || !second) return over;
  const names = new Map(first.entries.map((entry) => [entry.key, entry]));
  for (const entry of second.entries) {
    if (entry.value.tag === "!reset") names.delete(entry.key);
    else names.set(entry.key, entry);
  }
  return { ...nearer(first, second), entries: [...names.values()] };
};

/** Names, or a mapping below names; `meaning` is what a name alone stands for. */
const named =
  (meaning: (name: YamlNode) => YamlNode): Merger =>
  (base, over, path) => {
    if (isNull(over)) return base;
    if (base.kind === "list" && over.kind === "list") return append(base, over, path);
    const [first, second] = [namesAsMap(base, meaning), namesAsMap(over, meaning)];
    return first && second ? mergeMaps(first, second, path) : over;
  };

/** One text, a list of them, or a mapping that is a list of `KEY=value`. */
const listed: Merger = (base, over, path) => (isNull(over) ? base : append(asList(base), asList(over), path));

const build: Merger = (base, over, path) => {
  if (isNull(over)) return base;
  const [first, second] = [contextAsMap(base), contextAsMap(over)];
  return first && second ? mergeMaps(first, second, path) : over;
};

/** Options are for a driver: with another one, those of the first are gone. */
const logging: Merger = (base, over, path) => {
  if (base.kind !== "map" || over.kind !== "map") return isNull(over) ? base : over;
  const [first, second] = [base, over].map((each) => textOf(fieldOf(each, "driver")?.value));
  return first === second || first === undefined || second === undefined ? mergeMaps(base, over, path) : over;
};

const MERGERS: ReadonlyMap<string, Merger> = new Map<string, Merger>([
  ...["services.*.command", "services.*.entrypoint", "services.*.healthcheck.test", "services.*.ulimits.*"].map(
    (pattern) => [pattern, replaced] as const,
  ),
  ...[
    "networks.*.labels",
    "volumes.*.labels",
    "services.*.annotations",
    "services.*.build.additional_contexts",
    "services.*.build.args",
    "services.*.build.labels",
    "services.*.deploy.labels",
    "services.*.environment",
    "services.*.labels",
    "services.*.sysctls",
  ].map((pattern) => [pattern, keyed] as const),
  ["services.*.depends_on", named(dependencyOf)],
  ["services.*.models", named((name) => scalarLike(name, null))],
  ["services.*.networks", named((name) => scalarLike(name, null))],
  ...[
    "services.*.build.extra_hosts",
    "services.*.dns",
    "services.*.dns_opt",
    "services.*.dns_search",
    "services.*.env_file",
    "services.*.extra_hosts",
    "services.*.label_file",
    "services.*.tmpfs",
  ].map((pattern) => [pattern, listed] as const),
  ["services.*.build", build],
  ["services.*.logging", logging],
]);

const byText = (item: YamlNode): string | undefined => textOf(item);
const byKey = (item: YamlNode): string | undefined => {
  const text = textOf(item);
  return text === undefined ? undefined : keyValue(text).key;
};
const byTarget =
  (folder: string) =>
  (item: YamlNode): string | undefined => {
    const name = textOf(item) ?? textOf(fieldOf(item, "source")?.value);
    return textOf(fieldOf(item, "target")?.value) ?? (name === undefined ? undefined : `${folder}/${name}`);
  };

function byMountTarget(item: YamlNode): string | undefined {
  const text = textOf(item);
  const volume = text === undefined ? undefined : parseVolume(text);
  return volume ? (isFault(volume) ? undefined : volume.target) : textOf(fieldOf(item, "target")?.value);
}

function byDeviceTarget(item: YamlNode): string | undefined {
  const [source, target] = (textOf(item) ?? "").split(":");
  return textOf(fieldOf(item, "target")?.value) ?? target ?? source;
}

function byPort(item: YamlNode): string | undefined {
  const text = textOf(item);
  if (text !== undefined) {
    const port = parsePort(text);
    if (isFault(port)) return text;
    const { hostIp = "0.0.0.0", published, target, protocol } = port;
    return `${hostIp}:${rangeText(published)}:${rangeText(target)}/${protocol}`;
  }
  const part = (key: string): string | undefined => textOf(fieldOf(item, key)?.value);
  const published = part("published") ?? "";
  return `${part("host_ip") ?? "0.0.0.0"}:${published}:${part("target") ?? ""}/${part("protocol") ?? "tcp"}`;
}

const rangeText = (range: { readonly from: number; readonly to: number } | undefined): string =>
  !range ? "" : range.from === range.to ? String(range.from) : `${range.from}-${range.to}`;

const UNIQUE: ReadonlyMap<string, (item: YamlNode) => string | undefined> = new Map([
  ...[...MERGERS].filter(([, merger]) => merger === keyed).map(([pattern]) => [pattern, byKey] as const),
  ...[
    "services.*.build.extra_hosts",
    "services.*.build.tags",
    "services.*.cap_add",
    "services.*.cap_drop",
    "services.*.depends_on",
    "services.*.dns",
    "services.*.dns_opt",
    "services.*.dns_search",
    "services.*.expose",
    "services.*.extra_hosts",
    "services.*.label_file",
    "services.*.links",
    "services.*.models",
    "services.*.networks",
    "services.*.networks.*.aliases",
    "services.*.networks.*.link_local_ips",
    "services.*.profiles",
    "services.*.tmpfs",
  ].map((pattern) => [pattern, byText] as const),
  ["services.*.configs", byTarget("")],
  ["services.*.devices", byDeviceTarget],
  ["services.*.env_file", (item: YamlNode) => textOf(item) ?? textOf(fieldOf(item, "path")?.value)],
  ["services.*.ports", byPort],
  ["services.*.secrets", byTarget("/run/secrets")],
  ["services.*.volumes", byMountTarget],
]);

/** `services.*.networks.*.aliases`: the names people choose are left out. */
function patternOf(path: NodePath): string {
  const names = path[2] === "networks" || path[2] === "ulimits" ? [1, 3] : [1];
  return path.map((key, index) => (names.includes(index) ? "*" : key)).join(".");
}

const entryOf = (key: string, from: YamlNode, value: YamlNode): YamlEntry => ({
  key,
  keySpan: from.span,
  value,
  ...(from.via && { via: from.via }),
});

const scalarLike = (from: YamlNode, value: string | null): YamlScalar => ({
  kind: "scalar",
  value,
  text: value ?? "",
  style: "plain",
  span: from.span,
  ...(from.via && { via: from.via }),
});

const mapLike = (from: YamlNode, entries: readonly YamlEntry[]): YamlMap => ({
  kind: "map",
  flow: false,
  entries,
  written: entries,
  span: from.span,
  ...(from.via && { via: from.via }),
});

function pairsAsMap(node: YamlNode): YamlMap | undefined {
  if (node.kind !== "list") return node.kind === "map" ? node : undefined;
  const entries = node.items.flatMap((item) => {
    const text = textOf(item);
    if (text === undefined) return [];
    const { key, value } = keyValue(text);
    return [entryOf(key, item, scalarLike(item, value ?? null))];
  });
  return mapLike(node, entries);
}

/** What the short form of a dependency says, which takes away what a long one said before. */
function dependencyOf(name: YamlNode): YamlMap {
  const values = [
    ["condition", "service_started"],
    ["required", "true"],
  ] as const;
  return mapLike(
    name,
    values.map(([key, value]) => entryOf(key, name, scalarLike(name, value))),
  );
}

function namesAsMap(node: YamlNode, meaning: (name: YamlNode) => YamlNode): YamlMap | undefined {
  if (node.kind !== "list") return node.kind === "map" ? node : undefined;
  const entries = node.items.flatMap((item) => {
    const name = textOf(item);
    return name === undefined ? [] : [entryOf(name, item, meaning(item))];
  });
  return mapLike(node, entries);
}

const contextAsMap = (node: YamlNode): YamlMap | undefined =>
  node.kind === "scalar" ? mapLike(node, [entryOf("context", node, node)]) : node.kind === "map" ? node : undefined;

function asList(node: YamlNode): YamlList {
  if (node.kind === "list") return node;
  const items =
    node.kind === "map"
      ? node.entries.map((entry) => scalarLike(entry.value, `${entry.key}=${textOf(entry.value) ?? ""}`))
      : [node];
  return { kind: "list", flow: false, items, span: node.span, ...(node.via && { via: node.via }) };
}
