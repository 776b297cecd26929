/** Refactorings of Dockerfiles: what each makes of a text, and what it leaves alone and why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "./harness.ts";
import { OTHER_CASES } from "./other-cases.ts";
import { RUN_CASES } from "./run-cases.ts";

for (const each of [...RUN_CASES, ...OTHER_CASES])
  test(`${each.id}: ${each.what}`, () => {
    const outcome = outcomeOf(each);
    assert.equal(outcome?.after, each.after);
    if (each.snippet !== undefined) assert.equal(outcome?.snippet, each.snippet);
    if (each.kind) assert.equal(outcome?.kind, each.kind);
  });
