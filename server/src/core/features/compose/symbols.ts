/** A compose file as an outline: its sections, what they declare, and what each of those says. */
import { SECTIONS } from "../../model/compose/name-index.ts";
import { fieldOf, textOf } from "../../model/compose/fields.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { type Step, stepsBelow } from "./paths.ts";
import type { OutlineSymbol as Outlined } from "../outline.ts";

export type SymbolKind =
  | "section"
  | "service"
  | "network"
  | "volume"
  | "secret"
  | "config"
  | "model"
  | "extension"
  | "include"
  | "key"
  | "text"
  | "number"
  | "list";

export type OutlineSymbol = Outlined<SymbolKind>;

export function outlineOf({ root }: ComposeFile): readonly OutlineSymbol[] {
  if (!root) return [];
  return stepsBelow(root).flatMap((step) => {
    const name = step.entry?.key ?? "";
    if (name === "include") return symbol(step, "include", includesBelow(step.node));
    const declares = SECTIONS.get(name);
    if (declares === undefined)
      return symbol(step, name.startsWith("x-") ? "extension" : kindOf(step.node), keysBelow(step.node));
    const declared = stepsBelow(step.node).flatMap((each) => symbol(each, declares, keysBelow(each.node)));
    return symbol(step, "section", declared);
  });
}

/** Symbols have to have a name. */
function symbol(
  { entry, node, span }: Step,
  kind: SymbolKind,
  children: readonly OutlineSymbol[],
): readonly OutlineSymbol[] {
  if (!entry || entry.key === "") return [];
  const detail = kind === "service" ? sourceOf(node) : detailOf(node);
  return [{ name: entry.key, detail, kind, span, nameSpan: entry.keySpan, children }];
}

const keysBelow = (node: YamlNode): readonly OutlineSymbol[] =>
  node.kind === "map" ? stepsBelow(node).flatMap((step) => symbol(step, kindOf(step.node), [])) : [];

const includesBelow = (node: YamlNode): readonly OutlineSymbol[] =>
  stepsBelow(node).flatMap(({ node: item, span }): readonly OutlineSymbol[] => {
    const path = item.kind === "map" ? fieldOf(item, "path")?.value : item;
    const first = path?.kind === "list" ? path.items[0] : path;
    const name = textOf(first);
    return name && first ? [{ name, detail: "", kind: "include", span, nameSpan: span, children: [] }] : [];
  });

function kindOf(node: YamlNode): SymbolKind {
  if (node.kind === "map") return "key";
  if (node.kind === "list") return "list";
  return typeof node.value === "number" ? "number" : "text";
}

/** Where a service's container comes from. */
function sourceOf(node: YamlNode): string {
  const image = textOf(fieldOf(node, "image")?.value);
  if (image !== undefined) return image;
  const build = fieldOf(node, "build");
  const extended = fieldOf(node, "extends")?.value;
  if (build) return `build ${textOf(build.value) ?? textOf(fieldOf(build.value, "context")?.value) ?? "."}`;
  if (!extended) return "";
  const file = textOf(fieldOf(extended, "file")?.value);
  const base = textOf(extended) ?? textOf(fieldOf(extended, "service")?.value) ?? "";
  return `extends ${base}${file === undefined ? "" : ` of ${file}`}`;
}

const LONGEST = 60;

function detailOf(node: YamlNode): string {
  if (node.via) return `*${node.via.name ?? ""}`;
  if (node.kind !== "scalar") return "";
  const line = node.text.split("\n", 1)[0] ?? "";
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
