/** Generated files, read by the real tools: BuildKit checks every Dockerfile without a warning, compose takes every compose.yaml. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import type { Plan } from "../../server/src/core/generate/plan.ts";
import { type Case, cases, planCase } from "../generate/project.ts";
import { type BuildKitCheck, buildKitChecks } from "./buildkit-check.ts";
import type { Machine } from "./machine.ts";

/** One for each way to choose that leads to other files. */
function plansOf(each: Case): readonly Plan[] {
  const plan = planCase(each);
  if (plan.outcome === "refused") return [];
  const others = plan.decisions.flatMap(({ id, alternatives }) =>
    alternatives.map((alternative) => planCase({ ...each, choices: new Map([...each.choices, [id, alternative.id]]) })),
  );
  return [plan, ...others.filter((other) => other.outcome === "planned")];
}

const textOf = ({ files }: Plan, wanted: string): string => files.find(({ kind }) => kind === wanted)?.text ?? "";

export function generatedTests(machine: Machine): void {
  describe("generated files", () => {
    const planned = cases.flatMap((each) => {
      const plans = plansOf(each);
      return plans.length === 0 ? [] : [{ name: each.name, plans }];
    });
    let said: ReadonlyMap<string, BuildKitCheck> = new Map();
    before(async () => {
      said = await buildKitChecks(
        machine,
        planned.flatMap(({ plans }) => plans.map((plan) => textOf(plan, "Dockerfile"))),
      );
    });

    for (const { name, plans } of planned)
      test(name, async () => {
        for (const dockerfile of new Set(plans.map((plan) => textOf(plan, "Dockerfile"))))
          assert.deepEqual(said.get(dockerfile), { warnings: [] }, dockerfile);
        const folder = await machine.folder("generated");
        for (const [at, compose] of [...new Set(plans.map((plan) => textOf(plan, "compose.yaml")))].entries()) {
          const file = join(folder, String(at), "compose.yaml");
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, compose);
          const required = [...compose.matchAll(/\$\{(\w+):\?/g)].map(([, variable = ""]) => `${variable}=word`);
          const secrets = [...compose.matchAll(/^ {4}environment: (\w+)$/gm)].map(
            ([, variable = ""]) => `${variable}=word`,
          );
          await writeFile(join(dirname(file), ".env"), [...required, ...secrets].join("\n"));
          const { code, stderr } = await machine.docker.docker(["compose", "--file", file, "config", "--quiet"]);
          assert.deepEqual([code, stderr], [0, ""], compose);
        }
      });
  });
}
