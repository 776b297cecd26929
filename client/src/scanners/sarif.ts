/**
 * Reports as SARIF 2.1.0, for code scanning services. Scanners write SARIF of their own that calls every finding of an image line 1 of the
 * image's name; here it stands at the instruction that brought it.
 */
import type { FilePlace } from "./places.ts";
import { type Finding, keyOf, nameOf, type Report, type Severity } from "./report.ts";

const LEVEL: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
  negligible: "note",
  unknown: "note",
};

/** What code scanning sorts by, from 0 to 10: the middle of the range each word stands for. */
const SCORE: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
  negligible: "0.5",
  unknown: "0.0",
};

export interface SarifInput {
  readonly report: Report;
  readonly title: string;
  readonly page: string;
  readonly placeOf: (finding: Finding) => FilePlace | undefined;
}

/** @param relative a file's address as a path below the workspace, or undefined where it is not in it */
export function sarifOf(inputs: readonly SarifInput[], relative: (uri: string) => string | undefined): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: inputs.map((input) => runOf(input, relative)),
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function runOf({ report, title, page, placeOf }: SarifInput, relative: (uri: string) => string | undefined): object {
  const rules = [...new Map(report.findings.map((finding) => [finding.id, finding])).values()];
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    tool: {
      driver: {
        name: title,
        version: report.scannerVersion,
        informationUri: page,
        rules: rules.map(ruleOf),
      },
    },
    properties: { target: nameOf(report.target) },
    results: report.findings.map((finding) => ({
      ruleId: finding.id,
      ruleIndex: indexOf.get(finding.id),
      level: LEVEL[finding.severity],
      message: { text: messageOf(finding) },
      locations: [locationOf(report, finding, placeOf(finding), relative)],
      partialFingerprints: { "dockwrightFinding/v1": keyOf(finding) },
    })),
  };
}

const ruleOf = (finding: Finding): object => ({
  id: finding.id,
  shortDescription: { text: finding.title },
  ...(finding.link !== undefined && { helpUri: finding.link }),
  ...(finding.advice !== undefined && { help: { text: finding.advice } }),
  properties: { tags: [finding.kind, "security", finding.severity], "security-severity": SCORE[finding.severity] },
});

/** `CVE-2021-23337 in lodash 4.17.20, fixed in 4.17.21: command injection` */
function messageOf({ id, kind, package: of, fixed, title }: Finding): string {
  if (!of) return kind === "secret" ? `Secret (${id}): ${title}` : `${id}: ${title}`;
  const remedy = fixed.length > 0 ? `, fixed in ${fixed.join(" or ")}` : "";
  return `${id} in ${of.name} ${of.version}${remedy}: ${title}`;
}

function locationOf(
  report: Report,
  finding: Finding,
  place: FilePlace | undefined,
  relative: (uri: string) => string | undefined,
): object {
  const inImage =
    report.target.kind === "image"
      ? {
          logicalLocations: [
            { fullyQualifiedName: `${report.target.image}${finding.path === undefined ? "" : `:/${finding.path}`}` },
          ],
        }
      : {};
  const path = place && relative(place.uri);
  const artifactLocation =
    path === undefined
      ? { uri: encodeURI(finding.path ?? "Dockerfile") }
      : { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
  return {
    physicalLocation: { artifactLocation, region: { startLine: place?.line ?? finding.line ?? 1 } },
    ...inImage,
  };
}
