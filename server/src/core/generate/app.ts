/** What a generator of one ecosystem is given, and what it gives back. */
import type { Found } from "../model/project/detect.ts";
import type { NeededService, PackageEcosystem } from "../model/project/services.ts";
import type { ProjectFiles } from "./files.ts";
import type { Notes } from "./notes.ts";

export interface App {
  /** Of the application's folder, which is the build context. */
  readonly files: ProjectFiles;
  readonly found: Found;
  readonly notes: Notes;
  /** What is found in the same folder beside it. */
  readonly beside: readonly Found[];
  /** The reference of an image as FROM has it: with its digest where a registry has said it. */
  image(reference: string): string;
}

export interface Made {
  /** As people call it: `Node.js (Express)`. */
  readonly ecosystem: string;
  readonly dockerfile: string;
  /** What it listens on; undefined for a program that answers nobody. */
  readonly port: number | undefined;
  /** The words of its HEALTHCHECK. */
  readonly probe: readonly string[] | undefined;
  /** Absolute folders it writes to besides `/tmp`. */
  readonly writes: readonly string[];
  /** A process that hands no signals on and collects no orphans: compose puts an init before it. */
  readonly init: boolean;
  /** Variables the Dockerfile sets itself. */
  readonly sets: readonly string[];
  /** Libraries by where they come from, for the services they stand for. */
  readonly libraries: { readonly from: PackageEcosystem; readonly names: Iterable<string> };
  /** Services that something else than a library says. */
  readonly services?: readonly NeededService[];
  /** Endings of the sources that name variables of the environment. */
  readonly sources: RegExp;
}

export interface Refusal {
  /** A sentence without its full stop: what is not known, and what to do. */
  readonly refusal: string;
}

export type Outcome = Made | Refusal;

export const isRefused = (outcome: object): outcome is Refusal => "refusal" in outcome;

export type Generate = (app: App) => Outcome;

/** A shell takes it as it is. What a manifest names gets into commands: anything else would have to be quoted there. */
export const isPlain = (path: string): boolean => /^[\w.@+-]+(?:\/[\w.@+-]+)*$/.test(path) && !path.startsWith("-");

export const notPlain = (what: string, name: string): Refusal =>
  refuse(
    `${what} is called ${JSON.stringify(name)}, with characters that mean something to a shell: write the Dockerfile by hand`,
  );

export const refuse = (refusal: string): Refusal => ({ refusal });
