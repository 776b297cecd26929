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

/** What is missing to use something: undefined when the frontend has it. */
export function missingFor(
  frontend: Frontend,
  has: { readonly since?: string; readonly labs?: string },
): string | undefined {
  const { since, labs } = has;
  if (frontend.kind === "custom" || (since === undefined && labs === undefined)) return undefined;
  if (frontend.kind === "current")
    return since === undefined && !frontend.labs
      ? "only the labs channel has it (# syntax=docker/dockerfile:1-labs)"
      : undefined;
  const needed = frontend.labs ? (labs ?? since) : since;
  if (needed === undefined) return `only the labs channel has it (# syntax=docker/dockerfile:${labs ?? "1"}-labs)`;
  return isBefore(frontend.version, needed)
    ? `# syntax= asks for ${frontend.version}, and ${needed} is the first to have it`
    : undefined;
}

/** Compares `major.minor`. */
export function isBefore(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA !== majorB ? majorA < majorB : minorA < minorB;
}
