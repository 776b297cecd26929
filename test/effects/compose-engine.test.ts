/** Which engine runs compose files here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findComposeEngine } from "../../server/src/effects/compose-engine.ts";

const MISSING = "dockwright-no-such-program";

async function find(docker: string, podman: string) {
  const logged: string[] = [];
  const engine = await findComposeEngine(
    (line) => logged.push(line),
    (name) => (name === "docker" ? docker : podman),
  );
  return { engine, logged };
}

test("the first that knows compose", { skip: process.platform === "win32" && "there is no such program" }, async () => {
  assert.deepEqual(await find("true", "true"), { engine: "docker", logged: [] });
  assert.deepEqual(await find("false", "true"), { engine: "podman", logged: [] });
});

test("none is one line in the log that says why", async () => {
  // Node takes `compose` for a file that is not there.
  const { engine, logged } = await find(process.execPath, MISSING);
  assert.equal(engine, undefined);
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? "", /^Compose files have no code lenses, .* compose version failed; .* is not on PATH$/);
});
