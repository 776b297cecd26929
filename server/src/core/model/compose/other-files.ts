/**
 * Other compose files that belong to a document: read, and their nodes made to fit: marked with the file they stand in, their relative
 * paths made relative to the document's folder (compose-go's paths/resolve.go).
 */
import type { Via, YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { parseCompose } from "./parse.ts";
import { joined } from "./paths.ts";
import type { ComposeFile } from "./model.ts";
import { parseVolume } from "./volume.ts";
import { isFault } from "./fault.ts";

/** So many texts are kept, so that those that did not change are not parsed again with each keystroke in the document. */
const MOST = 40;

interface Kept {
  readonly file: ComposeFile;
  readonly fitted: Map<string, YamlMap | undefined>;
}

const kept = new Map<string, Kept>();

function keptOf(text: string): Kept {
  const known = kept.get(text);
  const found = known ?? { file: parseCompose(text), fitted: new Map<string, YamlMap | undefined>() };
  // The ones used last are at the end.
  kept.delete(text);
  kept.set(text, found);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  return found;
}

/** Parsed once for each text. */
export const otherFile = (text: string): ComposeFile => keptOf(text).file;

/** Its nodes as they count in the document. `folder` is what its relative paths are relative to. */
export function fittedRoot(text: string, folder: string, via: Via): YamlMap | undefined {
  const { file, fitted } = keptOf(text);
  const key = JSON.stringify([folder, via.kind, via.file]);
  if (fitted.has(key)) return fitted.get(key);
  const root = file.root && fit(file.root, folder, via, []);
  const map = root?.kind === "map" ? root : undefined;
  fitted.set(key, map);
  return map;
}

/** All nodes below marked as having come this way; the file they stand in stays where one is known. */
export function marked<T extends YamlNode>(node: T, via: Via): T;
export function marked(node: YamlNode, via: Via): YamlNode {
  const own = node.via?.file === undefined ? via : { ...via, file: node.via.file };
  if (node.kind === "scalar") return { ...node, via: own };
  if (node.kind === "list") return { ...node, via: own, items: node.items.map((item) => marked(item, via)) };
  const entries = node.entries.map((entry) => {
    const file = entry.via?.file ?? via.file;
    return { ...entry, value: marked(entry.value, via), via: file === undefined ? via : { ...via, file } };
  });
  return { ...node, via: own, entries, written: entries };
}

type NodePath = readonly string[];

function fit(node: YamlNode, folder: string, via: Via, path: NodePath): YamlNode {
  if (node.kind === "scalar") return { ...(folder === "" ? node : relocated(node, folder, path)), via };
  if (node.kind === "list") return fitList(node, folder, via, path);
  const isTopLevel = path.length === 0;
  const entries = node.entries.map(
    (entry): YamlEntry => ({
      ...entry,
      value:
        isTopLevel && entry.key.startsWith("x-") ? entry.value : fit(entry.value, folder, via, [...path, entry.key]),
      via,
    }),
  );
  return { ...node, entries, written: entries, via };
}

const fitList = (node: YamlList, folder: string, via: Via, path: NodePath): YamlList => ({
  ...node,
  items: node.items.map((item) => fit(item, folder, via, [...path, "-"])),
  via,
});

function relocated(node: YamlScalar, folder: string, path: NodePath): YamlScalar {
  if (node.value === null) return node;
  const text = textAt(node.text, folder, path);
  return text === node.text ? node : { ...node, text, value: text };
}

/** Where any relative path stands; `*` is any one key, `-` an item of a list. */
const PATHS: readonly (readonly string[])[] = [
  "services.*.build",
  "services.*.build.context",
  "services.*.build.additional_contexts.*",
  "services.*.env_file",
  "services.*.env_file.-",
  "services.*.env_file.-.path",
  "services.*.label_file",
  "services.*.label_file.-",
  "services.*.extends.file",
  "services.*.develop.watch.-.path",
  "configs.*.file",
  "secrets.*.file",
  "include.-",
  "include.-.path",
  "include.-.path.-",
  "include.-.project_directory",
  "include.-.env_file",
  "include.-.env_file.-",
].map((pattern) => pattern.split("."));

const isAt = (path: NodePath, pattern: readonly string[]): boolean =>
  path.length === pattern.length && pattern.every((key, index) => key === "*" || key === path[index]);

const VOLUME = ["services", "*", "volumes", "-"];
const MOUNT_SOURCE = ["services", "*", "volumes", "-", "source"];

function textAt(text: string, folder: string, path: NodePath): string {
  if (PATHS.some((pattern) => isAt(path, pattern))) return joined(folder, text) ?? text;
  if (isAt(path, MOUNT_SOURCE) && /^\.{1,2}(?:\/|$)/.test(text)) return dotted(joined(folder, text) ?? text);
  if (!isAt(path, VOLUME)) return text;
  const volume = parseVolume(text);
  if (isFault(volume) || volume.source === undefined || !/^\.{1,2}(?:\/|$)/.test(volume.source)) return text;
  return dotted(joined(folder, volume.source) ?? volume.source) + text.slice(volume.source.length);
}

/** A source without a dot at its beginning names a volume. */
const dotted = (path: string): string => (/^[./]/.test(path) ? path : `./${path}`);
