import assert from "node:assert/strict";
import { test } from "node:test";
import { createNotes } from "./notes.js";

test("the newest note comes first", () => {
  const notes = createNotes();
  notes.add("one");
  notes.add("two");
  assert.deepEqual(
    notes.all().map(({ text }) => text),
    ["two", "one"],
  );
});
