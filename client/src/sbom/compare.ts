/** What differs between two SBOMs: packages that came, that went, and that have another version or licence. */
import { type Component, purlParts, type Sbom } from "./model.ts";

export interface Change {
  readonly name: string;
  readonly ecosystem: string;
  readonly from: Side;
  readonly to: Side;
}

interface Side {
  readonly versions: readonly string[];
  readonly licences: readonly string[];
}

export interface Comparison {
  /** The operating systems of both, where they differ. */
  readonly systems?: readonly [from: string, to: string];
  readonly added: readonly Component[];
  readonly removed: readonly Component[];
  readonly changed: readonly Change[];
  /** Packages that are the same in both. */
  readonly unchanged: number;
}

export function compareSboms(before: Sbom, after: Sbom): Comparison {
  const [old, now] = [byPackage(before), byPackage(after)];
  const both = [...old.keys()].filter((key) => now.has(key));
  const changed = both.flatMap((key) => changeOf(old.get(key) ?? [], now.get(key) ?? []));
  const [from = "", to = ""] = [before.system, after.system];
  return {
    ...(from !== to && { systems: [from, to] as const }),
    added: [...now].filter(([key]) => !old.has(key)).flatMap(([, components]) => components),
    removed: [...old].filter(([key]) => !now.has(key)).flatMap(([, components]) => components),
    changed,
    unchanged: both.length - changed.length,
  };
}

/** The same package under every version it has; two formats and tools name it alike where there is a package URL. */
function byPackage({ components }: Sbom): ReadonlyMap<string, readonly Component[]> {
  const packages = new Map<string, Component[]>();
  for (const component of components) {
    const { type, name } = (component.purl && purlParts(component.purl)) || {
      type: component.ecosystem,
      name: component.name,
    };
    const key = `${type}\n${name}`;
    packages.set(key, [...(packages.get(key) ?? []), component]);
  }
  return packages;
}

function changeOf(before: readonly Component[], after: readonly Component[]): readonly Change[] {
  const [from, to] = [sideOf(before), sideOf(after)];
  // Where one tool knows no licence that is no change of it.
  const sameLicence = from.licences.length === 0 || to.licences.length === 0 || same(from.licences, to.licences);
  if (same(from.versions, to.versions) && sameLicence) return [];
  return [{ name: after[0]?.name ?? "", ecosystem: after[0]?.ecosystem ?? "", from, to }];
}

const sideOf = (components: readonly Component[]): Side => ({
  versions: distinct(components.map(({ version }) => version)),
  licences: distinct(components.flatMap(({ licences }) => licences)),
});

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted();
const same = (a: readonly string[], b: readonly string[]): boolean => a.join("\n") === b.join("\n");

/** For a person, as a diff that editors colour. */
export function comparisonText(comparison: Comparison, before: string, after: string): string {
  const { added, removed, changed, unchanged, systems } = comparison;
  const system = (sign: string, text: string): readonly string[] => (text === "" ? [] : [`${sign} ${text}`]);
  const line = (sign: string, { name, version, ecosystem, licences }: Component): string =>
    `${sign} ${name} ${version} (${[ecosystem, ...licences].join(", ")})`;
  return [
    `--- ${before}`,
    `+++ ${after}`,
    "",
    `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} the same`,
    ...section("System", systems ? [...system("-", systems[0]), ...system("+", systems[1])] : []),
    ...section("Changed", changed.flatMap(changeLines)),
    ...section(
      "Added",
      added.map((each) => line("+", each)),
    ),
    ...section(
      "Removed",
      removed.map((each) => line("-", each)),
    ),
    "",
  ].join("\n");
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", `@@ ${title} @@`, ...lines];

function changeLines({ name, ecosystem, from, to }: Change): readonly string[] {
  const text = ({ versions, licences }: Side): string =>
    `${name} ${versions.join(", ")} (${[ecosystem, ...licences].join(", ")})`;
  return [`- ${text(from)}`, `+ ${text(to)}`];
}
