/** Where a finding belongs in the files of the workspace: the instruction whose layer brought it, or the file it was found in. */
import type { ImageLines } from "./layer-lines.ts";
import type { Finding, Report } from "./report.ts";

export interface FilePlace {
  /** Address of the file. */
  readonly uri: string;
  /** From 1. */
  readonly line: number;
  /** The base image brought it, and the line is that of its FROM. */
  readonly base: boolean;
}

/**
 * @param lines of the report's image; nothing where its Dockerfile is not known
 * @param addressOf of a path below the folder that was scanned
 */
export function placeOf(
  report: Report,
  finding: Finding,
  lines: ImageLines,
  addressOf: (folder: string, path: string) => string,
): FilePlace | undefined {
  if (report.target.kind === "folder")
    return finding.path === undefined
      ? undefined
      : { uri: addressOf(report.target.folder, finding.path), line: finding.line ?? 1, base: false };
  if (!report.dockerfile) return undefined;
  const { uri, baseLine } = report.dockerfile;
  if (baseLine !== undefined) return { uri, line: baseLine, base: true };
  const found = finding.layer === undefined ? lines.steps[finding.step ?? -1] : lines.layers.get(finding.layer);
  return found && { uri, line: found.line, base: found.base };
}

/** Why a finding leads to no line, in a sentence. */
export function whyNoPlace({ target, dockerfile }: Report, { kind, layer, step }: Finding): string {
  if (target.kind === "folder") return "The scanner names no file";
  if (!dockerfile) return "No line: which Dockerfile made this image is not known. Scan it with that file open";
  if (layer === undefined && step === undefined)
    return kind === "misconfiguration"
      ? "No line: nothing in the image causes it, something is missing"
      : "No line: the scanner does not say which layer brought it";
  return "No line: what brought it is no instruction of the Dockerfile as it is now";
}
