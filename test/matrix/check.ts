/** What BuildKit's own check says of every project's conversion: it reads them, and finds nothing that it did not find before. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BuildKitCheck, buildKitChecks } from "../docker/buildkit-check.ts";
import { convertedIn, originalIn, PROJECTS_FOLDER } from "./convert.ts";
import type { Outcome } from "./measure.ts";

export async function checkAll(machine: Parameters<typeof buildKitChecks>[0]): Promise<Outcome> {
  const pairs = readdirSync(PROJECTS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const folder = join(PROJECTS_FOLDER, name);
      const made = convertedIn(folder);
      return made.outcome === "converted" ? [{ name, before: originalIn(folder), after: made.text }] : [];
    });
  const said = await buildKitChecks(
    machine,
    pairs.flatMap(({ before, after }) => [before, after]),
  );
  const checks = pairs.map(({ name, before, after }) => {
    const wrong = newIn(said.get(before), said.get(after));
    return {
      what: `${name}: BuildKit reads it and warns of nothing new`,
      ...(wrong !== undefined && { wrong: `${wrong}\n${after}` }),
    };
  });
  return { name: "check", label: "BuildKit's check", checks };
}

function newIn(before: BuildKitCheck | undefined, after: BuildKitCheck | undefined): string | undefined {
  if (!after || after.error !== undefined) return after?.error ?? "it was not checked";
  const known = new Set(before?.warnings.map(({ code }) => code));
  const more = after.warnings.filter(({ code }) => !known.has(code));
  return more.length === 0 ? undefined : more.map(({ code, line }) => `line ${line}: ${code}`).join("\n");
}
