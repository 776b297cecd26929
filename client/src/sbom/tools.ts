/** What the programs that make SBOMs are asked, and how their answer is told from a failure. */
import type { Where } from "../engines/engine.ts";
import type { Invocation, Outcome } from "../process.ts";
import { whyNoImage } from "../scanners/scanner.ts";
import type { SbomFormat } from "./model.ts";
import { readSboms } from "./read.ts";

/** Where the image is. */
export type ImageSource = "docker" | "podman" | "registry";

export interface SbomRequest {
  /** A reference; one that begins with a dash would be taken for an option and is refused. */
  readonly image: string;
  readonly source: ImageSource;
  readonly format: SbomFormat;
  /** Name or path of the program. */
  readonly program?: string;
  /** For what is asked of Docker itself. */
  readonly where?: Where;
}

/** The text of the SBOM, or why there is none. Valid JSON on stdout is success whatever the exit code: not every build of Trivy keeps its own. */
export function sbomText({ stdout, stderr, code, missing, truncated }: Outcome, tool: string): SbomResult {
  if (missing) return { failed: `${tool} is not installed` };
  if (truncated) return { failed: `${tool} printed more than is taken` };
  const read = readSboms(stdout);
  if (typeof read !== "string") return { text: stdout };
  const said = lastLines(stderr);
  if (said !== "") return { failed: `${tool}: ${said}` };
  return {
    failed: stdout.trim() === "" ? `${tool} ended with ${code} and said nothing` : `${tool} printed no SBOM: ${read}`,
  };
}

export type SbomResult = { readonly text: string; readonly failed?: undefined } | { readonly failed: string };

const LINES = 3;

/** The end of what a program said, without empty lines and colours. */
export const lastLines = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex -- terminal colours
    .replace(/\u001b\[[0-9;]*m/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(-LINES)
    .join("\n");

/** @throws Error for what no registry has, or a program would take for an option */
export function checkedImage(image: string): string {
  const why = whyNoImage(image);
  if (why !== undefined) throw new Error(why);
  return image;
}

export type SbomInvocation = (request: SbomRequest) => Invocation;
