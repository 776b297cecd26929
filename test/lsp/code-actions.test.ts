/** The lightbulb over the wire: what is offered, and what the text is afterwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CodeAction, CodeActionTriggerKind, type ShowMessageParams } from "vscode-languageserver/node";
import { startEditor } from "./editor.ts";

const titles = (actions: readonly CodeAction[]): readonly string[] => actions.map(({ title }) => title);
const DIGEST = `sha256:${"a".repeat(64)}`;
const BAD = "FROM scratch\nrun true\nrun false\n";

test("a finding's alternatives come first, then all of its rule, ignoring and explaining", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  const actions = await editor.actions("run true", { only: ["quickfix"] });
  assert.deepEqual(titles(actions), [
    "Write RUN",
    "Remove the word",
    "Fix all keyword-case in this file",
    "Ignore keyword-case here",
    "Ignore keyword-case in this file",
    "Explain keyword-case",
  ]);
  assert.deepEqual(
    actions.filter(({ isPreferred }) => isPreferred).map(({ title }) => title),
    ["Write RUN"],
  );
  assert.ok(actions.every(({ kind }) => kind === "quickfix"));
  assert.deepEqual(actions.at(-1)?.command, {
    title: "Explain keyword-case",
    command: "dockwright.explainRule",
    arguments: ["keyword-case"],
  });
});

const APPLIED: readonly { readonly title: string; readonly after: string }[] = [
  { title: "Write RUN", after: "FROM scratch\nRUN true\nrun false\n" },
  { title: "Remove the word", after: "FROM scratch\n true\nrun false\n" },
  { title: "Fix all keyword-case in this file", after: "FROM scratch\nRUN true\nRUN false\n" },
  { title: "Ignore keyword-case here", after: "FROM scratch\n# dockwright ignore=keyword-case\nrun true\nrun false\n" },
  { title: "Ignore keyword-case in this file", after: `# dockwright global ignore=keyword-case\n${BAD}` },
];

for (const versioned of [true, false])
  for (const resolve of [true, false])
    for (const { title, after } of APPLIED)
      test(`${title}: ${versioned ? "versioned" : "plain"} edit, ${resolve ? "resolved" : "at once"}`, async () => {
        const editor = await startEditor({ can: { versioned, resolve } });
        editor.open(BAD);
        const action = await editor.action("run true", title);
        assert.ok(resolve || action.edit, "without resolve the edit is there at once");
        assert.equal(editor.apply(action.edit ?? (await editor.resolve(action)).edit), after);
        const left = await editor.diagnostics();
        assert.ok(left.every(({ range }) => !title.startsWith("Ignore") || range.start.line !== 2));
      });

test("one finding alone has no fix for all of its rule", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nrun true\n");
  const found = titles(await editor.actions("run"));
  assert.ok(found.includes("Write RUN"));
  assert.ok(!found.includes("Fix all keyword-case in this file"));
});

test("unsafe fixes are offered and never preferred", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nMAINTAINER me\n");
  const actions = await editor.actions("MAINTAINER");
  assert.deepEqual(titles(actions).slice(0, 1), ["Remove MAINTAINER"]);
  assert.ok(actions.every(({ isPreferred }) => isPreferred === undefined));
});

test("a check of BuildKit's is skipped in the directive that is there", async () => {
  const editor = await startEditor();
  editor.open("# check=skip=StageNameCasing;error=true\nFROM scratch\nMAINTAINER me\n");
  const title = "Skip BuildKit's MaintainerDeprecated in this file";
  const { edit } = await editor.action("MAINTAINER", title);
  assert.equal(
    editor.apply(edit),
    "# check=skip=StageNameCasing,MaintainerDeprecated;error=true\nFROM scratch\nMAINTAINER me\n",
  );
  assert.ok((await editor.diagnostics()).every(({ code }) => code !== "maintainer-deprecated"));
  assert.ok(!titles(await editor.actions("FROM")).includes(title));
});

test("the diagnostics of the request count like its range", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  const diagnostics = await editor.diagnostics();
  const actions = await editor.actions("FROM", { diagnostics: diagnostics.slice(1) });
  assert.equal(actions[0]?.title, "Write RUN");
  assert.equal(editor.apply(actions[0]?.edit), "FROM scratch\nrun true\nRUN false\n");
});

const ONLY: readonly {
  readonly only: readonly string[];
  readonly expected: "quickfix" | "source" | "both" | "none";
}[] = [
  { only: ["quickfix"], expected: "quickfix" },
  { only: ["source"], expected: "source" },
  { only: ["source.fixAll"], expected: "source" },
  { only: ["source.fixAll.dockwright"], expected: "source" },
  { only: ["source.fixAll.other"], expected: "none" },
  { only: ["source.organizeImports"], expected: "none" },
  { only: ["refactor"], expected: "none" },
  { only: ["quickfix", "source"], expected: "both" },
  { only: [""], expected: "both" },
];
for (const { only, expected } of ONLY)
  test(`only ${JSON.stringify(only)} gives ${expected}`, async () => {
    const editor = await startEditor();
    editor.open(BAD);
    const actions = await editor.actions("run true", { only: [...only] });
    const kinds = new Set(actions.map(({ kind }) => kind));
    assert.equal(kinds.has("quickfix"), expected === "quickfix" || expected === "both");
    assert.equal(kinds.has("source.fixAll.dockwright"), expected === "source" || expected === "both");
  });

test("source.fixAll changes what is safe, as few characters as can be", async () => {
  const editor = await startEditor();
  editor.open("from scratch\r\nMAINTAINER me\r\nrun true\r\n");
  const [action, ...rest] = await editor.actions(undefined, { only: ["source.fixAll"] });
  assert.deepEqual(rest, []);
  assert.equal(editor.apply(action?.edit), "FROM scratch\r\nMAINTAINER me\r\nRUN true\r\n");
  assert.deepEqual(await editor.actions(undefined, { only: ["source.fixAll"] }), []);
});

for (const snippets of [true, false])
  test(`tab stops are ${snippets ? "sent to who takes them" : "left out otherwise"}`, async () => {
    const editor = await startEditor({ can: { snippets } });
    editor.open("FROM alpine\nEXPOSE 80\n");
    const action = await editor.action("EXPOSE", "Add HEALTHCHECK");
    assert.equal(JSON.stringify(action.edit).includes("${1:true}"), snippets);
    assert.equal(editor.apply(action.edit), "FROM alpine\nEXPOSE 80\nHEALTHCHECK CMD true\n");
  });

test("tab stops need versioned edits", async () => {
  const editor = await startEditor({ can: { snippets: true, versioned: false } });
  editor.open("FROM alpine\nEXPOSE 80\n");
  const action = await editor.action("EXPOSE", "Add HEALTHCHECK");
  assert.equal(editor.apply(action.edit), "FROM alpine\nEXPOSE 80\nHEALTHCHECK CMD true\n");
});

for (const disabled of [true, false])
  test(`a fix that would break the image is ${disabled ? "shown with its reason" : "left out"}`, async () => {
    const editor = await startEditor({ can: { disabled } });
    editor.open("FROM scratch\nEXPOSE 80\n");
    const found = (await editor.actions("EXPOSE")).filter(({ title }) => title === "Add HEALTHCHECK");
    assert.deepEqual(
      found.map(({ edit, disabled: why }) => [edit, why?.reason]),
      disabled ? [[undefined, "HEALTHCHECK is in shell form, and scratch has no shell"]] : [],
    );
  });

for (const disabled of [true, false])
  test(`a refusal is ${disabled ? "shown with its reason" : "left out where it cannot be shown"}`, async () => {
    const editor = await startEditor({ can: { disabled } });
    editor.open('FROM scratch\nSHELL ["x"]\n');
    const actions = await editor.actions("SHELL");
    assert.deepEqual(
      actions.flatMap((action) => (action.disabled ? [[action.title, action.disabled.reason]] : [])),
      disabled ? [["Fix shell-odd", "only you know the right one"]] : [],
    );
  });

test("an offer asks nothing until it is chosen, then it becomes a fix", async () => {
  const editor = await startEditor({ world: async () => DIGEST });
  editor.open("FROM node:22 AS build\n");
  await editor.diagnostics();
  const action = await editor.action("node", "Pin node:22 to its digest");
  assert.equal(action.edit, undefined);
  assert.deepEqual(editor.asked, []);
  const resolved = await editor.resolve(action);
  assert.deepEqual(editor.asked, [{ ask: "digest", image: "node:22" }]);
  assert.equal(editor.apply(resolved.edit), `FROM node:22@${DIGEST} AS build\n`);
  assert.deepEqual(await editor.diagnostics(), []);
});

test("a known answer makes the next menu quicker and refreshes the findings", async () => {
  const editor = await startEditor({ world: async () => DIGEST });
  editor.open("FROM node:22\n");
  await editor.resolve(await editor.action("node", "Pin node:22 to its digest"));
  await editor.wire.until("workspace/diagnostic/refresh");
  const again = await editor.action("node", "Pin node:22 to its digest");
  assert.equal(editor.apply(again.edit), `FROM node:22@${DIGEST}\n`);
  assert.equal(editor.asked.length, 1);
});

test("an offer that cannot be had says why and changes nothing", async () => {
  const editor = await startEditor({ world: async () => ({ unknown: "the registry wants a login" }) });
  editor.open("FROM node:22\n");
  const resolved = await editor.resolve(await editor.action("node", "Pin node:22 to its digest"));
  assert.equal(resolved.edit, undefined);
  const [message] = (await editor.wire.until("window/showMessage")) as ShowMessageParams[];
  assert.deepEqual(message, {
    type: 2,
    message: "Pin node:22 to its digest: not possible, the registry wants a login",
  });
});

test("without resolve an offer is answered in the menu, but not for a cursor that only moves", async () => {
  const editor = await startEditor({ can: { resolve: false }, world: async () => DIGEST });
  editor.open("FROM node:22\n");
  const moving = await editor.actions("node", { triggerKind: CodeActionTriggerKind.Automatic });
  assert.ok(!titles(moving).includes("Pin node:22 to its digest"));
  assert.deepEqual(editor.asked, []);
  const action = await editor.action("node", "Pin node:22 to its digest");
  assert.equal(editor.apply(action.edit), `FROM node:22@${DIGEST}\n`);
});

test("without resolve an offer that cannot be had is shown with the reason", async () => {
  const editor = await startEditor({ can: { resolve: false }, world: async () => ({ unknown: "no network" }) });
  editor.open("FROM node:22\n");
  const action = await editor.action("node", "Pin node:22 to its digest");
  assert.deepEqual(action.disabled, { reason: "no network" });
  assert.equal(action.edit, undefined);
});

const SILENT = [
  { when: "offline", options: { settings: { offline: true } } },
  { when: "the workspace is not trusted", options: { initializationOptions: { trusted: false } } },
];
for (const { when, options } of SILENT)
  for (const resolve of [true, false])
    test(`nothing is offered when ${when}, ${resolve ? "with" : "without"} resolve`, async () => {
      const editor = await startEditor({ ...options, can: { resolve }, world: async () => DIGEST });
      editor.open("FROM node:22\nCOPY app.js /\n");
      assert.ok(!titles(await editor.actions("node")).includes("Pin node:22 to its digest"));
      assert.deepEqual(
        editor.asked.filter(({ ask }) => ask === "digest"),
        [],
      );
    });

test("an action of an older version is refused, not applied to a text it was not made for", async () => {
  const editor = await startEditor({ world: async () => DIGEST });
  editor.open("FROM node:22\n");
  const action = await editor.action("node", "Pin node:22 to its digest");
  editor.type(editor.text().length, 0, "# behind it, so that the finding has not moved\n");
  await assert.rejects(editor.resolve(action), { code: -32801 });
  assert.deepEqual(editor.asked, []);
});

test("an action that is none of ours comes back as it was", async () => {
  const editor = await startEditor();
  editor.open(BAD);
  for (const data of [undefined, null, 1, "x", [], {}, { do: "offer" }, { do: "offer", uri: 1 }]) {
    const action = { title: "other", data };
    const back = await editor.resolve(action);
    assert.equal(back.title, "other");
    assert.equal(back.edit, undefined);
  }
});
