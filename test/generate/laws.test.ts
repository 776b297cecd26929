/** What holds for any project: no text makes the planner throw, the same project has the same plan, and files that are written stay as they are. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { type Case, cases, madeUpDigest, planCase } from "./project.ts";

/** The files of a case, some of their texts cut, doubled or replaced by anything. */
const damaged = fc
  .constantFrom(...cases)
  .chain((each) =>
    fc.tuple(
      fc.constant(each),
      fc.array(
        fc.tuple(
          fc.nat(20),
          fc.nat(400),
          fc.oneof(fc.constant(""), fc.string(), fc.constantFrom("\u0000", "{", "]]>", '"', "${A}", "$(id)", "\n")),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    ),
  )
  .map(([each, damages]): Case => {
    const files = new Map(each.files);
    const paths = [...files.keys()];
    for (const [at, from, text] of damages) {
      const path = paths[at % paths.length] ?? "";
      const whole = files.get(path) ?? "";
      files.set(path, whole.slice(0, from) + text + whole.slice(from + text.length));
    }
    return { ...each, files };
  });

describe("any project", () => {
  test("is planned or refused, never an error, and what is written is read as it was meant", () => {
    fc.assert(
      fc.property(damaged, (each) => {
        const plan = planCase(each);
        if (plan.outcome === "refused") return;
        for (const { kind, text } of plan.files) {
          if (kind === "Dockerfile") {
            const { problems, stages, instructions } = parseDockerfile(text);
            assert.deepEqual(problems, [], text);
            assert.ok(stages.length > 0 && instructions.at(-1)?.open !== true);
          }
          if (kind === "compose.yaml") assert.ok(parseCompose(text).root, text);
        }
      }),
      { numRuns: 400 },
    );
  });

  for (const each of cases.filter(({ name }) => !name.startsWith("refused-")))
    test(`${each.name}: planned again with its files in place, nothing changes`, () => {
      const plan = planCase(each, madeUpDigest);
      assert.ok(plan.outcome === "planned");
      const files = new Map([...each.files, ...plan.files.map(({ path, text }) => [path, text] as const)]);
      const again = planCase({ ...each, files }, madeUpDigest);
      assert.ok(again.outcome === "planned");
      for (const { path, text } of again.files) assert.equal(text, files.get(path), path);
      assert.deepEqual(again.decisions, plan.decisions);
    });
});
