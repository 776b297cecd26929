/** Builds and runs what is generated for projects, in a network namespace of its own. */
import { join } from "node:path";
import { inNamespace } from "../../matrix/namespace.ts";
import type { Outcome } from "./inside.ts";

/** @throws Unavailable */
export const buildProjects = (): Promise<readonly Outcome[]> =>
  inNamespace<Outcome>(join(import.meta.dirname, "inside.ts"), "building generated files", {});
