/** The matrix: each project of projects.ts built and run as its Dockerfile is, and as Dockwright makes stages of it. */
import { join } from "node:path";
import type { Outcome } from "./measure.ts";
import { inNamespace } from "./namespace.ts";
import { PROJECTS } from "./projects.ts";

/**
 * The projects with these names; all of them where none is named.
 * @param workers how many are measured side by side: one where the times count
 * @throws Unavailable
 */
export async function runMatrix(projects: readonly string[], workers: number): Promise<readonly Outcome[]> {
  const script = join(import.meta.dirname, "inside.ts");
  const outcomes = await inNamespace<Outcome>(script, "the matrix", { projects, workers });
  const order = PROJECTS.map(({ name }) => name);
  return outcomes.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
