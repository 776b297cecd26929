/** Rewritings of compose files over the wire: when they are offered, as what, and the edits that come back. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type CodeAction, CodeActionTriggerKind, type ShowMessageParams } from "vscode-languageserver/node";
import { type Editor, startEditor } from "./editor.ts";

const URI = "file:///project/compose.yaml";
const TEXT = 'services:\n  web:\n    ports: ["80:80"]\n    image: memcached:1.6\n';

async function open(text: string, options: Parameters<typeof startEditor>[0] = {}): Promise<Editor> {
  const editor = await startEditor({ rules: [], uri: URI, ...options });
  editor.open(text, "dockercompose");
  return editor;
}

const titles = (actions: readonly CodeAction[]): readonly string[] => actions.map(({ title }) => title);

test("what can be rewritten at a place is offered, with its kind", async () => {
  const editor = await open(TEXT);
  const actions = await editor.actions("ports");
  assert.deepEqual(
    actions.map(({ title, kind }) => [kind, title]),
    [
      ["refactor.rewrite", "Convert ports to long syntax"],
      ["refactor.rewrite", "Harden web: restart, healthcheck, user, read_only, cap_drop, security_opt, limits"],
      ["refactor.rewrite", "Sort the keys of web"],
    ],
  );
});

test("a menu that follows the cursor has none, one for a selection has", async () => {
  const editor = await open(TEXT);
  assert.deepEqual(await editor.actions("ports", { triggerKind: CodeActionTriggerKind.Automatic }), []);
  const only = await editor.actions("ports", { triggerKind: CodeActionTriggerKind.Automatic, only: ["refactor"] });
  assert.equal(only.length, 3);
});

test("only the kinds that are asked for", async () => {
  const editor = await open(TEXT);
  assert.deepEqual(await editor.actions("ports", { only: ["refactor.extract"] }), []);
  assert.deepEqual(await editor.actions("ports", { only: ["quickfix"] }), []);
  assert.deepEqual(titles(await editor.actions("ports", { only: ["source"] })), ["Sort all keys of this file"]);
  assert.deepEqual(titles(await editor.actions("ports", { only: ["source.sortKeys.dockwright"] })), [
    "Sort all keys of this file",
  ]);
});

test("Dockerfiles have none", async () => {
  const editor = await startEditor({ rules: [] });
  editor.open("FROM scratch\n");
  assert.deepEqual(await editor.actions("FROM", { only: ["refactor"] }), []);
});

const SORTED = 'services:\n  web:\n    image: memcached:1.6\n    ports: ["80:80"]\n';

for (const versioned of [true, false])
  for (const resolve of [true, false])
    test(`${versioned ? "versioned" : "plain"} edit, ${resolve ? "resolved" : "at once"}`, async () => {
      const editor = await open(TEXT, { can: { versioned, resolve } });
      const action = await editor.action("web", "Sort the keys of web");
      assert.equal(action.edit === undefined, resolve);
      assert.equal(editor.apply(resolve ? (await editor.resolve(action)).edit : action.edit), SORTED);
      assert.ok(!titles(await editor.actions("web")).includes("Sort the keys of web"));
    });

test("sorting all keys is for saving", async () => {
  const editor = await open(TEXT);
  const [action] = await editor.actions("services", { only: ["source.sortKeys"] });
  assert.equal(editor.apply(action?.edit), SORTED);
  assert.deepEqual(await editor.actions("services", { only: ["source.sortKeys"] }), []);
});

for (const snippets of [true, false])
  test(`hardening has tab stops where they are taken: ${snippets}`, async () => {
    const editor = await open("services:\n  a:\n    build: .\n    ports: ['1']\n", { can: { snippets } });
    const [action] = (await editor.actions("a:")).filter(({ title }) => title.startsWith("Harden a:"));
    assert.ok(action);
    const { edit } = await editor.resolve(action);
    assert.equal(JSON.stringify(edit).includes("${1:unless-stopped}"), snippets);
    assert.match(editor.apply(edit), /\n {4}restart: unless-stopped\n/);
    const [message] = editor.wire.received("window/showMessage") as ShowMessageParams[];
    assert.match(message?.message ?? "", /^Harden a: .*; read_only: it is not known where/);
  });

test("what cannot be done is shown with its reason, or not at all", async () => {
  const text = "services:\n  one: &one\n    image: memcached:1.6\n  two:\n    <<: *one\n    ports: ['1']\n";
  for (const disabled of [true, false]) {
    const editor = await open(text, { can: { disabled } });
    const found = (await editor.actions("one")).find(({ title }) => title === "Harden one here only");
    assert.equal(found?.disabled?.reason.startsWith("it is shared through &one"), disabled ? true : undefined);
  }
});

test("an action of an older version is refused", async () => {
  const editor = await open(TEXT);
  const action = await editor.action("web", "Sort the keys of web");
  editor.type(0, 0, "# new\n");
  await assert.rejects(editor.resolve(action), { code: -32801 });
});

const SECRET = "services:\n  db:\n    image: postgres:18.1\n    environment:\n      POSTGRES_PASSWORD: 7hq2-Kd9x\n";
const TITLE = "Extract POSTGRES_PASSWORD to a secret from the file ./secrets/postgres_password.txt";

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-assists-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const GIT_IGNORES: readonly { readonly before: string | undefined; readonly added: string | undefined }[] = [
  { before: undefined, added: "/secrets/\n" },
  { before: "node_modules", added: "\n/secrets/\n" },
  { before: "dist\n", added: "/secrets/\n" },
  { before: "/secrets/\n", added: undefined },
];
for (const { before, added } of GIT_IGNORES)
  test(`a secret's file comes in the same edit; .gitignore: ${JSON.stringify(before)}`, async (t) => {
    const folder = folderWith(t, before === undefined ? {} : { ".gitignore": before });
    const uri = pathToFileURL(join(folder, "compose.yaml")).href;
    const editor = await open(SECRET, { uri, disk: true, can: { createFiles: true } });
    const { edit } = await editor.resolve(await editor.action("POSTGRES", TITLE));
    const made = pathToFileURL(join(folder, "secrets/postgres_password.txt")).href;
    const ignored = pathToFileURL(join(folder, ".gitignore")).href;
    const [own, ...others] = edit?.documentChanges ?? [];
    assert.ok(own && "textDocument" in own && own.textDocument.uri === uri);
    const texts = others.map((change) =>
      "kind" in change
        ? [change.kind, change.kind === "create" ? change.uri : ""]
        : [change.textDocument.uri, ...change.edits.map((one) => ("newText" in one ? one.newText : ""))],
    );
    assert.deepEqual(texts, [
      ["create", made],
      [made, "7hq2-Kd9x"],
      ...(before === undefined ? [["create", ignored]] : []),
      ...(added === undefined ? [] : [[ignored, added]]),
    ]);
    assert.deepEqual(editor.wire.received("window/showMessage"), []);
  });

test("a secret's file that is there is not written over", async (t) => {
  const folder = folderWith(t, { "secrets/postgres_password.txt": "other", ".gitignore": "/secrets/\n" });
  const uri = pathToFileURL(join(folder, "compose.yaml")).href;
  const editor = await open(SECRET, { uri, disk: true, can: { createFiles: true } });
  const { edit } = await editor.resolve(await editor.action("POSTGRES", TITLE));
  assert.match(editor.apply(edit), /POSTGRES_PASSWORD_FILE: \/run\/secrets\/postgres_password\n/);
  const [message] = editor.wire.received("window/showMessage") as ShowMessageParams[];
  assert.match(message?.message ?? "", /make secrets\/postgres_password\.txt with the value in it/);
});

test("an editor that makes no files is told which to make", async () => {
  const editor = await open(SECRET);
  const { edit } = await editor.resolve(await editor.action("POSTGRES", TITLE));
  editor.apply(edit);
  const [message] = editor.wire.received("window/showMessage") as ShowMessageParams[];
  assert.match(message?.message ?? "", /make secrets\/postgres_password\.txt .*; add \/secrets\/ to \.gitignore$/);
  assert.doesNotMatch(message?.message ?? "", /7hq2/);
});
