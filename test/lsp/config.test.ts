/** Configuration files in the editor: the same code as the command line's, over the person's settings. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type { Diagnostic, PublishDiagnosticsParams } from "vscode-languageserver/node";
import { createConfigs } from "../../server/src/effects/config/load.ts";
import { type Editor, startEditor } from "./editor.ts";
import { rules } from "./rules.ts";

const BAD = "FROM scratch\nrun true\n";

interface Project {
  readonly uri: string;
  write(name: string, text: string): void;
  uriOf(name: string): string;
}

function project(t: TestContext, files: Readonly<Record<string, string>>): Project {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-lsp-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  for (const [name, text] of Object.entries({ ".git/HEAD": "", ...files })) write(name, text);
  return { uri: uriOf("Dockerfile"), write, uriOf };
}

/** As the server's, with names hadolint has. */
const named = rules.map((rule) => ({ ...rule, sameAs: [...rule.sameAs, `hadolint:${rule.id}`] }));

const start = (uri: string, settings: unknown = {}, trusted = true): Promise<Editor> =>
  startEditor({
    uri,
    settings,
    initializationOptions: { trusted },
    can: { watchFiles: true },
    configs: () => createConfigs(named, {}),
  });

const found = async (editor: Editor): Promise<readonly string[]> =>
  (await editor.diagnostics()).map(({ code, severity }) => `${code} ${severity}`);

test("the file wins over the person's settings in what it names", async (t) => {
  const { uri } = project(t, { ".dockwright.yaml": "rules: {keyword-case: error}\n" });
  const editor = await start(uri, { profile: "strict", rules: { "keyword-case": "off" } });
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["strict-only 4", "keyword-case 1"]);
});

test("overrides and ignored files", async (t) => {
  const files = { ".dockwright.yaml": "ignore: [b/]\noverrides: [{files: a/, rules: {keyword-case: off}}]\n" };
  const { uri, uriOf } = project(t, files);
  for (const [at, expected] of [
    [uri, ["keyword-case 2"]],
    [uriOf("a/Dockerfile"), []],
    [uriOf("b/Dockerfile"), []],
  ] as const) {
    const editor = await start(at);
    editor.open(BAD);
    assert.deepEqual(await found(editor), expected);
  }
});

test("hadolint's file is read, also in a workspace that is not trusted: it is data", async (t) => {
  const { uri } = project(t, { ".hadolint.yaml": "override: {error: [keyword-case]}\n" });
  const editor = await start(uri, {}, false);
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 1"]);
});

test("a changed file counts at once", async (t) => {
  const { uri, uriOf, write } = project(t, { ".dockwright.yaml": "rules: {keyword-case: error}\n" });
  const editor = await start(uri);
  const registered = await editor.wire.until("client/registerCapability", 2);
  const watched = registered
    .flatMap((one) => (one as { registrations: { method: string; registerOptions: unknown }[] }).registrations)
    .find(({ method }) => method === "workspace/didChangeWatchedFiles");
  assert.match(JSON.stringify(watched?.registerOptions), /"\*\*\/\.dockwright\.yaml".*"\*\*\/\.hadolint\.yml"/);
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 1"]);
  write(".dockwright.yaml", "rules: {keyword-case: off}\n");
  editor.wire.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(".dockwright.yaml"), type: 2 }] });
  await editor.wire.until("workspace/diagnostic/refresh");
  assert.deepEqual(await found(editor), []);
});

test("mistakes are shown in the file until they are mended, and the rest of it holds", async (t) => {
  const { uri, uriOf, write } = project(t, {
    ".dockwright.yaml": "profile: lax\nrules: {keyword-case: error}\n",
  });
  const editor = await start(uri);
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 1"]);
  const [shown] = (await editor.wire.until("textDocument/publishDiagnostics")) as PublishDiagnosticsParams[];
  const [first] = shown?.diagnostics ?? ([] as Diagnostic[]);
  assert.equal(shown?.uri, uriOf(".dockwright.yaml"));
  assert.equal(first?.message, "profile cannot be lax; it is one of recommended, strict, all");
  assert.deepEqual(first?.range, { start: { line: 0, character: 9 }, end: { line: 0, character: 12 } });
  write(".dockwright.yaml", "profile: strict\n");
  editor.wire.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(".dockwright.yaml"), type: 2 }] });
  await editor.wire.until("workspace/diagnostic/refresh");
  await found(editor);
  const all = (await editor.wire.until("textDocument/publishDiagnostics", 2)) as PublishDiagnosticsParams[];
  assert.deepEqual(all.at(-1), { uri: uriOf(".dockwright.yaml"), diagnostics: [] });
});

test("a document that is in no folder has the person's settings", async () => {
  const editor = await start("untitled:Untitled-1", { rules: { "keyword-case": "error" } });
  editor.open(BAD);
  assert.deepEqual(await found(editor), ["keyword-case 1"]);
});
