/** Scopes of what stands in `cases/`, in the format of vscode-tmgrammar-test: `^` below a text, `<-` where it begins the line. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseGrammarTestCase, runGrammarTestCase } from "vscode-tmgrammar-test/dist/unit/index.js";
import { GRAMMARS } from "../../scripts/grammars/index.ts";
import { linesOf, registry } from "./registry.ts";

const CASES = join(import.meta.dirname, "cases");

describe("scopes", () => {
  for (const name of readdirSync(CASES).toSorted())
    test(name, async () => {
      const parsed = parseGrammarTestCase(readFileSync(join(CASES, name), "utf8"));
      assert.ok(parsed.assertions.length > 10);
      const failures = await runGrammarTestCase(registry, parsed);
      const told = failures.map(
        ({ line, start, end, missing, actual }) =>
          `${name}:${line + 1}:${start + 1}-${end}: not ${missing.join(" ")}, but ${actual.join(" ")}`,
      );
      assert.deepEqual(told, []);
    });
});

test("only the languages of heredocs are the editor's: in RUN, comments, Enter and snippets are those of Dockerfiles", async () => {
  const [dockerfile] = GRAMMARS;
  const embedded = Object.keys(dockerfile?.embeddedLanguages ?? {});
  const scopesOf = async (...lines: string[]): Promise<readonly string[]> =>
    (await linesOf("source.dockerfile", lines)).flatMap(({ tokens }) => tokens.flatMap(({ scopes }) => scopes));
  const inRun = await scopesOf("RUN echo a");
  const inHeredoc = await scopesOf("RUN python3 <<EOF", "import os", "EOF");
  assert.deepEqual(
    embedded.filter((scope) => inRun.includes(scope)),
    [],
  );
  assert.deepEqual(
    embedded.filter((scope) => inHeredoc.includes(scope)),
    ["meta.embedded.block.python"],
  );
});
