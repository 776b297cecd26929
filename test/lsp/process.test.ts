/** The server as a process of its own, with the real rules: both transports, and how it ends. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { RuleSummary } from "../../server/src/lsp/messages.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { introduce } from "./editor.ts";
import { type Child, startOverChannel, startOverPipes } from "./process.ts";

const MAIN = fileURLToPath(new URL("../../server/src/lsp/main.ts", import.meta.url));

const options = { timeout: 30_000 };
const TRANSPORTS: readonly (readonly [string, (t: TestContext) => Child])[] = [
  ["--stdio", (t) => startOverPipes(t, [MAIN, "--stdio"])],
  ["--node-ipc", (t) => startOverChannel(t, MAIN, ["--node-ipc"])],
];

for (const [transport, start] of TRANSPORTS) {
  test(`${transport}: findings, a fix, an orderly end`, options, async (t) => {
    const child = start(t);
    const editor = await introduce(child.wire, {});
    editor.open("FROM scratch AS Base\nFROM Base\n");
    assert.ok((await editor.diagnostics()).some(({ code }) => code === "stage-name-case"));
    const [fixAll] = await editor.actions(undefined, { only: ["source.fixAll"] });
    assert.match(editor.apply(fixAll?.edit), /^FROM scratch AS base\nFROM base\n/);
    assert.ok(!(await editor.diagnostics()).some(({ code }) => code === "stage-name-case"));
    const listed = await editor.request<readonly RuleSummary[]>("dockwright/rules", {});
    assert.equal(listed.length, rules.length);
    assert.equal(await editor.request("shutdown", undefined), null);
    child.wire.notify("exit");
    assert.equal(await child.exited, 0);
    assert.equal(child.stderr(), "");
  });

  test(`${transport}: exit without shutdown ends with 1`, options, async (t) => {
    const child = start(t);
    await introduce(child.wire, {});
    child.wire.notify("exit");
    assert.equal(await child.exited, 1);
  });

  test(`${transport}: a client that goes away takes the server with it`, options, async (t) => {
    const child = start(t);
    await introduce(child.wire, {});
    child.hangUp("input");
    assert.equal(await child.exited, 1);
  });
}

test("a client that stops reading ends the server without a stack trace", options, async (t) => {
  const child = startOverPipes(t, [MAIN, "--stdio"]);
  const editor = await introduce(child.wire, {});
  child.hangUp("output");
  editor.open("from scratch\n");
  editor.wire.notify("textDocument/didSave", { textDocument: { uri: editor.uri } });
  assert.equal(await child.exited, 1);
  assert.equal(child.stderr(), "");
});

test("importing the program without a transport starts nothing", options, async (t) => {
  const child = startOverPipes(t, [MAIN]);
  assert.equal(await child.exited, 0);
  assert.equal(child.stderr(), "");
});
