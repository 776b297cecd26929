/** The rows of an SBOM's tree: packages in groups, of those that a filter lets through. What matters first: side bars are narrow. */
import { type LayerLine, type LayerName, type LayerNames, noNames } from "../../sbom/layers.ts";
import type { Component, Sbom } from "../../sbom/model.ts";

export const GROUPINGS = ["ecosystem", "licence", "layer", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Group {
  readonly label: string;
  readonly components: readonly Component[];
  /** Where the layer's instruction stands. */
  readonly place?: LayerLine;
}

/** Every word must be in the name, version, licence, layer or package URL. */
export function filtered(sbom: Sbom, filter: string, layers: LayerNames = noNames): readonly Component[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return sbom.components;
  return sbom.components.filter((component) => {
    const { name, version, licences, layer = "", purl = "", path = "" } = component;
    const made = layer === "" ? "" : layerLabel(layer, layers);
    const text = [name, version, ...licences, layer, made, purl, path].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const NO_LAYER = "No layer named";

const LABELS: Readonly<
  Record<Exclude<Grouping, "none">, (component: Component, layers: LayerNames) => readonly string[]>
> = {
  ecosystem: ({ ecosystem }) => [ecosystem],
  licence: ({ licences }) => (licences.length === 0 ? ["No licence named"] : licences),
  layer: ({ layer }, layers) => [layer === undefined ? NO_LAYER : layerLabel(layer, layers)],
};

/** The largest group first; layers in their order, as far as that is known. */
export function groupsOf(
  components: readonly Component[],
  by: Exclude<Grouping, "none">,
  layers: LayerNames = noNames,
): readonly Group[] {
  const groups = new Map<string, Component[]>();
  for (const component of components)
    for (const label of LABELS[by](component, layers)) {
      const group = groups.get(label);
      if (group) group.push(component);
      else groups.set(label, [component]);
    }
  const order = [...layers.keys()];
  const rank = ({ components: [first] }: Group): number => (by === "layer" ? order.indexOf(first?.layer ?? "") : 0);
  const last = (each: Group): number => (rank(each) < 0 ? order.length : rank(each));
  return [...groups]
    .map(([label, members]): Group => {
      const place = by === "layer" ? placeOf(members[0], layers) : undefined;
      return { label, components: members, ...(place && { place }) };
    })
    .toSorted(
      (a, b) => last(a) - last(b) || b.components.length - a.components.length || a.label.localeCompare(b.label),
    );
}

export const placeOf = (component: Component | undefined, layers: LayerNames): LayerLine | undefined =>
  layers.get(component?.layer ?? "")?.place;

const shortDigest = (digest: string): string => digest.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1…");

/** `Line 2: COPY node_modules /app`, the instruction where no line is known, else the digest. */
function layerLabel(layer: string, layers: LayerNames): string {
  const name = layers.get(layer);
  if (!name) return shortDigest(layer);
  if (!name.place) return name.text;
  return `Line ${name.place.line}: ${name.place.base ? "base image" : name.text}`;
}

const MAX_TEXT = 40;

/** The same behind the name of a package, where there is less room. */
function layerWord(layer: string, layers: LayerNames): string {
  const name = layers.get(layer);
  if (!name) return shortDigest(layer);
  const { place, text } = name;
  if (place) return place.base ? "base image" : `line ${place.line}`;
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Behind the name of a package: version, licence, layer; not what the group above says. */
export const describe = (
  { version, licences, layer }: Component,
  layers: LayerNames = noNames,
  grouping: Grouping = "none",
): string =>
  [
    version,
    grouping === "licence" ? "" : licences.join(", "),
    layer === undefined || grouping === "layer" ? "" : layerWord(layer, layers),
  ]
    .filter((text) => text !== "")
    .join(" · ");

/** Everything that is known of a package, a line each. */
export function details(component: Component, layers: LayerNames = noNames): string {
  const { name, version, ecosystem, licences, purl, layer, path } = component;
  return [
    `${name} ${version}`.trim(),
    `Kind: ${ecosystem}`,
    licences.length > 0 && `Licence: ${licences.join(", ")}`,
    purl,
    path !== undefined && `In: ${path}`,
    layer !== undefined && madeBy(layers.get(layer)),
    layer !== undefined && `Layer: ${layer}`,
  ]
    .filter((line) => typeof line === "string")
    .join("\n");
}

/** `Made by line 2: COPY node_modules /app`; undefined where it is not known. */
export const madeBy = (name: LayerName | undefined): string | undefined =>
  name && `Made by ${name.place ? `line ${name.place.line}: ` : ""}${name.text}`;

/** Behind the name of an SBOM: what matters first. */
export const summary = (sbom: Sbom, shown: number, where = ""): string => {
  const all = sbom.components.length;
  const count = shown === all ? `${all} ${all === 1 ? "package" : "packages"}` : `${shown} of ${all} packages`;
  return [count, sbom.system, sbom.platform, where, sbom.tool]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
};
