/** Which release of the Dockerfile's syntax brought something, in words. */
import { type Frontend, type Since, whyMissing } from "../../model/dockerfile/frontend.ts";

/** `Dockerfile 1.4`, `labs channel only (1.14-labs)`; undefined for what was always there. */
export function releaseOf({ since, labs }: Since): string | undefined {
  if (since !== undefined) return `Dockerfile ${since}`;
  return labs === undefined ? undefined : `labs channel only (${labs}-labs)`;
}

/** A sentence for hovers and documentation. */
export function sinceText({ since, labs }: Since): string | undefined {
  if (since !== undefined)
    return `Since Dockerfile ${since}${labs === undefined ? "" : `; in the labs channel since ${labs}-labs`}.`;
  return labs === undefined
    ? undefined
    : `In the labs channel only, since ${labs}-labs: \`# syntax=docker/dockerfile:1-labs\`.`;
}

/** Why what this file asks for has it not; undefined when it has. */
export function missingText(frontend: Frontend, has: Since): string | undefined {
  const why = whyMissing(frontend, has);
  return why === undefined ? undefined : `Not in this file: ${why}.`;
}
