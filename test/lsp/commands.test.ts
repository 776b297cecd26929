/** `workspace/executeCommand`, and the requests of our own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ShowMessageParams } from "vscode-languageserver/node";
import type { CommandSummary, Explanation, RuleSummary } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";

const DIGEST = `sha256:${"b".repeat(64)}`;

const run = (editor: Editor, command: string, ...args: readonly unknown[]): Promise<CommandSummary | null> =>
  editor.request("workspace/executeCommand", { command, arguments: args });

const messages = (editor: Editor): readonly string[] =>
  (editor.wire.received("window/showMessage") as ShowMessageParams[]).map(({ message }) => message);

test("fixAll applies one edit and says how much it did", async () => {
  const editor = await startEditor();
  editor.open("from scratch\nrun true\nMAINTAINER me\n");
  const summary = await run(editor, "dockwright.fixAll", editor.uri);
  assert.deepEqual(summary, { message: "Fixed 2 problems", applied: 2, failed: [] });
  assert.equal(editor.text(), "FROM scratch\nRUN true\nMAINTAINER me\n");
  assert.equal(editor.wire.received("workspace/applyEdit").length, 1);
  assert.equal(
    (await run(editor, "dockwright.fixAll", editor.uri))?.message,
    "There is nothing that can be fixed safely",
  );
  assert.equal(editor.wire.received("workspace/applyEdit").length, 1);
});

test("an edit the editor does not take is not counted", async () => {
  const editor = await startEditor();
  editor.wire.handle("workspace/applyEdit", () => ({ applied: false, failureReason: "read-only" }));
  editor.open("from scratch\n");
  const summary = await run(editor, "dockwright.fixAll", editor.uri);
  assert.equal(summary?.message, "Nothing was fixed: the editor did not apply the change: read-only");
  assert.equal(summary?.applied, 0);
});

test("all base images are pinned with one edit, under a progress", async () => {
  const editor = await startEditor({ world: async () => DIGEST });
  editor.open("FROM a AS x\nFROM b\nFROM a\nFROM scratch\n");
  const summary = await run(editor, "dockwright.pinAllBaseImages", editor.uri);
  assert.equal(summary?.applied, 3);
  assert.deepEqual(messages(editor), ["Pinned 3 images"]);
  assert.equal(editor.text(), `FROM a@${DIGEST} AS x\nFROM b@${DIGEST}\nFROM a@${DIGEST}\nFROM scratch\n`);
  assert.deepEqual(
    editor.asked.map((question) => ("image" in question ? question.image : "")),
    ["a", "b"],
  );
  assert.equal(editor.wire.received("workspace/applyEdit").length, 1);
  const kinds = (editor.wire.received("$/progress") as { value: { kind: string } }[]).map(({ value }) => value.kind);
  assert.equal(kinds[0], "begin");
  assert.equal(kinds.at(-1), "end");
});

test("what cannot be pinned is named with its reason, the rest is pinned", async () => {
  const editor = await startEditor({
    world: async (question) =>
      "image" in question && question.image === "b" ? { unknown: "it wants a login" } : DIGEST,
  });
  editor.open("FROM a\nFROM b\n");
  const summary = await run(editor, "dockwright.pinAllBaseImages", editor.uri);
  assert.deepEqual(summary?.failed, [{ what: "b", why: "it wants a login" }]);
  assert.deepEqual(messages(editor), ["Pinned 1 image; not pinned: b (it wants a login)"]);
  assert.equal(editor.text(), `FROM a@${DIGEST}\nFROM b\n`);
});

test("pinning runs its rule even where the settings leave it out", async () => {
  const editor = await startEditor({
    world: async () => DIGEST,
    settings: { rules: { "base-digest-unpinned": "off" } },
  });
  editor.open("FROM a\n");
  assert.deepEqual(await editor.diagnostics(), []);
  await run(editor, "dockwright.pinAllBaseImages", editor.uri);
  assert.equal(editor.text(), `FROM a@${DIGEST}\n`);
});

/** Pinning `FROM a`, at the moment when the registry has been asked and has not answered. */
async function pinning() {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<string>();
  const editor = await startEditor({
    world: () => {
      asked.resolve();
      return answered.promise;
    },
  });
  editor.open("FROM a\n");
  const running = run(editor, "dockwright.pinAllBaseImages", editor.uri);
  await asked.promise;
  return { editor, running, answer: answered.resolve };
}

test("what is typed while registries are asked is kept", async () => {
  const { editor, running, answer } = await pinning();
  editor.type(0, 0, "# mine\n");
  await editor.diagnostics();
  answer(DIGEST);
  assert.equal((await running)?.applied, 1);
  assert.equal(editor.text(), `# mine\nFROM a@${DIGEST}\n`);
});

test("a file closed while registries are asked is left alone", async () => {
  const { editor, running, answer } = await pinning();
  editor.close();
  await editor.pull();
  answer(DIGEST);
  assert.equal((await running)?.message, "No image was pinned: the file was closed meanwhile");
  assert.deepEqual(editor.wire.received("workspace/applyEdit"), []);
});

test("a progress that is cancelled keeps what was found and names the rest", async () => {
  const second = Promise.withResolvers<void>();
  const editor = await startEditor({
    world: (question, signal) => {
      if ("image" in question && question.image === "a") return Promise.resolve(DIGEST);
      second.resolve();
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  editor.open("FROM a\nFROM b\n");
  const running = run(editor, "dockwright.pinAllBaseImages", editor.uri);
  const [created] = (await editor.wire.until("window/workDoneProgress/create")) as { token: string }[];
  await second.promise;
  editor.wire.notify("window/workDoneProgress/cancel", { token: created?.token });
  assert.deepEqual((await running)?.failed, [{ what: "b", why: "it was cancelled" }]);
  assert.equal(editor.text(), `FROM a@${DIGEST}\nFROM b\n`);
});

for (const [when, options] of [
  ["offline", { settings: { offline: true } }],
  ["not trusted", { initializationOptions: { trusted: false } }],
] as const)
  test(`pinning while ${when} asks nobody and says why`, async () => {
    const editor = await startEditor({ ...options, world: async () => DIGEST });
    editor.open("FROM a\n");
    const summary = await run(editor, "dockwright.pinAllBaseImages", editor.uri);
    assert.deepEqual(editor.asked, []);
    assert.equal(editor.text(), "FROM a\n");
    assert.match(summary?.failed[0]?.why ?? "", /dockwright\.registry\.lookups is off|not trusted/);
  });

test("commands on files that are not open say so", async () => {
  const editor = await startEditor();
  for (const command of ["dockwright.fixAll", "dockwright.pinAllBaseImages"]) {
    const summary = await run(editor, command, "file:///other/Dockerfile");
    assert.match(summary?.message ?? "", /not open/);
  }
});

for (const [command, ...args] of [
  ["unknown"],
  ["dockwright.fixAll"],
  ["dockwright.fixAll", 1],
  ["dockwright.explainRule", "no-rule"],
])
  test(`${command} with ${JSON.stringify(args)} is refused`, async () => {
    const editor = await startEditor();
    await assert.rejects(run(editor, String(command), ...args), { code: -32602 });
  });

test("commands the client has are not announced, and are carried out all the same", async () => {
  const all = await startEditor();
  assert.deepEqual(all.initialized.capabilities.executeCommandProvider?.commands, [
    "dockwright.fixAll",
    "dockwright.explainRule",
    "dockwright.pinAllBaseImages",
    "dockwright.updateAllDigests",
    "dockwright.pinWorkspace",
    "dockwright.updateWorkspaceDigests",
    "dockwright.pinImage",
    "dockwright.updateDigest",
    "dockwright.unpinImage",
  ]);
  const editor = await startEditor({ initializationOptions: { commands: ["dockwright.fixAll"] } });
  assert.ok(!editor.initialized.capabilities.executeCommandProvider?.commands.includes("dockwright.fixAll"));
  editor.open("from scratch\n");
  assert.equal((await run(editor, "dockwright.fixAll", editor.uri))?.applied, 1);
});

test("explaining a rule gives its page, or a message in editors that cannot show one", async () => {
  const editor = await startEditor();
  const page = await editor.request<Explanation | null>("dockwright/explain", { rule: "keyword-case" });
  assert.match(page?.markdown ?? "", /^# keyword-case\n[\s\S]*Because the tests need it\./);
  assert.equal(await editor.request("dockwright/explain", { rule: "no-rule" }), null);
  assert.equal(await editor.request("dockwright/explain", {}), null);
  await run(editor, "dockwright.explainRule", "keyword-case");
  assert.match(messages(editor)[0] ?? "", /^keyword-case: finds keyword-case\. Because/);
});

test("the rules are listed by id", async () => {
  const editor = await startEditor();
  const rules = await editor.request<readonly RuleSummary[]>("dockwright/rules", {});
  const ids = rules.map(({ id }) => id);
  assert.ok(ids.includes("keyword-case"));
  assert.deepEqual(ids, ids.toSorted());
});
