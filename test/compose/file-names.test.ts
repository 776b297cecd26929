/** What a rule makes of a file's name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import rule from "../../server/src/core/rules/compose/compose-development-mount.ts";
import { everything } from "../rule-cases.ts";

const TEXT = "services:\n  web:\n    build: .\n    volumes:\n      - .:/srv/app\n";

const findingsIn = (name: string): number =>
  inspect(TEXT, [rule], everything, new Map(), { language: "compose", name }).findings.length;

test("names that say production", () => {
  for (const name of ["compose.prod.yaml", "docker-compose.production.yml", "docker-compose-staging.yml", "prod.yaml"])
    assert.equal(findingsIn(name), 1, name);
});

test("other names", () => {
  for (const name of ["compose.yaml", "compose.override.yaml", "docker-compose.dev.yml", "products.compose.yaml"])
    assert.equal(findingsIn(name), 0, name);
});
