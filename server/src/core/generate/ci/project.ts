/** What a CI file is made for: the images of a project, and what is done with them. */

export interface CiImage {
  /** Letters, digits, dashes: names the jobs. */
  readonly name: string;
  /** `registry/repository`, without tag. */
  readonly repository: string;
  /** From the project's folder, with slashes. */
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
}

export interface CiProject {
  readonly images: readonly CiImage[];
  /** Its pushes are published. */
  readonly defaultBranch: string;
  /** `linux/amd64`, …; the first is the one that is built to be looked at before a merge. */
  readonly platforms: readonly string[];
  /** The gate: findings of this severity and graver ones stop the publication. */
  readonly severity: Severity;
  /** What nobody has mended yet stops nothing. */
  readonly fixableOnly?: boolean;
  /** The release of dockwright that checks. */
  readonly version: string;
}

export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** This severity and those above it, in upper case and commas, as Trivy takes them. */
export const fromSeverity = (severity: Severity): string =>
  SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1)
    .map((each) => each.toUpperCase())
    .join(",");

/** The registry of `registry/repository`; Docker Hub where none is written. */
export function registryOf(repository: string): string {
  const [first = "", ...rest] = repository.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/** A text as a YAML scalar that is a text: JSON's strings are YAML's. */
export const quoted = (text: string): string => JSON.stringify(text);
