/** Where a variable's name stands in what other programs read: a rename leaves it, and somebody has to look. */
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type Variable, variablePlaces } from "./variable-places.ts";

const RUNS: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);

/** A sentence without its full stop; undefined when there is none. */
export function leftovers(dockerfile: Dockerfile, variable: Variable): string | undefined {
  const { name, declarations } = variable;
  if (!/^\w+$/.test(name)) return undefined;
  const stages = new Set([...declarations, ...variable.places].map(({ instruction }) => instruction.stage));
  const covered = new Set(variablePlaces(dockerfile).map(({ span }) => span.start));
  const written = new RegExp(`(?:\\$\\{?|["'%]|env:)(${name})(?!\\w)`, "g");
  const found = dockerfile.all.filter((instruction) => {
    if (!RUNS.has(instruction.name) || !stages.has(instruction.stage) || instruction.trigger) return false;
    const { start, end } = instruction.span;
    const text = dockerfile.text.slice(start, end);
    if (!text.includes(name)) return false;
    return [...text.matchAll(written)].some(
      ({ 0: whole, index }) => !covered.has(start + index + whole.length - name.length),
    );
  });
  if (found.length === 0) return undefined;
  const where = [...new Set(found.map((instruction) => instruction.name))].join(" and ");
  const count = found.length === 1 ? "one" : String(found.length);
  return `${name} was not renamed in ${count} ${where}, where a program other than the build or its shell reads it, or the shell sets it itself`;
}
