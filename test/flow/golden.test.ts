/** What commands and whole Dockerfiles read and write, as texts a person has read. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { launched, ROWS, rowOf } from "../../server/src/core/model/dockerfile/flow/commands/index.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { programsWithin } from "../../server/src/core/model/dockerfile/programs.ts";
import { fixturesIn, linesOfTable, rewrittenSection, rewrittenTable } from "./cases.ts";

const update = process.env["UPDATE"] !== undefined;
const tables = fixturesIn("commands", ".txt");

function compare(file: string, text: string, wanted: string): void {
  if (update) writeFileSync(file, wanted);
  else assert.equal(text, wanted, "run UPDATE=1 npm test -- unit and review the difference");
}

for (const { file, name, text } of tables)
  test(`commands: ${name}`, () => {
    assert.ok(linesOfTable(text).length > 0);
    compare(file, text, rewrittenTable(text));
  });

for (const { file, name, text } of fixturesIn("dockerfiles", ".md"))
  test(`Dockerfiles: ${name}`, () => {
    const wanted = text
      .split(/^(?=## )/m)
      .map(rewrittenSection)
      .join("")
      .trimEnd();
    compare(file, text, `${wanted}\n`);
  });

test("every row of the tables has a line of its own", () => {
  const seen = new Set(
    tables
      .flatMap(({ text }) => linesOfTable(text))
      .flatMap(({ before, command }) => {
        const dockerfile = parseDockerfile(`${before}RUN ${command}\n`);
        return dockerfile.instructions
          .filter(({ name }) => name === "RUN")
          .flatMap((run) => programsWithin(dockerfile, run).map((program) => rowOf(launched(program.command))));
      }),
  );
  assert.deepEqual(
    ROWS.filter((row) => !seen.has(row)).map(({ programs }) => programs),
    [],
  );
});
