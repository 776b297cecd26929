/** Refactorings of Dockerfiles over the wire: when they are offered, as what, and the edits that come back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { type CodeAction, CodeActionTriggerKind, type ShowMessageParams } from "vscode-languageserver/node";
import { type Editor, startEditor } from "./editor.ts";

const TEXT = "FROM debian:13\nRUN one && two\nRUN three\nCMD x\n";

async function open(text: string, options: Parameters<typeof startEditor>[0] = {}): Promise<Editor> {
  const editor = await startEditor({ rules: [], ...options });
  editor.open(text);
  return editor;
}

const titles = (actions: readonly CodeAction[]): readonly string[] => actions.map(({ title }) => title);

test("what can be done at a place is offered, with its kind", async () => {
  const editor = await open(TEXT);
  const actions = await editor.actions("two", { only: ["refactor"] });
  assert.deepEqual(
    actions.flatMap(({ title, kind, disabled }) => (disabled ? [] : [[kind, title]])),
    [
      ["refactor.rewrite", "Split the RUN in front of two"],
      ["refactor.rewrite", "Merge with the RUN below"],
      ["refactor.rewrite", "Convert the RUN to a heredoc"],
      ["refactor.extract", "Extract everything up to here into the stage base"],
    ],
  );
});

test("a menu that follows the cursor has none", async () => {
  const editor = await open(TEXT);
  assert.deepEqual(await editor.actions("two", { triggerKind: CodeActionTriggerKind.Automatic }), []);
});

test("only the kinds that are asked for", async () => {
  const editor = await open(TEXT);
  assert.deepEqual(titles(await editor.actions("two", { only: ["refactor.extract"] })), [
    "Extract everything up to here into the stage base",
  ]);
  assert.deepEqual(await editor.actions("two", { only: ["refactor.inline"] }), []);
});

for (const versioned of [true, false])
  for (const resolve of [true, false])
    test(`${versioned ? "versioned" : "plain"} edit, ${resolve ? "resolved" : "at once"}`, async () => {
      const editor = await open(TEXT, { can: { versioned, resolve } });
      const action = await editor.action("three", "Merge with the RUN above");
      assert.equal(action.edit === undefined, resolve);
      const { edit } = resolve ? await editor.resolve(action) : action;
      assert.equal(editor.apply(edit), "FROM debian:13\nRUN one && two && \\\n    three\nCMD x\n");
    });

for (const snippets of [true, false])
  test(`the name of a new stage is a tab stop where they are taken: ${snippets}`, async () => {
    const editor = await open(TEXT, { can: { snippets } });
    const action = await editor.action("two", "Extract everything up to here into the stage base");
    const { edit } = await editor.resolve(action);
    assert.equal(JSON.stringify(edit).includes("${1:base}"), snippets);
  });

test("what cannot be done is shown with its reason, or not at all", async () => {
  for (const disabled of [true, false]) {
    const editor = await open("FROM debian:13\nRUN cd /x && make\n", { can: { disabled } });
    const found = (await editor.actions("make")).find(({ title }) => title === "Split the RUN in front of make");
    assert.equal(
      found?.disabled?.reason,
      disabled ? "cd /x in front of it changes the shell for what follows" : undefined,
    );
  }
});

test("an action of an older version is refused", async () => {
  const editor = await open(TEXT);
  const action = await editor.action("three", "Merge with the RUN above");
  editor.type(0, 0, "# new\n");
  await assert.rejects(editor.resolve(action), { code: -32801 });
});

test("what was left out is told", async () => {
  const editor = await open("FROM debian:13\nRUN apt-get install -y b a && apt-get purge -y d > /log c\n");
  const { edit } = await editor.resolve(await editor.action("RUN", "Sort the packages of apt-get, one on each line"));
  assert.match(editor.apply(edit), /install -y \\\n {4}a \\\n {4}b \\\n {4}&& apt-get purge -y d > \/log c\n$/);
  const [message] = editor.wire.received("window/showMessage") as ShowMessageParams[];
  assert.match(message?.message ?? "", /something else than packages stands between them$/);
});

const LOCK = `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^5.1.0"}}, "node_modules/express": {"version": "5.1.0"}}}`;

for (const resolve of [true, false])
  test(`what is not known yet is asked when it is chosen${resolve ? "" : ", and not for a menu"}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "dockwright-assists-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "package.json"), '{"dependencies": {"express": "^5.1.0"}}');
    writeFileSync(join(folder, "package-lock.json"), LOCK);
    const uri = pathToFileURL(join(folder, "Dockerfile")).href;
    const text = "FROM node:22\nCOPY package.json package-lock.json ./\nRUN npm install\n";
    const editor = await open(text, { uri, disk: true, can: { resolve } });
    const found = (await editor.actions("npm", { only: ["refactor"] })).find(({ title }) =>
      title.includes("install exactly"),
    );
    assert.ok(found);
    if (!resolve) return assert.equal(found.edit, undefined);
    return assert.equal(editor.apply((await editor.resolve(found)).edit), text.replace("npm install", "npm ci"));
  });
