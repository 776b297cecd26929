/** What a scan found, whichever scanner ran: the one model that views, fixes and exports read. */

export type ScannerName = "trivy" | "grype" | "scout";

/** The gravest first. */
export const SEVERITIES = ["critical", "high", "medium", "low", "negligible", "unknown"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  /** As package URLs name it: `deb`, `apk`, `npm`, `pypi`; empty when the scanner does not say. */
  readonly type: string;
  /** The source package it was built from: findings of its parts are one. */
  readonly source?: string;
  /** The packages of that source that have it, the one above first; absent where there is no other. */
  readonly parts?: readonly string[];
}

export interface Finding {
  readonly kind: "vulnerability" | "secret" | "misconfiguration";
  /** `CVE-2021-23337`, or the id of a check. */
  readonly id: string;
  /** Other ids of the same: `GHSA-…`. Of a misconfiguration those its scanner knows it by, where they are not `id`. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** One line without secrets. */
  readonly title: string;
  readonly package?: PackageFacts;
  /** Versions that no longer have it. */
  readonly fixed: readonly string[];
  /** Nobody is going to fix it. */
  readonly wontFix?: boolean;
  /** In the image or below the folder, without a leading slash. */
  readonly path?: string;
  /** From 1, in the file at `path`. */
  readonly line?: number;
  /** DiffID of the layer that brought it. */
  readonly layer?: string;
  /** The entry of the image's history that causes it, where it is in no layer: `USER root`. */
  readonly step?: number;
  /** An https address. */
  readonly link?: string;
  /** What to do, in the scanner's words. */
  readonly advice?: string;
}

/** One entry of an image's history, the oldest first; secrets that a scanner found in it are not in it. */
export interface HistoryEntry {
  readonly createdBy: string;
  readonly empty: boolean;
}

/** How an image was made, as far as the report says it. */
export interface ImageFacts {
  /** Of its configuration. */
  readonly id?: string;
  readonly digests: readonly string[];
  readonly history: readonly HistoryEntry[];
  /** One for each layer, the lowest first. */
  readonly diffIds: readonly string[];
}

/** What a scanner's output says. */
export interface Parsed {
  readonly findings: readonly Finding[];
  readonly image?: ImageFacts;
  /** Findings the scanner left out because a file says so. */
  readonly suppressed: number;
  /** Of the vulnerability database, where the report names it. */
  readonly database?: DatabaseFacts;
}

export interface DatabaseFacts {
  /** What it is told apart by. */
  readonly version: string;
  /** ISO 8601. */
  readonly built?: string;
}

/** What was scanned. */
export type Target =
  | { readonly kind: "image"; readonly image: string; readonly platform?: string }
  | { readonly kind: "folder"; readonly folder: string };

export interface DockerfilePlace {
  readonly uri: string;
  /** The stage that was built; the last one when absent. */
  readonly target?: string;
  /** The image is a base image of the file, which this line's FROM names; from 1. */
  readonly baseLine?: number;
}

export interface Report extends Parsed {
  readonly scanner: ScannerName;
  readonly scannerVersion: string;
  readonly target: Target;
  /** Milliseconds since 1970. */
  readonly scannedAt: number;
  /** What a reader should know before trusting it. */
  readonly warnings: readonly string[];
  /** The Dockerfile it was asked for from. */
  readonly dockerfile?: DockerfilePlace;
}

/** What people see it under. */
export const nameOf = (target: Target): string => (target.kind === "image" ? target.image : target.folder);

/** The address of the Dockerfile a report's image was built from; undefined where it only names the image. */
export const builtFrom = ({ target, dockerfile }: Report): string | undefined =>
  target.kind === "image" && dockerfile?.baseLine === undefined ? dockerfile?.uri : undefined;

/** The same in two scans of the same thing. */
export const keyOf = ({ kind, id, package: of, path, line }: Finding): string =>
  JSON.stringify([kind, id, of?.source ?? of?.name, of?.version, of?.source === undefined ? path : undefined, line]);

/** Packages of one source repeat its vulnerabilities: each of them once, with all that have it. */
export function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, keyOf);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const parts = [first, ...others].flatMap(({ package: of }) => of?.name ?? []);
    return first.package && new Set(parts).size > 1
      ? [{ ...first, package: { ...first.package, parts: [...new Set(parts)] } }]
      : [first];
  });
}

export const isFixable = ({ fixed }: Finding): boolean => fixed.length > 0;

export type Counts = Readonly<Record<Severity, number>>;

export function countsOf(findings: readonly Finding[]): Counts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** `2 critical, 1 low`; `nothing` when there is nothing. */
export const countsText = (counts: Counts): string => countParts(counts).join(", ") || "nothing";

const countParts = (counts: Counts): readonly string[] =>
  SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]} ${severity}`);

/** Of one kind. */
export const ofKind = (findings: readonly Finding[], kind: Finding["kind"]): readonly Finding[] =>
  findings.filter((finding) => finding.kind === kind);

/**
 * `2 critical, 1 low, 1 secret`: vulnerabilities by severity, and what else there is by its kind, so that each number is that of one
 * group of the view; `nothing` when there is nothing.
 */
export function contentsText(findings: readonly Finding[], more: readonly string[] = []): string {
  const others = (["secret", "misconfiguration"] as const).flatMap((kind) => {
    const { length } = ofKind(findings, kind);
    return length === 0 ? [] : [`${length} ${kind}${length === 1 ? "" : "s"}`];
  });
  const parts = [...countParts(countsOf(ofKind(findings, "vulnerability"))), ...others, ...more];
  return parts.join(", ") || "nothing";
}
