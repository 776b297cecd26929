/** Reads CycloneDX JSON, any version of it. */
import { type Fields, fieldsOf, listOf, textOf } from "../scanners/json.ts";
import { byName, type Component, purlParts, type Sbom } from "./model.ts";

/** Properties in which tools name the layer and the place, the best first. */
const LAYER = ["aquasecurity:trivy:LayerDiffID", "syft:location:0:layerID", "aquasecurity:trivy:LayerDigest"];
const PATH = ["aquasecurity:trivy:FilePath", "syft:location:0:path"];
const KIND = ["syft:package:type", "aquasecurity:trivy:PkgType"];
/** How deep components may hold components: hostile input nests without end. */
const DEPTH = 16;

export const isCycloneDx = (document: Fields): boolean =>
  document["bomFormat"] === "CycloneDX" || (Array.isArray(document["components"]) && "specVersion" in document);

export function readCycloneDx(document: Fields): Sbom {
  const metadata = fieldsOf(document["metadata"]);
  const subject = fieldsOf(metadata["component"]);
  const tool = toolOf(metadata["tools"]);
  const created = textOf(metadata["timestamp"]);
  const all = flat(document["components"], DEPTH);
  const system = all.map(systemOf).find((each) => each !== undefined);
  return {
    format: "cyclonedx",
    specVersion: textOf(document["specVersion"]) ?? "",
    subject: textOf(subject["name"]) ?? "",
    ...(tool !== undefined && { tool }),
    ...(created !== undefined && { created }),
    ...(system !== undefined && { system }),
    components: all.flatMap(componentOf).toSorted(byName),
  };
}

function flat(components: unknown, depth: number): readonly Fields[] {
  return listOf(components).flatMap((each) => {
    const fields = fieldsOf(each);
    return depth === 0 ? [fields] : [fields, ...flat(fields["components"], depth - 1)];
  });
}

/** The files and lock files that tools list beside the packages found in them are no packages. */
const PLACES: ReadonlySet<string> = new Set(["file", "application", "data"]);

const SYSTEM = "operating-system";

function systemOf({ type, name, version }: Fields): string | undefined {
  const text = textOf(name);
  // `none` is Trivy's word for one it does not know.
  if (type !== SYSTEM || text === undefined || text === "none") return undefined;
  return `${text} ${textOf(version) ?? ""}`.trim();
}

function componentOf(fields: Fields): readonly Component[] {
  const bare = textOf(fields["name"]);
  const purl = textOf(fields["purl"]);
  const version = textOf(fields["version"]) ?? "";
  const type = textOf(fields["type"]) ?? "library";
  if (type === SYSTEM) return [];
  if (bare === undefined || (PLACES.has(type) && version === "" && purl === undefined) || type === "file") return [];
  const properties = new Map(
    listOf(fields["properties"]).map((each) => [textOf(fieldsOf(each)["name"]), textOf(fieldsOf(each)["value"])]),
  );
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => properties.get(name)).find((value) => value !== undefined);
  const group = textOf(fields["group"]);
  const [layer, path] = [first(LAYER), first(PATH)];
  return [
    {
      name: group === undefined || bare.startsWith(`${group}/`) ? bare : `${group}/${bare}`,
      version,
      ...(purl !== undefined && { purl }),
      ecosystem: (purl && purlParts(purl)?.type) ?? first(KIND) ?? type,
      licences: [...new Set(listOf(fields["licenses"]).flatMap(licencesOf))],
      ...(layer !== undefined && { layer }),
      ...(path !== undefined && { path }),
    },
  ];
}

function licencesOf(entry: unknown): readonly string[] {
  const fields = fieldsOf(entry);
  const licence = fieldsOf(fields["license"]);
  const text = textOf(fields["expression"]) ?? textOf(licence["id"]) ?? textOf(licence["name"]);
  return text === undefined ? [] : [text];
}

/** A list until 1.4, an object with components since 1.5. */
function toolOf(tools: unknown): string | undefined {
  const [first] = [...listOf(tools), ...listOf(fieldsOf(tools)["components"])].map(fieldsOf);
  const name = textOf(first?.["name"]);
  const version = textOf(first?.["version"]);
  return name === undefined || version === undefined ? name : `${name} ${version}`;
}
