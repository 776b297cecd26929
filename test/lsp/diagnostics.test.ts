/** Diagnostics over the wire: pulled, pushed, kept up with the text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Diagnostic, PublishDiagnosticsParams } from "vscode-languageserver/node";
import type { StatusParams } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";
import { rules } from "./rules.ts";

const codes = (diagnostics: readonly Diagnostic[]): readonly unknown[] => diagnostics.map(({ code }) => code);

test("a pulled diagnostic says everything an editor can show", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nrun true\n");
  const [first, ...rest] = await editor.diagnostics();
  assert.deepEqual(rest, []);
  assert.deepEqual(first, {
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } },
    severity: 2,
    code: "keyword-case",
    codeDescription: { href: "https://github.com/dockwright/dockwright/blob/main/docs/rules/keyword-case.md" },
    source: "dockwright",
    message: "run is not in upper case",
    relatedInformation: [
      {
        location: { uri: editor.uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } } },
        message: "the file begins here",
      },
    ],
    data: { rule: "keyword-case", start: 13, end: 16, version: 1 },
  });
});

test("a deprecated pattern is tagged", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nMAINTAINER me\n");
  const [found] = await editor.diagnostics();
  assert.deepEqual(found?.tags, [2]);
  assert.equal(found?.severity, 3);
});

test("an unchanged document costs nothing", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nrun true\n");
  const first = await editor.pull();
  assert.equal(first.kind, "full");
  assert.deepEqual(await editor.pull(first.resultId), { kind: "unchanged", resultId: first.resultId });
  editor.type(13, 3, "RUN");
  const second = await editor.pull(first.resultId);
  assert.equal(second.kind, "full");
  assert.notEqual(second.resultId, first.resultId);
  assert.deepEqual(second.items, []);
});

test("a result id of an earlier life of the document is not taken for this one", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nrun true\n");
  const first = await editor.pull();
  editor.close();
  editor.open("FROM scratch\nRUN true\n");
  const second = await editor.pull(first.resultId);
  assert.equal(second.kind, "full");
  assert.deepEqual(second.items, []);
});

for (const pull of [true, false])
  test(`every change is followed, ${pull ? "pulled" : "pushed"}`, async () => {
    const editor = await startEditor({ can: { pull } });
    assert.equal(editor.initialized.capabilities.diagnosticProvider !== undefined, pull);
    editor.open("FROM scratch\nrun true\n");
    assert.deepEqual(codes(await editor.diagnostics()), ["keyword-case"]);
    editor.type(0, 4, "from");
    assert.deepEqual(codes(await editor.diagnostics()), ["keyword-case", "keyword-case"]);
    editor.type(0, 4, "FROM");
    editor.type(13, 3, "RUN");
    assert.deepEqual(codes(await editor.diagnostics()), []);
  });

test("pushed diagnostics wait for a pause, name their version and go with the document", async () => {
  const editor = await startEditor({ can: { pull: false } });
  editor.open("FROM scratch\n");
  for (let at = 0; at < 20; at++) editor.type(editor.text().length, 0, "run true\n");
  const all = await editor.diagnostics();
  assert.equal(all.length, 20);
  const published = editor.wire.received("textDocument/publishDiagnostics") as PublishDiagnosticsParams[];
  assert.deepEqual(
    published.map(({ version }) => version),
    [21],
  );
  editor.close();
  await editor.wire.until("textDocument/publishDiagnostics", 2);
  assert.deepEqual(editor.wire.received("textDocument/publishDiagnostics").at(-1), {
    uri: editor.uri,
    diagnostics: [],
  });
});

test("a document closed before the pause is over is not published again", async () => {
  const editor = await startEditor({ can: { pull: false } });
  editor.open("FROM scratch\nrun true\n");
  editor.close();
  await sleep(300);
  assert.deepEqual(editor.wire.received("textDocument/publishDiagnostics"), [{ uri: editor.uri, diagnostics: [] }]);
});

test("what BuildKit cannot read is an error of its own", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nRUN <<EOF\ntrue\n");
  const [found] = await editor.diagnostics();
  assert.equal(found?.code, "unterminated-heredoc");
  assert.equal(found?.severity, 1);
});

test("documents that are no Dockerfile, or not open, have no findings", async () => {
  const editor = await startEditor();
  assert.deepEqual(await editor.pull(), { kind: "full", items: [] });
  editor.open("run true\n", "yaml");
  assert.deepEqual(await editor.pull(), { kind: "full", items: [] });
});

test("the status counts the findings of each inspection, for those who want to know", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nrun true\nMAINTAINER me\n");
  await editor.diagnostics();
  const [status] = (await editor.wire.until("dockwright/status")) as StatusParams[];
  assert.deepEqual(status, {
    uri: editor.uri,
    findings: { error: 0, warning: 1, info: 1, hint: 0 },
    offline: false,
  });

  const other = await startEditor({ initializationOptions: { status: false } });
  other.open("run true\n");
  await other.diagnostics();
  assert.deepEqual(other.wire.received("dockwright/status"), []);
});

test("typing asks for no file and no registry", async () => {
  const editor = await startEditor({ world: async () => "no" });
  editor.open("FROM scratch\n");
  await editor.diagnostics();
  editor.type(13, 0, "COPY app.js /\n");
  await editor.diagnostics();
  editor.type(13, 0, "FROM node:22\n");
  await editor.diagnostics();
  await editor.diagnostics(); // what the change set off has had its turn
  assert.deepEqual(editor.asked, []);
});

test("a file a rule wants to know about is looked for after opening and saving, and findings are refreshed", async () => {
  let there = "no";
  const editor = await startEditor({ world: async () => there });
  editor.open("FROM scratch\nCOPY app.js /\n");
  await editor.wire.until("workspace/diagnostic/refresh", 1);
  assert.deepEqual(codes(await editor.diagnostics()), ["file-missing"]);
  assert.deepEqual(editor.asked, [{ ask: "exists", path: "app.js" }]);
  there = "yes";
  await sleep(2_100); // an answer is not asked for again so soon
  editor.wire.notify("textDocument/didSave", { textDocument: { uri: editor.uri } });
  await editor.wire.until("workspace/diagnostic/refresh", 2);
  assert.deepEqual(codes(await editor.diagnostics()), []);
});

test("an answer about files may lead to another question, and both are asked again after saving", async () => {
  let signed = "no";
  const editor = await startEditor({
    world: async (question) => ("path" in question && question.path.endsWith(".sig") ? signed : "yes"),
  });
  editor.open("FROM scratch\nADD a.txt /\n");
  await sleep(500); // both questions, and the refresh
  assert.deepEqual(codes(await editor.diagnostics()), ["signature-missing"]);
  assert.deepEqual(editor.asked, [
    { ask: "exists", path: "a.txt" },
    { ask: "exists", path: "a.txt.sig" },
  ]);
  signed = "yes";
  await sleep(2_100); // an answer is not asked for again so soon
  editor.wire.notify("textDocument/didSave", { textDocument: { uri: editor.uri } });
  await sleep(500);
  assert.deepEqual(codes(await editor.diagnostics()), []);
});

test("registries are asked about images where that is switched on, and not offline", async () => {
  const text = "FROM --platform=linux/amd64 app:1\n";
  for (const [settings, found] of [
    [{}, []],
    [{ registry: { lookups: "onCommand" } }, []],
    [{ registry: { lookups: "off" } }, []],
    [{ registry: { lookups: "onOpen" } }, ["platform-missing"]],
    // The names before: they count where the one of today is not set.
    [{ online: true, offline: true }, []],
    [{ online: true }, ["platform-missing"]],
    [{ online: true, registry: { lookups: "onCommand" } }, []],
    [{ offline: true, registry: { lookups: "onOpen" } }, ["platform-missing"]],
    [{ online: true, registry: { lookups: "sometimes" } }, ["platform-missing"]],
  ] as const) {
    const editor = await startEditor({ settings, world: async () => "none" });
    editor.open(text);
    await editor.diagnostics();
    await sleep(300);
    assert.deepEqual(
      codes(await editor.diagnostics()).filter((code) => code === "platform-missing"),
      found,
    );
    assert.equal(editor.asked.length, found.length);
  }
});

test("where registries are asked after opening, they are asked again after saving what was typed, and not while typing", async () => {
  const editor = await startEditor({ settings: { registry: { lookups: "onOpen" } }, world: async () => "linux/amd64" });
  const images = (): readonly string[] =>
    editor.asked.flatMap((question) => (question.ask === "platforms" ? [question.image] : []));
  editor.open("FROM --platform=linux/amd64 app:1\n");
  await editor.diagnostics();
  await sleep(300);
  assert.deepEqual(images(), ["app:1"]);
  editor.type(editor.text().indexOf(":1"), 2, ":2");
  await editor.diagnostics();
  await sleep(300);
  assert.deepEqual(images(), ["app:1"]);
  editor.wire.notify("textDocument/didSave", { textDocument: { uri: editor.uri } });
  await sleep(300);
  assert.deepEqual(images(), ["app:1", "app:2"]);
});

test("files are looked at while a registry takes its time", async () => {
  const editor = await startEditor({
    rules: rules.toReversed(), // the registry's rule asks first
    settings: { registry: { lookups: "onOpen" } },
    world: (question, signal) =>
      question.ask === "exists"
        ? Promise.resolve("no")
        : new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  editor.open("FROM --platform=linux/amd64 app:1\nCOPY app.js /\n");
  await editor.wire.until("workspace/diagnostic/refresh", 1);
  assert.deepEqual(codes(await editor.diagnostics()), ["base-digest-unpinned", "file-missing"]);
  editor.close();
});

test("what waited for trust, or for a setting, is asked as soon as that is given", async () => {
  const images = (editor: Editor): readonly string[] =>
    editor.asked.flatMap((question) => (question.ask === "platforms" ? [question.image] : []));
  const text = "FROM --platform=linux/amd64 app:1\n";
  const untrusted = await startEditor({
    settings: { registry: { lookups: "onOpen" } },
    initializationOptions: { trusted: false },
    world: async () => "none",
  });
  untrusted.open(text);
  await untrusted.diagnostics();
  await sleep(300);
  assert.deepEqual(images(untrusted), []);
  untrusted.wire.notify("dockwright/trust", { trusted: true });
  await sleep(300);
  assert.deepEqual(images(untrusted), ["app:1"]);

  const later = await startEditor({ world: async () => "none" });
  later.open(text);
  await later.diagnostics();
  await sleep(300);
  assert.deepEqual(images(later), []);
  later.setSettings({ registry: { lookups: "onOpen" } });
  await sleep(300);
  assert.deepEqual(images(later), ["app:1"]);
});
