/** Which frontend reads the file, as its `# syntax=` says, and what that one knows. */
import { parseImageRef } from "../image-ref.ts";
import type { Dockerfile } from "./model.ts";

export type Frontend =
  /** BuildKit's own, or docker/dockerfile without a minor version: today's. */
  | { readonly kind: "current"; readonly labs: boolean }
  /** docker/dockerfile of a stated minor version. */
  | { readonly kind: "version"; readonly version: string; readonly labs: boolean }
  /** Somebody else's: it may know instructions and flags that Docker's does not. */
  | { readonly kind: "custom"; readonly image: string };

const DOCKERS = /(?:^|\/)docker\/dockerfile(?:-upstream)?$/;

export function frontendOf({ directives }: Dockerfile): Frontend {
  // What stands behind the image are arguments for the frontend.
  const image = directives.find(({ name }) => name === "syntax")?.value.text.split(/\s/)[0];
  if (image === undefined || image === "") return { kind: "current", labs: false };
  const parsed = parseImageRef(image);
  if (!parsed.ok || !DOCKERS.test(parsed.ref.path)) return { kind: "custom", image };
  const { tag = "" } = parsed.ref;
  const labs = /labs|experimental/.test(tag);
  const version = /^\d+\.\d+/.exec(tag)?.[0];
  return version === undefined ? { kind: "current", labs } : { kind: "version", version, labs };
}

/**
 * How surely a syntax rule can speak about a file. Undefined: somebody else's frontend reads it, and without a FROM it need not be
 * a Dockerfile at all.
 */
export function certaintyOf(dockerfile: Dockerfile): { readonly severity?: "hint" } | undefined {
  if (frontendOf(dockerfile).kind !== "custom") return {};
  return dockerfile.stages.length > 0 ? { severity: "hint" } : undefined;
}

/** The release that first has something; `labs` is the labs channel's. */
export interface Since {
  readonly since?: string;
  readonly labs?: string;
}

export type Missing =
  /** No release has it but those of the labs channel. */
  | { readonly kind: "labs" }
  /** The release that is asked for came before it. */
  | { readonly kind: "version"; readonly needed: string };

/** What is missing to use something: undefined when the frontend has it. */
export function missingFor(frontend: Frontend, { since, labs }: Since): Missing | undefined {
  if (frontend.kind === "custom" || (since === undefined && labs === undefined)) return undefined;
  if (frontend.kind === "current") return since === undefined && !frontend.labs ? { kind: "labs" } : undefined;
  const needed = frontend.labs ? (labs ?? since) : since;
  if (needed === undefined) return { kind: "labs" };
  return isBefore(frontend.version, needed) ? { kind: "version", needed } : undefined;
}

/** The same in words, to be put behind "because"; undefined when nothing is missing. */
export function whyMissing(frontend: Frontend, has: Since): string | undefined {
  const missing = missingFor(frontend, has);
  if (missing?.kind === "labs")
    return `only the labs channel has it (# syntax=docker/dockerfile:${frontend.kind === "version" ? (has.labs ?? "1") : "1"}-labs)`;
  if (missing && frontend.kind === "version")
    return `# syntax= asks for ${frontend.version}, and ${missing.needed} is the first to have it`;
  return undefined;
}

/** Compares `major.minor`. */
export function isBefore(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA !== majorB ? majorA < majorB : minorA < minorB;
}
