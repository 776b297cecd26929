/** The rows of an SBOM's tree: packages in groups, of those that a filter lets through. */
import type { Component, Sbom } from "../../sbom/model.ts";

export const GROUPINGS = ["ecosystem", "licence", "layer", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Group {
  readonly label: string;
  readonly components: readonly Component[];
}

/** Every word must be in the name, version, licence, layer or package URL. */
export function filtered(sbom: Sbom, filter: string): readonly Component[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return sbom.components;
  return sbom.components.filter((component) => {
    const { name, version, licences, layer = "", purl = "", path = "" } = component;
    const text = [name, version, ...licences, layer, purl, path].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

const LABELS: Readonly<Record<Exclude<Grouping, "none">, (component: Component) => readonly string[]>> = {
  ecosystem: ({ ecosystem }) => [ecosystem],
  licence: ({ licences }) => (licences.length === 0 ? ["no licence named"] : licences),
  layer: ({ layer }) => [layer === undefined ? "no layer named" : shortDigest(layer)],
};

/** The largest group first. */
export function groupsOf(components: readonly Component[], by: Exclude<Grouping, "none">): readonly Group[] {
  const groups = new Map<string, Component[]>();
  for (const component of components)
    for (const label of LABELS[by](component)) {
      const group = groups.get(label);
      if (group) group.push(component);
      else groups.set(label, [component]);
    }
  return [...groups]
    .map(([label, members]) => ({ label, components: members }))
    .toSorted((a, b) => b.components.length - a.components.length || a.label.localeCompare(b.label));
}

export const shortDigest = (digest: string): string => digest.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1…");

/** Behind the name of a package: version, licence, layer. */
export const describe = ({ version, licences, layer }: Component): string =>
  [version, licences.join(", "), layer === undefined ? "" : shortDigest(layer)]
    .filter((text) => text !== "")
    .join(" · ");

/** Everything that is known of a package, a line each. */
export const details = ({ name, version, ecosystem, licences, purl, layer, path }: Component): string =>
  [
    `${name} ${version}`.trim(),
    `Kind: ${ecosystem}`,
    licences.length > 0 && `Licence: ${licences.join(", ")}`,
    purl,
    path !== undefined && `In: ${path}`,
    layer !== undefined && `Layer: ${layer}`,
  ]
    .filter((line) => typeof line === "string")
    .join("\n");
