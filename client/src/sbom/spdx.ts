/** Reads SPDX JSON 2.x. */
import { type Fields, fieldsOf, listOf, textOf } from "../scanners/json.ts";
import { byName, type Component, purlParts, type Sbom } from "./model.ts";

export const isSpdx = (document: Fields): boolean =>
  (textOf(document["spdxVersion"])?.startsWith("SPDX-") ?? false) || document["SPDXID"] === "SPDXRef-DOCUMENT";

export function readSpdx(document: Fields): Sbom {
  const creation = fieldsOf(document["creationInfo"]);
  const tool = listOf(creation["creators"])
    .flatMap((each) => /^Tool:\s*(.+)$/.exec(textOf(each) ?? "")?.[1] ?? [])
    .at(0);
  const created = textOf(creation["created"]);
  const packages = listOf(document["packages"]).map(fieldsOf);
  const context = { layers: layersOf(document), described: describedBy(document), licences: licenceNames(document) };
  const image = packages.find(
    (each) => each["primaryPackagePurpose"] === "CONTAINER" && context.described.has(textOf(each["SPDXID"]) ?? ""),
  );
  const system = packages.map(systemOf).find((each) => each !== undefined);
  return {
    format: "spdx",
    specVersion: (textOf(document["spdxVersion"]) ?? "").replace(/^SPDX-/, ""),
    subject: textOf(image?.["name"]) ?? textOf(document["name"]) ?? "",
    ...(tool !== undefined && { tool }),
    ...(created !== undefined && { created }),
    ...(system !== undefined && { system }),
    components: packages.flatMap((each) => componentOf(each, context)).toSorted(byName),
  };
}

interface Context {
  /** The layer of what has this id. */
  readonly layers: ReadonlyMap<string, string>;
  /** Ids of what the document is about. */
  readonly described: ReadonlySet<string>;
  /** Names of licences that have no SPDX id. */
  readonly licences: ReadonlyMap<string, string>;
}

const SYSTEM = "OPERATING-SYSTEM";
const NO_PACKAGES: ReadonlySet<string> = new Set(["CONTAINER", "FILE", SYSTEM]);

function systemOf({ primaryPackagePurpose, name, versionInfo }: Fields): string | undefined {
  const text = textOf(name);
  // `none` is Trivy's word for one it does not know.
  if (primaryPackagePurpose !== SYSTEM || text === undefined || text === "none") return undefined;
  return `${text} ${textOf(versionInfo) ?? ""}`.trim();
}

function componentOf(fields: Fields, context: Context): readonly Component[] {
  const name = textOf(fields["name"]);
  const id = textOf(fields["SPDXID"]) ?? "";
  const purl = purlIn(fields);
  const version = textOf(fields["versionInfo"]) ?? "";
  const purpose = textOf(fields["primaryPackagePurpose"]);
  if (name === undefined || (purpose !== undefined && NO_PACKAGES.has(purpose))) return [];
  // A lock file that packages were found in, or the root of the document.
  if (version === "" && purl === undefined && (purpose === "APPLICATION" || context.described.has(id))) return [];
  const layer = annotated(fields, "LayerDiffID") ?? context.layers.get(id) ?? annotated(fields, "LayerDigest");
  const path = annotated(fields, "FilePath") ?? /:\s*(\/\S.*)$/.exec(textOf(fields["sourceInfo"]) ?? "")?.[1];
  return [
    {
      name,
      version,
      ...(purl !== undefined && { purl }),
      ecosystem: (purl && purlParts(purl)?.type) ?? purpose?.toLowerCase() ?? "library",
      licences: licencesOf(fields, context.licences),
      ...(layer !== undefined && { layer }),
      ...(path !== undefined && { path }),
    },
  ];
}

function purlIn(fields: Fields): string | undefined {
  const references = listOf(fields["externalRefs"]).map(fieldsOf);
  return textOf(references.find((each) => each["referenceType"] === "purl")?.["referenceLocator"]);
}

/** Trivy writes `Key: value` as comments of annotations. */
function annotated(fields: Fields, key: string): string | undefined {
  for (const each of listOf(fields["annotations"])) {
    const comment = textOf(fieldsOf(each)["comment"]);
    if (comment?.startsWith(`${key}: `)) return textOf(comment.slice(key.length + 2));
  }
  return undefined;
}

const NOTHING: ReadonlySet<string> = new Set(["NOASSERTION", "NONE"]);

/** What was concluded, else what was declared. */
function licencesOf(fields: Fields, names: Context["licences"]): readonly string[] {
  const said = [fields["licenseConcluded"], fields["licenseDeclared"]]
    .map(textOf)
    .find((text) => text !== undefined && !NOTHING.has(text));
  return said === undefined ? [] : [said.replace(/LicenseRef-[\w.-]+/g, (id) => names.get(id) ?? id)];
}

const licenceNames = (document: Fields): Context["licences"] =>
  new Map(
    listOf(document["hasExtractedLicensingInfos"]).flatMap((each) => {
      const { licenseId, name } = fieldsOf(each);
      const id = textOf(licenseId);
      return id === undefined ? [] : [[id, textOf(name) ?? id] as const];
    }),
  );

interface Relationship {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly comment: string;
}

const relationshipsOf = (document: Fields): readonly Relationship[] =>
  listOf(document["relationships"]).map((each) => {
    const fields = fieldsOf(each);
    const text = (name: string): string => textOf(fields[name]) ?? "";
    return {
      from: text("spdxElementId"),
      to: text("relatedSpdxElement"),
      type: text("relationshipType"),
      comment: text("comment"),
    };
  });

function describedBy(document: Fields): Context["described"] {
  const listed = listOf(document["documentDescribes"]).flatMap((each) => textOf(each) ?? []);
  const related = relationshipsOf(document).filter(({ type }) => type === "DESCRIBES");
  return new Set([...listed, ...related.map(({ to }) => to)]);
}

/** Syft, and so BuildKit's scanner, names the layer at the file that gives a package away. */
function layersOf(document: Fields): Context["layers"] {
  const files = new Map(
    listOf(document["files"]).flatMap((each) => {
      const { SPDXID, comment } = fieldsOf(each);
      const layer = /^layerID:\s*(\S+)/.exec(textOf(comment) ?? "")?.[1];
      const id = textOf(SPDXID);
      return layer === undefined || id === undefined ? [] : [[id, layer] as const];
    }),
  );
  if (files.size === 0) return new Map();
  return new Map(
    relationshipsOf(document)
      .filter(({ comment }) => comment.startsWith("evident-by"))
      .flatMap(({ from, to }) => {
        const layer = files.get(to);
        return layer === undefined ? [] : [[from, layer] as const];
      }),
  );
}
