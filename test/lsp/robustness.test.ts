/** Odd texts, odd clients, odd moments: exactly one answer each, and the server goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../server/src/core/rule.ts";
import { ALL, startEditor } from "./editor.ts";
import { rulesWithBug } from "./rules.ts";

const BAD = "FROM scratch\nrun true\n";
const MEGABYTE = 1024 * 1024;

test("a rule that throws is logged once with its id, the others go on", async () => {
  const editor = await startEditor({ rules: rulesWithBug });
  editor.open(`${BAD}# BUG\n`);
  assert.deepEqual(
    (await editor.diagnostics()).map(({ code }) => code),
    ["keyword-case"],
  );
  editor.type(0, 0, "# more\n");
  assert.equal((await editor.diagnostics()).length, 1);
  const logged = editor.wire.received("window/logMessage") as { type: number; message: string }[];
  const lines = logged.filter(({ message }) => message.includes("Rule broken failed"));
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.type, 1);
  assert.match(lines[0]?.message ?? "", /this rule has a bug/);
  assert.ok((await editor.actions("run")).some(({ title }) => title === "Write RUN"));
});

const UNCHECKED: readonly (readonly [string, string])[] = [
  ["NUL bytes", "FROM scratch\nrun \0\n"],
  ["over 2 MB", `${BAD}${"# comment\n".repeat(2.1 * MEGABYTE * 0.1)}`],
  ["10 MB of one line", `RUN ${"x".repeat(10 * MEGABYTE)}`],
];
for (const pull of [true, false])
  for (const [name, text] of UNCHECKED)
    test(`not checked, and said so: ${name}, ${pull ? "pulled" : "pushed"}`, async () => {
      const editor = await startEditor({ can: { pull } });
      editor.open(text);
      const [only, ...rest] = await editor.diagnostics();
      assert.deepEqual(rest, []);
      assert.equal(only?.severity, 3);
      assert.match(typeof only?.message === "string" ? only.message : "", /^Not checked, because/);
      assert.deepEqual(await editor.actions(), []);
      assert.deepEqual(await editor.actions(undefined, { only: ["source.fixAll"] }), []);
      const summary = await editor.request("workspace/executeCommand", {
        command: "dockwright.fixAll",
        arguments: [editor.uri],
      });
      assert.match(JSON.stringify(summary), /Nothing was fixed: Not checked/);
    });

const ODD: readonly (readonly [string, string, number])[] = [
  ["empty", "", 0],
  ["blank lines", "\n\n\r\n", 0],
  ["one word", "run", 1],
  ["a byte order mark", "\uFEFFFROM scratch\nrun true\n", 1],
  ["CRLF", "FROM scratch\r\nrun true\r\n", 1],
  ["a lone CR", "FROM scratch\rrun true\r", 0],
  ["an open quote", 'FROM scratch\nrun echo "\n', 1],
  ["an open continuation", "FROM scratch\nrun true \\", 1],
  ["surrogates", "FROM scratch\nrun echo 😀\ud800\n", 1],
  ["just under 2 MB of comments", `${BAD}${"#\n".repeat(MEGABYTE - 20)}`, 1],
];
for (const [name, text, count] of ODD)
  test(`odd text: ${name}`, async () => {
    const editor = await startEditor();
    editor.open(text);
    const found = (await editor.diagnostics()).filter(({ code }) => code === "keyword-case");
    assert.equal(found.length, count);
    const [fix] = await editor.actions(undefined, { only: ["source.fixAll"] });
    if (count > 0) assert.equal(editor.apply(fix?.edit), text.replace("run", "RUN"));
    else assert.equal(fix, undefined);
    assert.equal(editor.wire.received("window/logMessage").length, 0);
  });

test("a byte order mark shifts nothing", async () => {
  const editor = await startEditor();
  editor.open("\uFEFFrun true\n");
  const [found] = await editor.diagnostics();
  assert.deepEqual(found?.range, { start: { line: 0, character: 1 }, end: { line: 0, character: 4 } });
  const action = await editor.action("run", "Ignore keyword-case in this file");
  assert.equal(editor.apply(action.edit), "\uFEFF# dockwright global ignore=keyword-case\nrun true\n");
});

/** A pin under way at a registry that never answers; `signal` is what gives the question up. */
async function startSilentPin() {
  const asked = Promise.withResolvers<AbortSignal>();
  const editor = await startEditor({
    world: (_question, signal) => {
      asked.resolve(signal);
      return new Promise<Answer>(() => {});
    },
  });
  editor.open("FROM node:22\n");
  const action = await editor.action("node", "Pin node:22 to its digest");
  const { id, answer } = editor.wire.send("codeAction/resolve", action);
  return { editor, id, answer, signal: await asked.promise };
}

test("a cancelled request is answered at once, and what it waited for is stopped", async () => {
  const { editor, id, answer, signal } = await startSilentPin();
  editor.wire.notify("$/cancelRequest", { id });
  assert.equal((await answer).error?.code, -32800);
  assert.equal(signal.aborted, true);
  await editor.diagnostics();
  assert.equal(editor.wire.answers(id), 1);
});

test("a request that waits for the client can be cancelled too", async () => {
  const editor = await startEditor();
  editor.wire.handle("window/workDoneProgress/create", () => new Promise(() => {}));
  editor.open("FROM node:22\n");
  const params = { command: "dockwright.pinAllBaseImages", arguments: [editor.uri] };
  const { id, answer } = editor.wire.send("workspace/executeCommand", params);
  await editor.wire.until("window/workDoneProgress/create");
  editor.wire.notify("$/cancelRequest", { id });
  assert.equal((await answer).error?.code, -32800);
  assert.equal(editor.wire.answers(id), 1);
});

test("a request cancelled before its turn is answered as cancelled", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  const { id, answer } = editor.wire.send("textDocument/diagnostic", { textDocument: { uri: editor.uri } });
  editor.wire.notify("$/cancelRequest", { id });
  assert.equal((await answer).error?.code, -32800);
  assert.equal((await editor.diagnostics()).length, 1);
  assert.equal(editor.wire.answers(id), 1);
});

for (const change of ["typing", "closing"] as const)
  test(`${change} while a registry is asked: the old answer is dropped, the question given up`, async () => {
    const { editor, id, answer, signal } = await startSilentPin();
    if (change === "typing") editor.type(0, 0, "# mine\n");
    else editor.close();
    assert.equal((await answer).error?.code, -32801);
    assert.equal(signal.aborted, true);
    assert.equal(editor.wire.answers(id), 1);
  });

const DIGEST = `sha256:${"a".repeat(64)}`;

test("two who ask the same wait for one answer; one who leaves does not stop the other", async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const answered = Promise.withResolvers<Answer>();
  const editor = await startEditor({
    world: (_question, signal) => {
      asked.resolve(signal);
      return answered.promise;
    },
  });
  editor.open("FROM node:22\n");
  const action = await editor.action("node", "Pin node:22 to its digest");
  const first = editor.wire.send("codeAction/resolve", action);
  const second = editor.wire.send("codeAction/resolve", action);
  const signal = await asked.promise;
  await editor.diagnostics(); // a cancellation overtakes requests that still wait for their turn
  editor.wire.notify("$/cancelRequest", { id: first.id });
  assert.equal((await first.answer).error?.code, -32800);
  assert.equal(signal.aborted, false);
  answered.resolve(DIGEST);
  assert.ok(JSON.stringify((await second.answer).result).includes(DIGEST));
  assert.equal(editor.asked.length, 1);
});

test("a source that throws is an answer like any other", async () => {
  const editor = await startEditor({ world: () => Promise.reject(new Error("the disk is on fire")) });
  editor.open("FROM node:22\n");
  const back = await editor.resolve(await editor.action("node", "Pin node:22 to its digest"));
  assert.equal(back.edit, undefined);
  const [message] = await editor.wire.until("window/showMessage");
  assert.match(JSON.stringify(message), /the disk is on fire/);
});

test("a client that fails to send its settings gets the defaults and a line in its log", async () => {
  const editor = await startEditor();
  editor.wire.handle("workspace/configuration", () => "nonsense");
  editor.open(BAD);
  assert.equal((await editor.diagnostics()).length, 1);
});

test("a client that never sends its settings gets the defaults after a while", async (t) => {
  const editor = await startEditor();
  editor.wire.handle("workspace/configuration", () => new Promise(() => {}));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  editor.open(BAD);
  const found = editor.diagnostics();
  await editor.wire.until("workspace/configuration");
  t.mock.timers.tick(5_000);
  assert.equal((await found).length, 1);
  assert.match(editor.logged(), /did not send the settings of/);
});

test("garbage in a request is answered, and the next request too", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  const { uri } = editor;
  const garbage: readonly (readonly [string, unknown, unknown])[] = [
    ["textDocument/diagnostic", {}, { kind: "full", items: [] }],
    ["textDocument/diagnostic", { textDocument: { uri: 1 } }, { kind: "full", items: [] }],
    ["textDocument/codeAction", { textDocument: { uri } }, []],
    ["textDocument/codeAction", { textDocument: { uri }, range: {}, context: {} }, []],
    ["codeAction/resolve", {}, {}],
    ["workspace/executeCommand", {}, -32602],
    ["dockwright/explain", [1], null],
    ["textDocument/unknown", {}, -32601],
  ];
  for (const [method, params, expected] of garbage) {
    const { id, answer } = editor.wire.send(method, params);
    const { result, error } = await answer;
    assert.deepEqual(error?.code ?? result, expected, `${method} with ${JSON.stringify(params)}`);
    assert.equal(editor.wire.answers(id), 1, method);
  }
  assert.match(editor.logged(), /textDocument\/codeAction failed: TypeError/);
  const outOfRange = { start: { line: 900, character: 900 }, end: { line: 901, character: 0 } };
  const actions = await editor.request("textDocument/codeAction", {
    textDocument: { uri: editor.uri },
    range: outOfRange,
    context: { diagnostics: [{ range: outOfRange, message: "x", source: "dockwright", data: 7 }] },
  });
  assert.deepEqual(actions, []);
  assert.equal((await editor.diagnostics()).length, 1);
  assert.equal(editor.exits.length, 0);
});

test("nothing is served before initialize or after shutdown", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  const twice = editor.wire.send("initialize", { processId: null, rootUri: null, capabilities: {} });
  assert.equal((await twice.answer).error?.code, -32600);
  assert.equal(await editor.request("shutdown", undefined), null);
  await assert.rejects(editor.pull(), { code: -32600 });
  editor.wire.notify("exit");
  await editor.wire.send("shutdown").answer;
  assert.deepEqual(editor.exits, [0]);
});

test("exit without shutdown is not orderly", async () => {
  const editor = await startEditor();
  editor.wire.notify("exit");
  await editor.wire.send("shutdown").answer;
  assert.deepEqual(editor.exits, [1]);
});

test("a hundred edits and requests at once end in the last text and one answer each", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\n");
  const sent = Array.from({ length: 100 }, () => {
    editor.type(editor.text().length, 0, "run true\n");
    return editor.wire.send("textDocument/diagnostic", { textDocument: { uri: editor.uri } });
  });
  const answers = await Promise.all(sent.map(({ answer }) => answer));
  assert.ok(answers.every(({ error }) => error === undefined));
  assert.ok(sent.every(({ id }) => editor.wire.answers(id) === 1));
  assert.equal((await editor.diagnostics()).length, 100);
});

test("every capability the client can lack leaves a server that answers", async () => {
  for (const lacking of Object.keys(ALL)) {
    const editor = await startEditor({ can: { [lacking]: false } });
    editor.open(BAD);
    assert.equal((await editor.diagnostics()).length, 1, `without ${lacking}`);
    const action = await editor.action("run", "Write RUN");
    assert.equal(editor.apply(action.edit), "FROM scratch\nRUN true\n", `without ${lacking}`);
  }
});
