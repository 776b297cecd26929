/** What each project's Dockerfile is converted to, or why it is not, word for word. `UPDATE=1` writes it anew, for a person to read. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { convertedIn, originalIn, PROJECTS_FOLDER } from "./convert.ts";
import { told } from "./told.ts";

const GOLDEN = join(import.meta.dirname, "golden");

const names = readdirSync(PROJECTS_FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("test projects converted to several stages", () => {
  for (const name of names) {
    const folder = join(PROJECTS_FOLDER, name);
    test(name, () => {
      const text = told(convertedIn(folder));
      const file = join(GOLDEN, `${name}.Dockerfile`);
      if (process.env["UPDATE"]) writeFileSync(file, text);
      assert.ok(existsSync(file), `${file} is missing: UPDATE=1 writes it`);
      assert.equal(text, readFileSync(file, "utf8"));
    });

    test(`${name}: what is converted is converted once, and keeps every comment`, () => {
      const made = convertedIn(folder);
      if (made.outcome !== "converted") return;
      assert.notEqual(convertedIn(folder, made.text).outcome, "converted");
      for (const comment of originalIn(folder).match(/^\s*#.*$/gm) ?? [])
        assert.ok(made.text.includes(comment), comment);
    });
  }

  test("nothing is expected of a project that is not there", () => {
    const expected = readdirSync(GOLDEN).map((file) => file.replace(/\.Dockerfile$/, ""));
    assert.deepEqual(
      expected.filter((name) => !names.includes(name)),
      [],
    );
  });
});
