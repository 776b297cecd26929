/** From a mapping down to what its keys say, and whether that is written where it is used. */
import { perDocumentOf } from "../memo.ts";
import type { Via, YamlEntry, YamlNode } from "../../text/yaml.ts";
import type { ComposeFile, Field, Service } from "./model.ts";

/** The function, computed once for each compose file. */
export const perCompose = perDocumentOf<ComposeFile>();

/** The function, computed once for each service. */
export const perService = perDocumentOf<Service>();

/** The value below a path of keys; undefined where a key is missing or what should be a mapping is none. */
export function fieldOf(node: YamlNode | undefined, ...path: readonly string[]): Field | undefined {
  let at: Field | undefined;
  let value = node;
  let via = node?.via;
  for (const key of path) {
    const entry = value?.kind === "map" ? value.entries.find((each) => each.key === key) : undefined;
    if (!entry) return undefined;
    const own = viaOf(entry);
    // What two other files say stands in each of them: what is further in knows in which.
    via = own?.file === undefined ? (via ?? own) : own;
    value = entry.value;
    at = { key, keySpan: entry.keySpan, value, ...(via && { via }) };
  }
  return at;
}

/** All keys of a mapping; none when it is something else. */
export function fieldsOf(node: YamlNode | undefined): readonly Field[] {
  if (node?.kind !== "map") return [];
  return node.entries.map((entry) => {
    const via = node.via ?? viaOf(entry);
    return { key: entry.key, keySpan: entry.keySpan, value: entry.value, ...(via && { via }) };
  });
}

/** The items of a list; none when it is something else. */
export const itemsOf = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === "list" ? node.items : []);

/** What a scalar says, as text; undefined for lists, mappings and nothing. */
export const textOf = (node: YamlNode | undefined): string | undefined =>
  node?.kind === "scalar" && node.value !== null ? node.text : undefined;

/** Neither written as `null` nor left out. */
export const isSet = (node: YamlNode | undefined): boolean =>
  node !== undefined && !(node.kind === "scalar" && node.value === null);

const viaOf = (entry: YamlEntry): Via | undefined => entry.via ?? entry.value.via;
