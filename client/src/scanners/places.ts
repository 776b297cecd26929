/** Where a finding belongs in the files of the workspace: the instruction whose layer brought it, or the file it was found in. */
import type { LayerPlace } from "./layer-lines.ts";
import type { Finding, Report } from "./report.ts";

export interface FilePlace {
  /** Address of the file. */
  readonly uri: string;
  /** From 1. */
  readonly line: number;
  /** The base image brought it, and the line is that of its FROM. */
  readonly base: boolean;
}

/** The layers of a report's image by DiffID; nothing where its Dockerfile is not known. */
export type Layers = ReadonlyMap<string, LayerPlace>;

/** @param addressOf of a path below the folder that was scanned */
export function placeOf(
  report: Report,
  finding: Finding,
  layers: Layers,
  addressOf: (folder: string, path: string) => string,
): FilePlace | undefined {
  if (report.target.kind === "folder")
    return finding.path === undefined
      ? undefined
      : { uri: addressOf(report.target.folder, finding.path), line: finding.line ?? 1, base: false };
  if (!report.dockerfile) return undefined;
  const { uri, baseLine } = report.dockerfile;
  if (baseLine !== undefined) return { uri, line: baseLine, base: true };
  const layer = finding.layer === undefined ? undefined : layers.get(finding.layer);
  return layer && { uri, line: layer.line, base: layer.base };
}
