/** What the view of signatures and the hover say of what cosign answered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { colorOf, entryOf, oneLineOf, rowsOf } from "../../client/src/views/signatures/rows.ts";

const DIGEST = `sha256:${"0123456789ab".padEnd(64, "0")}`;

test("a signature that holds: by whom, of what", () => {
  const entry = entryOf("team/app:1", "the key team.pub", { state: "verified", signatures: [{ digest: DIGEST }] }, 0);
  assert.equal(oneLineOf(entry), "Signature verified for the key team.pub (sha256:0123456789ab…)");
  assert.deepEqual(
    rowsOf(entry).map(([name]) => name),
    ["By", "Digest", "When"],
  );
  assert.equal(colorOf(entry.state), "charts.green");
});

test("one that does not: why first, and whose was asked for, not who signed", () => {
  for (const state of ["unsigned", "mismatch", "unknown"] as const) {
    const entry = entryOf("team/app:1", "the key team.pub", { state, why: "because" }, 0);
    assert.deepEqual(rowsOf(entry).slice(0, 2), [
      ["Why", "because"],
      ["Asked for", "the key team.pub"],
    ]);
    assert.equal(colorOf(state), "problemsWarningIcon.foreground");
  }
});
