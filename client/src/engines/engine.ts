/** What an engine is to us: how to find it, how it builds, how its output is read. Pure: invocations go out, texts come in. */
import type { BuildReader } from "../build/events.ts";
import type { BuildOptions } from "../build/options.ts";
import type { Invocation, Outcome } from "../process.ts";

export type EngineName = "docker-buildx" | "docker-classic" | "podman" | "nerdctl" | "buildah";

/** What an engine answered when it was looked for. */
export type Probe =
  /** `detail`: its version, and where it runs when that is not this machine. */
  | { readonly found: true; readonly detail: string }
  /** `missing`: the program is not there at all. */
  | { readonly found: false; readonly missing: boolean; readonly why: string };

export interface Engine {
  readonly name: EngineName;
  /** For people. */
  readonly title: string;
  /** Asked one after the other; the outcomes go to `readProbe`. */
  readonly probe: (where: Where) => readonly Invocation[];
  readonly readProbe: (outcomes: readonly Outcome[]) => Probe;
  readonly build: (options: BuildOptions) => Invocation;
  /** What of the options this engine has no word for, and so leaves out. */
  readonly lacks: (options: BuildOptions) => readonly string[];
  readonly reader: () => BuildReader;
  /** Asks for an image's size by its name or id; `readImage` reads the answer. */
  readonly inspect: (image: string, where: Where) => Invocation;
  readonly readImage: (stdout: string) => ImageFact | undefined;
}

/** Where Docker is to be asked; everything else follows the environment. */
export interface Where {
  readonly dockerContext?: string | undefined;
}

export interface ImageFact {
  readonly id: string;
  readonly bytes?: number;
}

/** `--name=value`: one argument, so that no value is taken for a flag. */
export const flag = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`--${name}=${value}`];

export const flags = (name: string, values: readonly string[] = []): readonly string[] =>
  values.map((value) => `--${name}=${value}`);

export const switched = (name: string, on: boolean | undefined): readonly string[] =>
  on === true ? [`--${name}`] : [];

/** A line of CSV, as the Docker family reads the fields of a flag. */
export const csv = (fields: readonly string[]): string =>
  fields.map((field) => (/[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");

/** The first line of what a program complained about. */
export const complaint = ({ stderr, stdout, code }: Outcome): string =>
  (stderr.trim() || stdout.trim())
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trim() ?? `it ended with ${code}`;

export const fieldsOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

/** `image inspect` as Docker, Podman and nerdctl print it: a list of one. */
export function readImageInspect(stdout: string): ImageFact | undefined {
  let list: unknown;
  try {
    list = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (typeof first !== "object" || first === null || !("Id" in first) || typeof first.Id !== "string") return undefined;
  const bytes = "Size" in first && typeof first.Size === "number" ? first.Size : undefined;
  return { id: first.Id, ...(bytes !== undefined && { bytes }) };
}
