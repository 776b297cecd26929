/** pnpm-lock.yaml → what it locks; pnpm-workspace.yaml → its packages. */
import { parseYaml, type YamlNode } from "../../text/yaml.ts";
import type { NodeLock } from "./node-lock.ts";

/** Undefined where the text is no lock file of pnpm. */
export function readPnpmLock(text: string): NodeLock | undefined {
  const [, version] = /^lockfileVersion:[ \t]*['"]?([\d.]+)/m.exec(text.slice(0, 5000)) ?? [];
  if (version === undefined) return undefined;
  // What is behind it is one entry a package and would be most of the work.
  const body = /^(?:packages|snapshots):/m.exec(text)?.index ?? text.length;
  const head = parseYaml(text.slice(0, body)).root;
  const importers = nodeAt(head, "importers");
  return {
    kind: "pnpm",
    version,
    wanted:
      head &&
      new Map(
        (importers ? entriesOf(importers) : [[".", head] as const]).map(([path, each]) => [
          path === "." ? "" : path,
          specifiersOf(each),
        ]),
      ),
    locks: () => undefined,
    packages: packagesOf(text.slice(body)),
  };
}

/** `specifiers:` up to version 5, a `specifier:` in each dependency later. */
function specifiersOf(root: YamlNode): ReadonlyMap<string, string> {
  const specifiers = nodeAt(root, "specifiers");
  if (specifiers)
    return new Map(
      entriesOf(specifiers).flatMap(([name, node]) => (node.kind === "scalar" ? [[name, node.text]] : [])),
    );
  return new Map(
    ["devDependencies", "dependencies", "optionalDependencies"].flatMap((group) =>
      entriesOf(nodeAt(root, group)).flatMap(([name, node]) => {
        const specifier = nodeAt(node, "specifier");
        return specifier?.kind === "scalar" ? [[name, specifier.text] as const] : [];
      }),
    ),
  );
}

/** `  /@scope/name@1.0.0(peer@1):`, `  'name@1.0.0':`, and `  /name/1.0.0:` of the oldest. */
function packagesOf(body: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name] of body.matchAll(/^ {2}['"]?\/?((?:@[\w.~-]+\/)?[\w.~-]+)[@/]/gm))
    if (name !== undefined) names.add(name);
  return names;
}

/** Patterns of the folders that hold packages; empty where none is listed. */
export const pnpmWorkspaces = (text: string): readonly string[] => {
  const packages = nodeAt(parseYaml(text).root, "packages");
  return packages?.kind === "list" ? packages.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : [])) : [];
};

function nodeAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let found = node;
  for (const key of path)
    found = found?.kind === "map" ? found.entries.find((entry) => entry.key === key)?.value : undefined;
  return found;
}

const entriesOf = (node: YamlNode | undefined): readonly (readonly [string, YamlNode])[] =>
  node?.kind === "map" ? node.entries.map(({ key, value }) => [key, value] as const) : [];
