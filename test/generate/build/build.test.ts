/** Containerized projects, built by the real BuildKit and run by the real compose as compose.yaml says: they answer and are well. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "../../../scripts/setup/debian.ts";
import { BUILT } from "./projects.ts";
import { buildProjects } from "./run.ts";

const outcomes = await outcomesOrReason();
if (typeof outcomes === "string") {
  console.error(`NOT RUN: projects that are containerized, built and run: ${outcomes}`);
  test("containerized projects", { skip: outcomes }, () => {});
} else
  for (const { name } of BUILT)
    test(`containerized, built and run: ${name}`, () => {
      const outcome = outcomes.find((each) => each.name === name);
      assert.ok(outcome, "it was not tried");
      assert.equal(outcome.wrong, undefined, outcome.wrong);
    });

/** Where it cannot be done that is said loudly, and under CI it is a failure. */
async function outcomesOrReason() {
  try {
    return await buildProjects();
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env["CI"]) throw error;
    return error.message;
  }
}
