/** Lists of `KEY=value` and the mappings they stand for: environment, labels, build arguments, extra_hosts and their like. */
import { isFault } from "../../model/compose/fault.ts";
import { parseExtraHost } from "../../model/compose/extra-host.ts";
import { fieldOf, fieldsOf, textOf } from "../../model/compose/fields.ts";
import { scalarKind } from "../../model/compose/go-yaml.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import { keyValue } from "../../model/compose/key-value.ts";
import type { Plain } from "../../model/compose/written.ts";
import type { YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import type { Refusal } from "./assist.ts";

export type Entries = readonly (readonly [key: string, value: Plain])[];

export interface PairForm {
  toMap(list: YamlList): Entries | Refusal;
  toList(map: YamlMap): readonly string[] | Refusal;
}

/** Texts of a list that has nothing else in it. */
export function textsOf(list: YamlList): readonly string[] | Refusal {
  const texts: string[] = [];
  for (const item of list.items) {
    if (item.via) return { refusal: "an item of it stands elsewhere" };
    if (item.tag !== undefined) return { refusal: `an item of it is tagged ${item.tag}` };
    if (item.kind !== "scalar" || scalarKind(item) !== "string") return { refusal: "an item of it is no text" };
    texts.push(item.text);
  }
  return texts;
}

function distinct(entries: Entries): Entries | Refusal {
  const seen = new Set<string>();
  for (const [key] of entries) {
    if (hasVariables(key)) return { refusal: `compose replaces no variable in a key, and there is one in ${key}` };
    if (key.includes("$")) return { refusal: `a dollar sign in the key ${key} would mean something else` };
    if (key === "" || key.trim() !== key) return { refusal: `${JSON.stringify(key)} is no key` };
    if (key === "<<") return { refusal: "<< would become a merge key" };
    if (seen.has(key)) return { refusal: `${key} stands in it twice` };
    seen.add(key);
  }
  return entries;
}

/** `bare`: what a key alone stands for. */
export const pairs = (bare: "environment" | "empty" | "refused"): PairForm => ({
  toMap(list) {
    const texts = textsOf(list);
    if ("refusal" in texts) return texts;
    const read = texts.map(keyValue);
    const alone = read.find(({ value }) => value === undefined);
    if (alone && bare === "refused") return { refusal: `${alone.key} has no value` };
    return distinct(read.map(({ key, value }) => [key, value ?? (bare === "environment" ? null : "")]));
  },
  toList(map) {
    const texts: string[] = [];
    for (const { key, value } of map.entries) {
      if (key.includes("$")) return { refusal: `a dollar sign in the key ${key} would mean something else` };
      if (key.includes("=") || key === "") return { refusal: `${JSON.stringify(key)} is no name in a list` };
      const text = listValue(value);
      if (typeof text === "object") return { refusal: `${key} ${text.refusal}` };
      if (text === undefined && bare === "refused") return { refusal: `${key} has no value` };
      texts.push(text === undefined && bare === "environment" ? key : `${key}=${text ?? ""}`);
    }
    return texts;
  },
});

/** What compose makes a text of; undefined for nothing. */
function listValue(node: YamlNode): string | undefined | Refusal {
  if (node.via) return { refusal: "stands elsewhere" };
  if (node.kind !== "scalar") return { refusal: "is no text" };
  if (node.tag !== undefined) return { refusal: `is tagged ${node.tag}` };
  const { text } = node;
  switch (scalarKind(node)) {
    case "string":
      return text;
    case "null":
      return undefined;
    case "boolean":
      return text.toLowerCase();
    case "integer":
    case "number":
      // Other ways to write a number come out changed: 1.10 as 1.1, 0755 as 493.
      return /^-?(?:0|[1-9]\d{0,14})$|^-?(?:0|[1-9]\d{0,5})\.\d{0,5}[1-9]$/.test(text)
        ? text
        : { refusal: `is the number ${text}, which compose writes in another way: put it in quotes first` };
    case "date":
      return { refusal: `is the date ${text}, which compose does not take: put it in quotes first` };
  }
}

/** `host:address`; several addresses of one host have no agreed way to be written. */
export const hosts: PairForm = {
  toMap(list) {
    const texts = textsOf(list);
    if ("refusal" in texts) return texts;
    const entries: [string, string][] = [];
    for (const text of texts) {
      if (hasVariables(text)) return { refusal: `what ${text} holds decides what its parts are` };
      const host = parseExtraHost(text);
      if (isFault(host)) return { refusal: host.problem };
      const [only, second] = host.addresses;
      if (!only || second) return { refusal: `${host.host} has several addresses` };
      entries.push([host.host, only.address]);
    }
    return distinct(entries);
  },
  toList(map) {
    const texts: string[] = [];
    for (const { key, value } of map.entries) {
      const address = listValue(value);
      if (typeof address === "object") return { refusal: `${key} ${address.refusal}` };
      if (address === undefined || address === "") return { refusal: `${key} has no address` };
      const text = `${key}${address.includes(":") ? "=" : ":"}${address}`;
      const again = parseExtraHost(text);
      if (key.includes("$") || hasVariables(address) || isFault(again) || again.addresses.length > 1)
        return { refusal: `${key} and ${address} cannot be written as one text` };
      texts.push(text);
    }
    return texts;
  },
};

export const dependencies: PairForm = {
  toMap(list) {
    const texts = textsOf(list);
    return "refusal" in texts ? texts : distinct(texts.map((name) => [name, { condition: "service_started" }]));
  },
  toList(map) {
    for (const { key, value } of map.entries) {
      if (value.via) return { refusal: `${key} stands elsewhere` };
      if (key.includes("$")) return { refusal: `a dollar sign in ${key} would mean something else` };
      for (const { key: option, value: set } of fieldsOf(value)) {
        const text = textOf(set);
        if (text === undefined || USUAL[option] !== text)
          return { refusal: `the short form has no place for ${option}: ${text ?? ""} of ${key}` };
      }
      if (fieldOf(value, "condition") === undefined) return { refusal: `${key} states no condition` };
    }
    return map.entries.map(({ key }) => key);
  },
};

/** What the short form of a dependency stands for. */
const USUAL: Readonly<Record<string, string>> = { condition: "service_started", required: "true", restart: "false" };

export const names: PairForm = {
  toMap(list) {
    const texts = textsOf(list);
    return "refusal" in texts ? texts : distinct(texts.map((name) => [name, null]));
  },
  toList(map) {
    for (const { key, value } of map.entries) {
      if (value.kind !== "scalar" || value.value !== null || value.via || value.tag !== undefined)
        return { refusal: `the short form has no place for what ${key} says` };
      if (key.includes("$")) return { refusal: `a dollar sign in ${key} would mean something else` };
    }
    return map.entries.map(({ key }) => key);
  },
};
