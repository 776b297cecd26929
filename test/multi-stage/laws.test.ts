/** What holds for the conversion of every text: none makes it throw, what comes of it parses, keeps its comments and is not converted again. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { convertToMultiStage } from "../../server/src/core/assists/multi-stage/convert.ts";
import { hasBuildTools } from "../../server/src/core/assists/multi-stage/offer.ts";
import { type BuildContext, NO_CONTEXT } from "../../server/src/core/assists/multi-stage/recipe.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { texts as anyTexts } from "../generated-texts.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 150);
const read = (text: string): Dockerfile => parseDockerfile(text, "Dockerfile");

/** Every Dockerfile of the fixtures beside, those that conversions give among them. */
const texts: readonly string[] = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => [
    ...readFileSync(join(import.meta.dirname, name), "utf8").matchAll(/^### Dockerfile\n+(`{3,})\w*\n([^]*?)^\1$/gm),
  ])
  .map(([, , body = ""]) => body);

const commentsOf = (dockerfile: Dockerfile): readonly string[] =>
  [...dockerfile.comments, ...dockerfile.instructions.flatMap(({ comments }) => comments)]
    .map(({ span }) => dockerfile.text.slice(span.start, span.end).trim())
    .toSorted();

/** A project of files that nobody can make sense of. */
const ODD: BuildContext = {
  ...NO_CONTEXT,
  paths: "package.json package-lock.json requirements.txt go.mod go.sum main.go Cargo.toml pom.xml app.csproj".split(
    " ",
  ),
  read: (path) => (path.endsWith(".json") ? "[null" : "\u0000<<<{{{\n=\n"),
};

/** @returns whether it was converted. */
function check(text: string, context: BuildContext): boolean {
  const before = read(text);
  const made = convertToMultiStage(before, context);
  if (made.outcome !== "converted") return false;
  assert.equal(applyEdits(text, made.edits), made.text);
  const after = read(made.text);
  assert.deepEqual(after.problems, before.problems, made.text);
  assert.ok(after.stages.length > 1, made.text);
  const kept = commentsOf(after);
  for (const comment of commentsOf(before)) assert.ok(kept.includes(comment), `${comment}\n${made.text}`);
  assert.equal(convertToMultiStage(after, context).outcome, "no benefit", made.text);
  assert.ok(hasBuildTools(before), `nothing offers it:\n${text}`);
  return true;
}

/** As people write them elsewhere. */
const STYLES: readonly (readonly [name: string, change: (text: string) => string])[] = [
  ["as they are", (text) => text],
  ["with carriage returns", (text) => text.replaceAll("\n", "\r\n")],
  ["without a newline at the end", (text) => text.trimEnd()],
  ["with comments in front of every instruction", (text) => text.replace(/^(?=[A-Z]+ )/gm, "# why\n")],
];

for (const [name, change] of STYLES)
  test(`conversions of the fixtures, ${name}`, () => {
    const converted = texts.map(change).filter((text) => check(text, NO_CONTEXT));
    assert.ok(converted.length > 50, `${converted.length} are converted without their projects`);
    for (const text of texts.map(change)) check(text, ODD);
  });

test("no text makes a conversion throw", () => {
  fc.assert(
    fc.property(anyTexts, fc.constantFrom(NO_CONTEXT, ODD), (text, context) => void check(text, context)),
    { numRuns: RUNS },
  );
});
