/** Settings: where they come from, what they change, what is ignored. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatusParams } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";

const BAD = "FROM scratch\nrun true\n";

const found = async (editor: Editor): Promise<readonly string[]> =>
  (await editor.diagnostics()).map(({ code, severity }) => `${code} ${severity}`);

const CASES: readonly { readonly name: string; readonly settings: unknown; readonly expected: readonly string[] }[] = [
  { name: "none", settings: null, expected: ["keyword-case 2"] },
  { name: "a severity", settings: { rules: { "keyword-case": "error" } }, expected: ["keyword-case 1"] },
  { name: "off", settings: { rules: { "keyword-case": "off" } }, expected: [] },
  { name: "a profile", settings: { profile: "strict" }, expected: ["strict-only 4", "keyword-case 2"] },
  {
    name: "a rule outside the profile",
    settings: { rules: { "strict-only": "info" } },
    expected: ["strict-only 3", "keyword-case 2"],
  },
];
for (const { name, settings, expected } of CASES) {
  test(`the client is asked: ${name}`, async () => {
    const editor = await startEditor({ settings });
    editor.open(BAD);
    assert.deepEqual(await found(editor), expected);
  });
  test(`the client cannot be asked: ${name}`, async () => {
    const editor = await startEditor({ can: { configuration: false }, initializationOptions: { settings } });
    editor.open(BAD);
    assert.deepEqual(await found(editor), expected);
    assert.deepEqual(editor.wire.received("workspace/configuration"), []);
  });
}

test("a client that has no section falls back to what it sent at the start", async () => {
  const editor = await startEditor({
    settings: null,
    initializationOptions: { settings: { rules: { "keyword-case": "error" } } },
  });
  editor.wire.handle("workspace/configuration", () => [null]);
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 1"]);
});

test("settings are asked for once per document, and again when they change", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 2"]);
  editor.type(0, 0, "# more\n");
  assert.deepEqual(await found(editor), ["keyword-case 2"]);
  assert.equal(editor.wire.received("workspace/configuration").length, 1);
  editor.setSettings({ rules: { "keyword-case": "off" } });
  await editor.wire.until("workspace/diagnostic/refresh");
  assert.deepEqual(await found(editor), []);
  assert.deepEqual(editor.wire.received("workspace/configuration").at(-1), {
    items: [{ scopeUri: editor.uri, section: "dockwright" }],
  });
});

test("a document that is opened again is asked for again", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  await editor.diagnostics();
  editor.close();
  editor.open(BAD);
  await editor.diagnostics();
  assert.equal(editor.wire.received("workspace/configuration").length, 2);
});

test("a push client is sent the findings again when settings change", async () => {
  const editor = await startEditor({ can: { pull: false, configuration: false } });
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 2"]);
  editor.setSettings({ rules: { "keyword-case": "off" } });
  const published = await editor.wire.until("textDocument/publishDiagnostics", 2);
  assert.deepEqual(published.at(-1), { uri: editor.uri, version: 1, diagnostics: [] });
});

test("changes of settings are asked for", async () => {
  const editor = await startEditor();
  const [registered] = await editor.wire.until("client/registerCapability");
  const [one] = (registered as { registrations: { method: string; registerOptions: unknown }[] }).registrations;
  assert.equal(one?.method, "workspace/didChangeConfiguration");
  assert.deepEqual(one?.registerOptions, { section: "dockwright" });
});

test("what is not understood is ignored and logged in one line, once", async () => {
  const settings = {
    profile: "loud",
    offline: "yes",
    insecureRegistries: [1],
    registry: {
      lookups: "always",
      cacheHours: -1,
      mirrors: { "docker.io": "mirror.example", "ghcr.io": ["https://mirror.example"] },
    },
    rules: { "keyword-case": "fatal", "no-such-rule": "error", "strict-only": "hint", "shell-odd": null },
    unknown: 1,
  };
  const editor = await startEditor({ settings });
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["strict-only 4", "keyword-case 2"]);
  editor.setSettings(settings);
  await editor.wire.until("workspace/diagnostic/refresh");
  assert.deepEqual(await found(editor), ["strict-only 4", "keyword-case 2"]);
  const lines = editor
    .logged()
    .split("\n")
    .filter((line) => line.includes("not understood"));
  assert.deepEqual(lines, [
    'Settings that are not understood are ignored: dockwright.rules.keyword-case = "fatal", ' +
      'dockwright.rules.no-such-rule = "error", dockwright.profile = "loud", dockwright.offline = "yes", ' +
      'dockwright.insecureRegistries = [1], dockwright.registry.lookups = "always", dockwright.registry.cacheHours = -1, ' +
      'dockwright.registry.mirrors.docker.io = "mirror.example"',
  ]);
});

for (const settings of [1, "x", [], true])
  test(`settings that are ${JSON.stringify(settings)} are the defaults`, async () => {
    const editor = await startEditor({ settings });
    editor.open(BAD);
    assert.deepEqual(await found(editor), ["keyword-case 2"]);
  });

test("trust granted later brings offers and the status online", async () => {
  const editor = await startEditor({ initializationOptions: { trusted: false } });
  editor.open("FROM node:22\n");
  await editor.diagnostics();
  const offers = async (): Promise<boolean> =>
    (await editor.actions("node")).some(({ title }) => title === "Pin node:22 to its digest");
  assert.equal(await offers(), false);
  editor.wire.notify("dockwright/trust", { trusted: true });
  assert.equal(await offers(), true);
  const statuses = (await editor.wire.until("dockwright/status", 2)) as StatusParams[];
  assert.deepEqual(
    statuses.map(({ offline }) => offline),
    [true, false],
  );
});

test("files are not looked at before the workspace is trusted", async () => {
  const editor = await startEditor({ initializationOptions: { trusted: false }, world: async () => "no" });
  editor.open("FROM scratch\nCOPY app.js /\n");
  assert.deepEqual(await editor.diagnostics(), []);
  assert.deepEqual(editor.asked, []);
});
