/**
 * What compose has against a file: the schema's rules, and those it checks behind the schema. Every value is judged as it is used,
 * merge keys and aliases followed; a fault in what is used several times is there once, where it is written.
 */
import type { YamlEntry, YamlList, YamlMap, YamlNode } from "../../text/yaml.ts";
import { keyKind } from "./go-yaml.ts";
import { CHECKS } from "./schema-checks.ts";
import type { Place, Report, SchemaFault } from "./schema-fault.ts";
import { below, fileShape } from "./schema-shapes.ts";
import { misplacedItem, unknownKey } from "./schema-unknown.ts";
import { checkScalar, kindFits, spanOf } from "./schema-values.ts";
import { quoted, subject, withKind } from "./schema-words.ts";

export type { SchemaFault } from "./schema-fault.ts";
export { keysAt, valuesAt } from "./schema-shapes.ts";

export function schemaFaults(root: YamlNode): readonly SchemaFault[] {
  const faults = new Map<string, SchemaFault>();
  const visit = (node: YamlNode, place: Place): void => {
    if (node.tag === "!reset") return;
    const report: Report = (fault) => {
      const key = `${fault.span.start} ${fault.message}`;
      if (!faults.has(key)) faults.set(key, { path: place.path, ...fault });
    };
    if (misplacedItem(node, place, report) || !kindFits(node, place, report)) return;
    if (node.kind === "scalar") checkScalar(node, place, report);
    else if (node.kind === "list") checkList(node, place, report, visit);
    else checkMap(node, place, report, visit);
    CHECKS[place.at]?.(node, place, report);
  };
  visit(root, { shape: fileShape(), path: [], at: "", keySpan: NOWHERE });
  return [...faults.values()].toSorted((a, b) => a.span.start - b.span.start);
}

type Visit = (node: YamlNode, place: Place) => void;

const NOWHERE = { start: 0, end: 0 };

function checkList(node: YamlList, place: Place, report: Report, visit: Visit): void {
  const { shape, path, at } = place;
  const { items } = shape;
  if (items)
    for (const [index, item] of node.items.entries())
      visit(item, { shape: items, path: [...path, index], at: `${at}.*`, keySpan: NOWHERE, parent: place });
  if (!shape.unique) return;
  const seen = new Set<string>();
  for (const item of node.items) {
    if (item.kind !== "scalar") continue;
    if (seen.has(item.text))
      report({ span: item.span, at: "value", message: `${quoted(item.text)} is in ${String(path.at(-1))} twice` });
    seen.add(item.text);
  }
}

function checkMap(node: YamlMap, place: Place, report: Report, visit: Visit): void {
  const { shape, path, at } = place;
  const meant = new Set<string>();
  for (const entry of node.entries) {
    const { key, keySpan, value } = entry;
    checkKeyKind(entry, path, report);
    const known = shape.keys.get(key);
    const next = known ?? below(shape, key);
    if (next) {
      const way = at === "" ? key : `${at}.${known ? key : "*"}`;
      visit(value, { shape: next, path: [...path, key], at: way, keySpan, parent: place });
    } else if (shape.open || isExtension(key, place) || value.tag === "!reset")
      checkFree(value, [...path, key], report);
    else {
      const fault = unknownKey(entry, place);
      if (fault.suggestion) meant.add(fault.suggestion.text);
      report({ span: keySpan, at: "key", path: [...path, key], ...fault, ...(IGNORANT.has(at) && NOBODY) });
    }
  }
  // Where not one key is right, the rest is a consequence.
  if (node.entries.length > 0 && !node.entries.some(({ key }) => shape.keys.has(key))) return;
  for (const required of shape.required ?? [])
    if (!meant.has(required) && !node.entries.some(({ key }) => key === required))
      report({
        ...spanOf(node, place),
        message: `${subject(place)} has no ${required}, which it needs`,
        missing: true,
      });
}

/** Places where compose passes over keys it does not know. */
const IGNORANT: ReadonlySet<string> = new Set(["include.*", "services.*.extends"]);
const NOBODY = { by: "nobody" } as const;

const isExtension = (key: string, { shape, at }: Place): boolean =>
  key.startsWith("x-") && shape.keys.size > 0 && (!shape.strict || IGNORANT.has(at));

/** Where anything may be, keys have to be text all the same. */
function checkFree(node: YamlNode, path: Place["path"], report: Report): void {
  if (node.kind === "list") for (const [index, item] of node.items.entries()) checkFree(item, [...path, index], report);
  if (node.kind !== "map") return;
  for (const entry of node.entries) {
    checkKeyKind(entry, path, report);
    checkFree(entry.value, [...path, entry.key], report);
  }
}

function checkKeyKind(entry: YamlEntry, path: Place["path"], report: Report): void {
  const kind = keyKind(entry);
  if (kind === "string") return;
  const { key, keySpan: span } = entry;
  const at = { span, at: "key", path: [...path, key] } as const;
  if (key === "") report({ ...at, message: "A key is empty, and has to be text" });
  else
    report({
      ...at,
      message: `The key ${key} is ${withKind(kind)}, and compose takes text only`,
      suggestion: { span, text: `"${key}"`, title: `Quote ${key}`, same: true },
    });
}
