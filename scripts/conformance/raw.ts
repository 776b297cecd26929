/**
 * What recorded outputs of scanners and SBOM tools say, counted from the raw JSON by other code than the extension's: nothing is
 * merged here but what the formats themselves call one, so that a parser that drops or doubles something is found out.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const at = (value: Json | undefined, ...keys: readonly string[]): Json | undefined =>
  keys.reduce<Json | undefined>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? (inner as { readonly [key: string]: Json })[key]
        : undefined,
    value,
  );
export const items = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
export const said = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** One thing a scanner says of one package or place. */
export interface RawFinding {
  readonly kind: "vulnerability" | "secret" | "misconfiguration";
  readonly id: string;
  readonly severity: string;
  /** `name@version`; empty for what is in no package. */
  readonly package: string;
  /** What is built from one source is one finding. */
  readonly source: string;
  readonly fixed: string;
  readonly layer: string;
  readonly path: string;
  readonly line: number | undefined;
  /** Of the image's history, where that is what is quoted. */
  readonly step?: number | undefined;
}

const bare = (path: string): string => path.replace(/^\/+/, "");
const lineIn = (value: Json | undefined): number | undefined =>
  typeof value === "number" && value > 0 ? value : undefined;

export function rawTrivy(report: Json): readonly RawFinding[] {
  const image = at(report, "ArtifactType") === "container_image" ? said(at(report, "ArtifactName")) : undefined;
  const history = items(at(report, "Metadata", "ImageConfig", "history")).map((each) => said(at(each, "created_by")));
  const stepWith = (isIt: (createdBy: string) => boolean): number | undefined => {
    const found = history.findLastIndex(isIt);
    return found < 0 ? undefined : found;
  };
  return items(at(report, "Results")).flatMap((result) => {
    const target = said(at(result, "Target"));
    const isFile = target !== image;
    const sourceOf = new Map(
      items(at(result, "Packages")).map((each) => [said(at(each, "ID")), said(at(each, "SrcName"))]),
    );
    const none = { package: "", source: "", fixed: "" };
    return [
      ...items(at(result, "Vulnerabilities")).map((each) => {
        const name = said(at(each, "PkgName"));
        const version = said(at(each, "InstalledVersion"));
        const own = at(result, "Class") === "lang-pkgs" && /[./]/.test(target) && target !== "Node.js" ? target : "";
        return {
          kind: "vulnerability" as const,
          id: said(at(each, "VulnerabilityID")),
          severity: said(at(each, "Severity")).toLowerCase(),
          package: `${name}@${version}`,
          source: sourceOf.get(said(at(each, "PkgID"))) ?? "",
          fixed: said(at(each, "FixedVersion")).replaceAll(/,\s*/g, " "),
          layer: said(at(each, "Layer", "DiffID")),
          path: bare(said(at(each, "PkgPath")) || own),
          line: undefined,
        };
      }),
      ...items(at(result, "Secrets")).map((each) => ({
        ...none,
        kind: "secret" as const,
        id: said(at(each, "RuleID")),
        severity: said(at(each, "Severity")).toLowerCase(),
        layer: said(at(each, "Layer", "DiffID")),
        path: isFile ? bare(target) : "",
        line: isFile ? lineIn(at(each, "StartLine")) : undefined,
        // The words before the secret are the same in both.
        step: isFile
          ? undefined
          : stepWith((createdBy) => createdBy.includes(said(at(each, "Match")).split("*")[0] ?? "")),
      })),
      ...items(at(result, "Misconfigurations"))
        .filter((each) => at(each, "Status") === "FAIL")
        .map((each) => ({
          ...none,
          kind: "misconfiguration" as const,
          id: `DS-${(/\d+$/.exec(said(at(each, "ID")))?.[0] ?? "").padStart(4, "0")}`,
          severity: said(at(each, "Severity")).toLowerCase(),
          layer: "",
          path: isFile ? bare(target) : "",
          line: isFile ? lineIn(at(each, "CauseMetadata", "StartLine")) : undefined,
          step: isFile
            ? undefined
            : stepWith((createdBy) =>
                items(at(each, "CauseMetadata", "Code", "Lines")).some(
                  (line) => said(at(line, "Content")) !== "" && createdBy.endsWith(said(at(line, "Content"))),
                ),
              ),
        })),
    ];
  });
}

const SYSTEM: ReadonlySet<string> = new Set(["deb", "rpm", "apk"]);

export const rawGrype = (report: Json): readonly RawFinding[] =>
  items(at(report, "matches")).map((match) => {
    const name = said(at(match, "artifact", "name"));
    const [upstream] = items(at(match, "artifact", "upstreams"));
    const [place] = items(at(match, "artifact", "locations"));
    const isSystem = SYSTEM.has(said(at(match, "artifact", "type")));
    return {
      kind: "vulnerability",
      id: said(at(match, "vulnerability", "id")),
      severity: said(at(match, "vulnerability", "severity")).toLowerCase(),
      package: `${name}@${said(at(match, "artifact", "version"))}`,
      source: said(at(upstream, "name")) || (isSystem ? name : ""),
      fixed: items(at(match, "vulnerability", "fix", "versions"))
        .map(said)
        .join(" "),
      layer: said(at(place, "layerID")),
      path: bare(said(at(place, "path"))),
      line: undefined,
    };
  });

/** Its package URLs are in one of two properties, and only a result says where the package is. */
export const rawScout = (log: Json): readonly RawFinding[] =>
  items(at(log, "runs")).flatMap((run) =>
    items(at(run, "tool", "driver", "rules")).flatMap((rule) => {
      const result = items(at(run, "results")).find((each) => at(each, "ruleId") === at(rule, "id"));
      const [location] = items(at(result, "locations"));
      const severity = said(at(rule, "properties", "cvssV3_severity")).toLowerCase();
      const fixed = said(at(rule, "properties", "fixed_version"));
      return [...items(at(rule, "properties", "purls")), at(rule, "properties", "purl") ?? ""]
        .filter((purl) => purl !== "")
        .map((purl) => {
          const [, name = "", version = ""] = /^pkg:[^/]+\/(.+)@([^?]+)/.exec(said(purl)) ?? [];
          const isSystem = /^pkg:(?:deb|apk|rpm)\//.test(said(purl));
          const shown = isSystem
            ? (name.split("/").at(-1) ?? "")
            : name.replace("/", said(purl).includes(":maven/") ? ":" : "/");
          return {
            kind: "vulnerability" as const,
            id: said(at(rule, "id")),
            severity: severity === "unspecified" ? "unknown" : severity,
            package: `${shown}@${decodeURIComponent(version)}`,
            source: "",
            fixed: fixed === "not fixed" ? "" : fixed,
            layer: "",
            path: bare(said(at(location, "physicalLocation", "artifactLocation", "uri"))),
            line: undefined,
          };
        });
    }),
  );

/** One component of an SBOM. */
export interface RawComponent {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licences: string;
  readonly layer: string;
}

/** The system of either format, `debian 12.5`. */
export function rawSystem(document: Json): string {
  const all = [...items(at(document, "components")), ...items(at(document, "packages"))];
  const found = all.find((each) =>
    /^operating-system$/i.test(said(at(each, "type")) || said(at(each, "primaryPackagePurpose"))),
  );
  return `${said(at(found, "name"))} ${said(at(found, "version")) || said(at(found, "versionInfo"))}`.trim();
}

/** Packages: not the system, files, the lock files that packages were found in, nor what has no name. */
export const rawCycloneDx = (bom: Json): readonly RawComponent[] =>
  items(at(bom, "components"))
    .filter((each) => {
      const type = said(at(each, "type"));
      return (
        type !== "file" &&
        type !== "operating-system" &&
        !(type === "application" && !at(each, "version") && !at(each, "purl"))
      );
    })
    .map((each) => {
      const property = (suffix: string): string =>
        said(
          at(
            items(at(each, "properties")).find((one) => said(at(one, "name")).endsWith(suffix)),
            "value",
          ),
        );
      const group = said(at(each, "group"));
      const licences = items(at(each, "licenses")).map(
        (one) => said(at(one, "expression")) || said(at(one, "license", "id")) || said(at(one, "license", "name")),
      );
      return {
        name: group === "" ? said(at(each, "name")) : `${group}/${said(at(each, "name"))}`,
        version: said(at(each, "version")),
        purl: said(at(each, "purl")),
        licences: [...new Set(licences)].join(" "),
        layer: property(":LayerDiffID") || property(":0:layerID"),
      };
    });

const NO_PACKAGES: ReadonlySet<string> = new Set(["CONTAINER", "FILE", "OPERATING-SYSTEM"]);

export const rawSpdx = (document: Json): readonly RawComponent[] =>
  items(at(document, "packages"))
    .filter((each) => {
      const purpose = said(at(each, "primaryPackagePurpose"));
      const isPlace = purpose === "APPLICATION" && !at(each, "versionInfo") && !purlOf(each);
      return said(at(each, "name")) !== "" && !NO_PACKAGES.has(purpose) && !isPlace;
    })
    .map((each) => {
      const note = items(at(each, "annotations"))
        .map((one) => said(at(one, "comment")))
        .find((comment) => comment.startsWith("LayerDiffID: "));
      const licence = [at(each, "licenseConcluded"), at(each, "licenseDeclared")]
        .map(said)
        .find((text) => text !== "" && text !== "NOASSERTION" && text !== "NONE");
      return {
        name: said(at(each, "name")),
        version: said(at(each, "versionInfo")),
        purl: purlOf(each),
        licences: withNames(licence ?? "", document),
        layer: note?.slice("LayerDiffID: ".length) ?? "",
      };
    });

const purlOf = (each: Json): string =>
  said(
    at(
      items(at(each, "externalRefs")).find((reference) => at(reference, "referenceType") === "purl"),
      "referenceLocator",
    ),
  );

function withNames(licence: string, document: Json): string {
  let text = licence;
  for (const each of items(at(document, "hasExtractedLicensingInfos")))
    text = text
      .split(/(?<![\w.-])(?=LicenseRef)|(?<=LicenseRef-[\w.-]+)(?![\w.-])/)
      .map((part) => (part === said(at(each, "licenseId")) ? said(at(each, "name")) || part : part))
      .join("");
  return text;
}
