/**
 * Every name of a compose file: where services, networks, volumes, secrets, configs, models and anchors are declared, and every place
 * that uses one or names a profile. What aliases and merge keys bring counts where it is written.
 */
import type { Span } from "../../text/edit.ts";
import type { YamlAnchor, YamlEntry, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { isFault } from "./fault.ts";
import { fieldOf, perCompose, textOf } from "./fields.ts";
import { hasVariables } from "./interpolation.ts";
import { keyValue } from "./key-value.ts";
import type { ComposeFile } from "./model.ts";
import { parseNamespaceMode } from "./namespace-mode.ts";
import { sourceOfPart } from "./scalar-part.ts";
import { parseVolume } from "./volume.ts";

export type ResourceKind = "service" | "network" | "volume" | "secret" | "config" | "model";
export type NameKind = ResourceKind | "profile" | "anchor";

export interface NamePlace {
  readonly kind: NameKind;
  readonly name: string;
  /** Of the name alone, without quotes and what stands beside it. */
  readonly span: Span;
  /** Profiles are used and never declared. */
  readonly role: "declaration" | "use";
  /** The name is all of an unquoted scalar or key: another one may need quotes there. */
  readonly bare: boolean;
  /** A use that says no more than the name, which then decides: what is mounted, where a secret or config is found. */
  readonly short: boolean;
  /** The span holds the name as it is; where it is spelled with escapes or over several lines, it is not to be replaced. */
  readonly exact: boolean;
  /** The services that say it: several where they share an anchor. */
  readonly services: readonly string[];
  /** The service that `extends` names. */
  readonly extends: boolean;
  /** The file that `extends` names with it, as written: the service is declared there. */
  readonly file?: string;
  /** Of an anchor: its node. A name can be anchored again further down. */
  readonly anchor?: YamlAnchor;
}

export interface NameIndex {
  /** In the order they stand in. */
  readonly places: readonly NamePlace[];
}

/** The top-level keys that declare names. */
export const SECTIONS: ReadonlyMap<string, ResourceKind> = new Map([
  ["services", "service"],
  ["networks", "network"],
  ["volumes", "volume"],
  ["secrets", "secret"],
  ["configs", "config"],
  ["models", "model"],
]);

export const namesOf = perCompose((compose): NameIndex => {
  const collector = createCollector(compose);
  for (const entry of writtenBelow(compose.root)) {
    const kind = SECTIONS.get(entry.key);
    if (kind === undefined) continue;
    for (const declared of writtenBelow(entry.value)) {
      if (kind === "service" && declared.key.startsWith("x-")) continue;
      collector.key(declared, { kind, role: "declaration" });
      if (kind === "service") readService(collector.of(declared.key), declared.value);
    }
  }
  collector.anchors();
  return { places: collector.places() };
});

/** What stands at an offset: the narrowest name, also when the offset is just behind it. */
export function nameAt(compose: ComposeFile, offset: number): NamePlace | undefined {
  const here = namesOf(compose).places.filter(({ span }) => span.start <= offset && offset <= span.end);
  return here.toSorted((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start))[0];
}

/** The declaration's value: what the file says of that name; undefined where the file does not declare it. */
export function declaredAs(compose: ComposeFile, kind: ResourceKind, name: string): YamlNode | undefined {
  const section = [...SECTIONS].find(([, each]) => each === kind)?.[0] ?? "";
  return fieldOf(compose.root, section, name)?.value;
}

interface What {
  readonly kind: NameKind;
  readonly role?: NamePlace["role"];
  readonly short?: boolean;
  readonly extends?: boolean;
  readonly file?: string | undefined;
}

interface Adder {
  /** A key that is a name. */
  key(entry: YamlEntry, what: What): void;
  /** A scalar that is a name, or the part of it that is. */
  scalar(node: YamlNode | undefined, what: What, cut?: (text: string) => Span | undefined): void;
}

interface Collector extends Adder {
  /** What one service says. */
  of(service: string): Adder;
  anchors(): void;
  places(): readonly NamePlace[];
}

type Growing = NamePlace & { readonly services: string[] };

function createCollector(compose: ComposeFile): Collector {
  const found = new Map<string, Growing>();
  /** The anchor each alias stands for, by where the alias stands. */
  const aliases = new Map(
    compose.anchors.flatMap((anchor) => anchor.uses.map(({ start }) => [start, anchor] as const)),
  );

  const add = (place: Omit<NamePlace, "services" | "exact">, service: string | undefined): void => {
    const slot = `${place.kind} ${place.span.start}`;
    const known = found.get(slot);
    const exact = compose.text.slice(place.span.start, place.span.end) === place.name;
    const here = known ?? { ...place, exact, services: [] };
    if (!known) found.set(slot, here);
    if (service !== undefined && !here.services.includes(service)) here.services.push(service);
  };

  /** The scalar itself, where an alias stands for it. */
  const writtenAs = (node: YamlScalar): YamlScalar => {
    const target = node.via?.kind === "alias" ? aliases.get(node.span.start)?.node : undefined;
    return target?.kind === "scalar" ? target : node;
  };

  const adder = (service: string | undefined): Adder => ({
    key(entry, { kind, role = "use", short = false }) {
      if (entry.key === "") return;
      const scalar = keyScalar(compose.text, entry);
      const span = sourceOfPart(compose.text, scalar, { start: 0, end: entry.key.length }) ?? entry.keySpan;
      const bare = scalar.style === "plain";
      add({ kind, role, short, extends: false, bare, name: entry.key, span }, service);
    },
    scalar(node, { kind, role = "use", short = false, extends: base = false, file }, cut = whole) {
      if (node?.kind !== "scalar" || node.value === null) return;
      const scalar = writtenAs(node);
      const part = cut(scalar.text);
      const name = part && scalar.text.slice(part.start, part.end);
      if (!part || !name || hasVariables(name)) return;
      const span = sourceOfPart(compose.text, scalar, part) ?? scalar.span;
      const bare = scalar.style === "plain" && part.end - part.start === scalar.text.length;
      add({ kind, role, short, extends: base, bare, name, span, ...(file !== undefined && { file }) }, service);
    },
  });

  return {
    ...adder(undefined),
    of: adder,
    anchors() {
      for (const anchor of compose.anchors) {
        const { name, node, uses } = anchor;
        const common = { kind: "anchor", name, bare: false, short: false, extends: false, anchor } as const;
        const at = anchorStart(compose.text, name, node.span.start);
        if (at !== undefined)
          add({ ...common, role: "declaration", span: { start: at, end: at + name.length } }, undefined);
        for (const { start } of uses)
          add({ ...common, role: "use", span: { start: start + 1, end: start + 1 + name.length } }, undefined);
      }
    },
    places: () => [...found.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
  };
}

const whole = (text: string): Span => ({ start: 0, end: text.length });

/** A key has no style of its own in the model; its first character tells. */
function keyScalar(source: string, { key, keySpan }: YamlEntry): Pick<YamlScalar, "span" | "style" | "text"> {
  const quote = source[keySpan.start];
  const style = quote === '"' ? "double" : quote === "'" ? "single" : "plain";
  return { span: keySpan, style, text: key };
}

/** Where an anchor's name begins: before its node stand only blanks, comments and a tag. */
function anchorStart(source: string, name: string, nodeStart: number): number | undefined {
  for (let at = source.lastIndexOf(`&${name}`, nodeStart); at !== -1; at = source.lastIndexOf(`&${name}`, at - 1)) {
    const behind = source.slice(at + 1 + name.length, nodeStart);
    if (/^(?:\s+(?:#[^\n]*\n|![^\s]*)?)*$/.test(behind)) return at + 1;
    if (at === 0 || nodeStart - at > MAX_PROPERTIES) return undefined;
  }
  return undefined;
}

/** How far before its node an anchor is looked for. */
const MAX_PROPERTIES = 2_000;

/** The entries of a mapping as written, and those of the mappings it merges, whether or not something stands before them. */
function* writtenBelow(node: YamlNode | undefined, depth = 0): Generator<YamlEntry> {
  if (node?.kind !== "map" || depth > MAX_MERGES) return;
  for (const entry of node.written) {
    if (entry.key !== "<<") yield entry;
    else if (entry.value.kind === "list")
      for (const source of entry.value.items) yield* writtenBelow(source, depth + 1);
    else yield* writtenBelow(entry.value, depth + 1);
  }
}

const MAX_MERGES = 20;

type Read = (add: Adder, node: YamlNode) => void;

const items = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === "list" ? node.items : []);

/** Names in a list, or as the keys of a mapping. */
const listOrKeys =
  (kind: NameKind): Read =>
  (add, node) => {
    const short = kind === "model";
    for (const item of items(node)) add.scalar(item, { kind, short });
    for (const entry of writtenBelow(node)) add.key(entry, { kind, short });
  };

/** Names in a list, or mappings there with a `source`. */
const listOrSources =
  (kind: NameKind): Read =>
  (add, node) => {
    for (const item of items(node)) {
      const source = item.kind === "map" ? fieldOf(item, "source")?.value : item;
      add.scalar(source, { kind, short: !fieldOf(item, "target") });
    }
  };

const beforeColon = (text: string): Span => ({ start: 0, end: text.includes(":") ? text.indexOf(":") : text.length });

const listed =
  (kind: NameKind, cut: (text: string) => Span | undefined): Read =>
  (add, node) => {
    for (const item of items(node)) add.scalar(item, { kind }, cut);
  };

/** `service:name` in `network_mode` and where a build takes another service's image. */
function sharedService(text: string): Span | undefined {
  const mode = parseNamespaceMode(text);
  return mode.kind === "service" ? mode.nameSpan : undefined;
}

const shared: Read = (add, node) => add.scalar(node, { kind: "service" }, sharedService);

function volumeSource(text: string): Span | undefined {
  const volume = parseVolume(text);
  return isFault(volume) || volume.type !== "volume" ? undefined : volume.spans.source;
}

const readMounts: Read = (add, node) => {
  for (const item of items(node)) {
    if (item.kind === "scalar") add.scalar(item, { kind: "volume", short: true }, volumeSource);
    else if (textOf(fieldOf(item, "type")?.value) === "volume")
      add.scalar(fieldOf(item, "source")?.value, { kind: "volume" });
  }
};

const readExtends: Read = (add, node) => {
  if (node.kind === "scalar") return add.scalar(node, { kind: "service", extends: true });
  const file = textOf(fieldOf(node, "file")?.value);
  return add.scalar(fieldOf(node, "service")?.value, { kind: "service", extends: true, file });
};

/** In a list it stands behind an equals sign. */
function contextService(text: string): Span | undefined {
  const { value, valueSpan } = keyValue(text);
  const part = value === undefined ? undefined : sharedService(value);
  return part && valueSpan && { start: valueSpan.start + part.start, end: valueSpan.start + part.end };
}

const readContexts: Read = (add, node) => {
  listed("service", contextService)(add, node);
  for (const entry of writtenBelow(node)) shared(add, entry.value);
};

const readBuild: Read = (add, node) => readKeys(add, node, BUILD_KEYS);

const BUILD_KEYS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["additional_contexts", readContexts],
  ["secrets", listOrSources("secret")],
]);

const readCredentials: Read = (add, node) => add.scalar(fieldOf(node, "config")?.value, { kind: "config" });

const SERVICE_KEYS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["depends_on", listOrKeys("service")],
  ["links", listed("service", beforeColon)],
  ["volumes_from", listed("service", (text) => (text.startsWith("container:") ? undefined : beforeColon(text)))],
  ["network_mode", shared],
  ["ipc", shared],
  ["pid", shared],
  ["uts", shared],
  ["cgroup", shared],
  ["extends", readExtends],
  ["build", readBuild],
  ["networks", listOrKeys("network")],
  ["volumes", readMounts],
  ["secrets", listOrSources("secret")],
  ["configs", listOrSources("config")],
  ["models", listOrKeys("model")],
  ["credential_spec", readCredentials],
  ["profiles", listed("profile", whole)],
]);

const readService: Read = (add, node) => readKeys(add, node, SERVICE_KEYS);

function readKeys(add: Adder, node: YamlNode, table: ReadonlyMap<string, Read>): void {
  for (const entry of writtenBelow(node)) table.get(entry.key)?.(add, entry.value);
}
