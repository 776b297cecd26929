/** The services and resources of several compose files put together, as compose-go's loader does: extends, include, then one over the other. */
import type { Via, YamlEntry, YamlMap, YamlNode } from "../../text/yaml.ts";
import { fieldOf, itemsOf, textOf } from "./fields.ts";
import { hasVariables } from "./interpolation.ts";
import { includePaths } from "./include-paths.ts";
import { mergeNodes, withoutReset } from "./merge.ts";
import type { ComposeFile, Service } from "./model.ts";
import { fittedRoot, marked } from "./other-files.ts";
import { folderOf, localPath } from "./paths.ts";
import type { ProjectService, Resource } from "./project-model.ts";
import type { Together } from "./project-files.ts";
import type { ResourceKind } from "./uses.ts";

export interface Effective {
  readonly services: readonly ProjectService[];
  readonly complete: boolean;
  /** Undefined: as in the file. */
  readonly resources: ReadonlyMap<ResourceKind, ReadonlyMap<string, Resource>> | undefined;
}

/** A file's text; null when there is no such file, undefined while it is not known. */
type Read = (path: string) => string | null | undefined;

/** A file's nodes as they count here. */
interface Source {
  /** Undefined: the document itself. */
  readonly path: string | undefined;
  readonly root: YamlMap | undefined;
}

interface Found {
  readonly entry: YamlEntry;
  readonly complete: boolean;
}

type Section = "services" | ResourceKind;
const SECTIONS: readonly Section[] = ["services", "networks", "volumes", "secrets", "configs", "models"];

interface Model {
  readonly sections: ReadonlyMap<Section, Map<string, Found>>;
  readonly complete: boolean;
}

/** Includes and extends lead this far; compose itself refuses circles. */
const MAX_DEPTH = 20;

export function effectiveOf(compose: ComposeFile, { files, certain }: Together, read: Read): Effective {
  const base = files[0] === undefined ? undefined : folderOf(files[0]);
  let complete = certain;
  const sources = files.flatMap((path): readonly Source[] => {
    if (path === undefined) return [{ path, root: compose.root }];
    const source = sourceAt(path, base ?? "", "override", read);
    if (!source) complete = false;
    return source ? [source] : [];
  });
  const model = modelOf(sources, read, [compose.name ?? ""]);
  complete &&= model.complete;
  const own = new Map(compose.services.map((service) => [service.name, service]));
  const services = [...(model.sections.get("services") ?? [])]
    .filter(([name]) => !name.startsWith("x-"))
    .map(([name, found]) => serviceOf(own.get(name), found, complete));
  const resources = new Map<ResourceKind, ReadonlyMap<string, Resource>>();
  for (const [section, found] of model.sections) {
    if (section === "services") continue;
    const named = [...found].map(([name, { entry }]) => {
      const isHere = entry.via === undefined;
      return [name, { name, entry, isHere }] as const;
    });
    resources.set(section, new Map(named));
  }
  return { services, complete, resources };
}

function serviceOf(own: Service | undefined, { entry, complete: isRead }: Found, complete: boolean): ProjectService {
  const isHere = own !== undefined;
  const { value } = entry;
  const map = value.kind === "map" ? value : undefined;
  const whole = { isHere, complete: complete && isRead };
  if (own) return own.map === map ? { ...own, ...whole } : { ...own, map, memory: [], ...whole };
  const via = entry.via ?? value.via;
  const { key, keySpan } = entry;
  return { name: key, nameSpan: keySpan, map, entry, memory: [], ...whole, ...(via && { via }) };
}

function sourceAt(path: string, folder: string, kind: Via["kind"], read: Read): Source | undefined {
  const text = read(path);
  if (typeof text !== "string") return undefined;
  return { path, root: fittedRoot(text, folder, { kind, file: path }) };
}

/** Each laid over those before it. */
function modelOf(sources: readonly Source[], read: Read, trail: readonly string[]): Model {
  const sections = new Map(SECTIONS.map((section) => [section, new Map<string, Found>()]));
  let complete = true;
  for (const source of sources) {
    const { root } = source;
    for (const [section, found] of sections) {
      const field = fieldOf(root, section);
      const { tag } = field?.value ?? {};
      if (tag === "!reset" || tag === "!override") found.clear();
      if (field?.value.kind !== "map" || tag === "!reset") continue;
      for (const entry of field.value.entries) {
        const resolved = section === "services" ? extended(entry, source, read, []) : { entry, complete: true };
        layOver(found, section, resolved);
      }
    }
    if (!include(root, sections, read, trail)) complete = false;
  }
  return { sections, complete };
}

function layOver(into: Map<string, Found>, section: Section, { entry, complete }: Found): void {
  const before = into.get(entry.key);
  if (entry.value.tag === "!reset") {
    into.delete(entry.key);
    return;
  }
  if (!before) {
    into.set(entry.key, { entry: { ...entry, value: settled(entry.value) }, complete });
    return;
  }
  const value = mergeNodes(before.entry.value, entry.value, [section, entry.key]);
  const isForeign = entry.via?.file !== undefined && before.entry.via?.file === undefined;
  const place = isForeign ? before.entry : entry;
  into.set(entry.key, { entry: { ...place, value: settled(value) }, complete: complete && before.complete });
}

/** The same node where nothing in it is tagged. */
const settled = (node: YamlNode): YamlNode => (hasReset(node) ? withoutReset(node) : node);

function hasReset(node: YamlNode): boolean {
  if (node.tag === "!reset") return true;
  if (node.kind === "map") return node.entries.some(({ value }) => hasReset(value));
  return node.kind === "list" && node.items.some(hasReset);
}

/** The service with what it extends, and that with what it extends. */
function extended(entry: YamlEntry, source: Source, read: Read, trail: readonly string[]): Found {
  const field = fieldOf(entry.value, "extends");
  if (!field || entry.value.kind !== "map") return { entry, complete: true };
  const unknown: Found = { entry, complete: false };
  const name = textOf(field.value) ?? textOf(fieldOf(field.value, "service")?.value);
  const file = textOf(fieldOf(field.value, "file")?.value);
  const step = `${source.path ?? ""}:${entry.key}`;
  if (name === undefined || hasVariables(name) || hasVariables(file ?? "")) return unknown;
  if (trail.includes(step) || trail.length > MAX_DEPTH) return unknown;
  const path = file === undefined ? undefined : localPath(file);
  if (file !== undefined && path === undefined) return unknown;
  const from = path === undefined ? source : sourceAt(path, folderOf(path), "extends", read);
  const base = fieldOf(from?.root, "services", name);
  if (!from || base?.value.kind !== "map") return unknown;
  const via: Via = { kind: "extends", name, ...(from.path !== undefined && { file: from.path }) };
  const whole = extended({ key: name, keySpan: base.keySpan, value: base.value }, from, read, [...trail, step]);
  const value = mergeNodes(settled(marked(whole.entry.value, via)), withoutKey(entry.value, "extends"), [
    "services",
    entry.key,
  ]);
  return { entry: { ...entry, value }, complete: whole.complete };
}

const withoutKey = (map: YamlMap, name: string): YamlMap => ({
  ...map,
  entries: map.entries.filter(({ key }) => key !== name),
});

/** Adds what `include` brings; false when some of it is unknown. */
function include(
  root: YamlMap | undefined,
  sections: ReadonlyMap<Section, Map<string, Found>>,
  read: Read,
  trail: readonly string[],
): boolean {
  const field = fieldOf(root, "include");
  if (!field) return true;
  let complete = field.value.kind === "list";
  for (const item of itemsOf(field.value)) {
    const model = included(item, read, trail);
    if (!model) {
      complete = false;
      continue;
    }
    complete &&= model.complete;
    for (const [section, found] of model.sections) {
      const into = sections.get(section);
      for (const [name, each] of found) if (into?.has(name) === false) into.set(name, each);
    }
  }
  return complete;
}

function included(item: YamlNode, read: Read, trail: readonly string[]): Model | undefined {
  const { paths, directory } = includePaths(item);
  const [first] = paths;
  if (first === undefined || trail.includes(first) || trail.length > MAX_DEPTH) return undefined;
  const folder = directory ?? folderOf(first);
  const sources = paths.map((path) => (path === undefined ? undefined : sourceAt(path, folder, "include", read)));
  const known = sources.filter((source) => source !== undefined);
  if (known.length < sources.length) return undefined;
  const model = modelOf(known, read, [...trail, first]);
  if (folder !== "") buildIn(folder, model.sections.get("services"));
  return model;
}

/** A build without a context is one of the included file's folder. */
function buildIn(folder: string, services: Map<string, Found> | undefined): void {
  for (const [name, found] of services ?? []) {
    const { entry } = found;
    const build = fieldOf(entry.value, "build")?.value;
    if (entry.value.kind !== "map" || build?.kind !== "map" || fieldOf(build, "context")) continue;
    const { span, via } = build;
    const value: YamlNode = { kind: "scalar", value: folder, text: folder, style: "plain", span, ...(via && { via }) };
    const context: YamlEntry = { key: "context", keySpan: span, value, ...(via && { via }) };
    const entries = entry.value.entries.map((each) =>
      each.key === "build" ? { ...each, value: { ...build, entries: [...build.entries, context] } } : each,
    );
    services?.set(name, { ...found, entry: { ...entry, value: { ...entry.value, entries } } });
  }
}
