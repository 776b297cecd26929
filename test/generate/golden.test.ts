/** Projects and the files they are given: read and reviewed as a whole. UPDATE=1 writes them anew. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { NoPlan, Plan } from "../../server/src/core/generate/plan.ts";
import { cases, planCase } from "./project.ts";

const GOLDEN = join(import.meta.dirname, "golden");

/** CI files have tests of their own, and are the same for all. */
export function shown(plan: Plan | NoPlan): string {
  if (plan.outcome === "refused")
    return `refused: ${plan.refusal}\n${plan.folders.map(({ folder, manifest }) => `  or ${folder || "."} (${manifest})\n`).join("")}`;
  const decisions = plan.decisions.map(({ id, what, why, doubtful, alternatives }) => {
    const others = alternatives.length === 0 ? "" : ` [${alternatives.map((each) => each.id).join(" | ")}]`;
    return `${doubtful ? "?" : "-"} ${id}: ${what}, because ${why}${others}\n`;
  });
  const files = plan.files.filter(({ kind }) => kind !== "ci").map(({ path, text }) => `=== ${path}\n${text}`);
  return `${plan.ecosystem}${plan.folder === "" ? "" : ` in ${plan.folder}`}\n${decisions.join("")}${files.join("")}`;
}

describe("projects and the files they are given", () => {
  mkdirSync(GOLDEN, { recursive: true });
  for (const each of cases)
    test(each.name, () => {
      const path = join(GOLDEN, `${each.name}.txt`);
      const now = shown(planCase(each));
      if (process.env["UPDATE"] !== undefined) writeFileSync(path, now);
      assert.ok(existsSync(path), `${path} is missing: UPDATE=1 writes it`);
      assert.equal(now, readFileSync(path, "utf8"));
    });

  test("no golden file is without its project", () => {
    assert.deepEqual(readdirSync(GOLDEN).toSorted(), cases.map(({ name }) => `${name}.txt`).toSorted());
  });

  test("what is called refused is refused, and nothing else", () => {
    const refused = cases.filter((each) => planCase(each).outcome === "refused").map(({ name }) => name);
    assert.deepEqual(
      refused,
      cases.map(({ name }) => name).filter((name) => name.startsWith("refused-")),
    );
  });
});
