/** Ignore files over the wire: the fix that writes one, findings in one, what a pattern fits, paths to choose from. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeAction, CompletionList, Diagnostic, Hover, MarkupContent } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { rules } from "../../server/src/core/rules/index.ts";
import { folderWith } from "../cli/harness.ts";
import { type Editor, startEditor } from "./editor.ts";

const DOCKERFILE = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
const FILES = { Dockerfile: DOCKERFILE, "package.json": "{}", "web/index.ts": "", "api/.env": "PORT=1\n" };

type Options = Parameters<typeof startEditor>[0];

interface Opened {
  readonly editor: Editor;
  readonly uriOf: (path: string) => string;
}

async function open(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  name: string,
  options: Options = {},
): Promise<Opened> {
  const folder = folderWith(t, { ...FILES, ...files });
  mkdirSync(join(folder, "node_modules"));
  const uriOf = (path: string): string => pathToFileURL(join(folder, path)).href;
  const editor = await startEditor({ rules, uri: uriOf(name), disk: true, can: { createFiles: true }, ...options });
  editor.open({ ...FILES, ...files }[name] ?? "", name === "Dockerfile" ? "dockerfile" : "plaintext");
  return { editor, uriOf };
}

/** Once the folder was looked at: the diagnostics with these rules. */
async function found(editor: Editor, ...wanted: readonly string[]): Promise<readonly Diagnostic[]> {
  for (;;) {
    const diagnostics = await editor.diagnostics();
    const codes = diagnostics.map(({ code }) => String(code));
    if (wanted.every((rule) => codes.includes(rule))) return diagnostics;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const changesOf = ({ edit }: CodeAction): readonly (readonly string[])[] =>
  (edit?.documentChanges ?? []).map((change) =>
    "kind" in change
      ? [change.kind, change.kind === "create" ? change.uri : ""]
      : [change.textDocument.uri, ...change.edits.map((one) => ("newText" in one ? one.newText : ""))],
  );

test("the fix makes the ignore file of the build context, in one edit", async (t) => {
  const { editor, uriOf } = await open(t, {}, "Dockerfile");
  await found(editor, "dockerignore-missing");
  const actions = await editor.actions(". .");
  const write = actions.find(({ title }) => title.startsWith("Write .dockerignore"));
  assert.ok(write && write.isPreferred === undefined);
  const [created, written] = changesOf(write);
  assert.deepEqual(created, ["create", uriOf(".dockerignore")]);
  assert.equal(written?.[0], uriOf(".dockerignore"));
  for (const line of [".git", ".env", "**/node_modules"]) assert.ok(written?.[1]?.split("\n").includes(line), line);
  assert.ok(
    !(await editor.actions(". .", { only: ["source.fixAll"] })).some(
      ({ edit }) => changesOf({ title: "", edit: edit ?? {} }).length > 1,
    ),
  );
});

test("the fix adds its line to the one that is there", async (t) => {
  const { editor, uriOf } = await open(t, { ".dockerignore": "dist\n" }, "Dockerfile");
  await found(editor, "dockerignore-missing");
  const action = await editor.action(". .", "Add **/node_modules to .dockerignore");
  assert.deepEqual(changesOf(action), [[uriOf(".dockerignore"), "**/node_modules\n"]]);
});

test("an own ignore file is the one that holds", async (t) => {
  const own = { ".dockerignore": "**/node_modules\n", "Dockerfile.dockerignore": "dist\n" };
  const { editor, uriOf } = await open(t, own, "Dockerfile");
  await found(editor, "dockerignore-missing");
  const action = await editor.action(". .", "Add **/node_modules to Dockerfile.dockerignore");
  assert.deepEqual(changesOf(action), [[uriOf("Dockerfile.dockerignore"), "**/node_modules\n"]]);
});

test("no fix over what is not saved, and none where files cannot be made", async (t) => {
  const { editor, uriOf } = await open(t, { ".dockerignore": "dist\n" }, "Dockerfile");
  await found(editor, "dockerignore-missing");
  const textDocument = { uri: uriOf(".dockerignore"), languageId: "ignore", version: 1, text: "dist\nmore\n" };
  editor.wire.notify("textDocument/didOpen", { textDocument });
  const title = "Add **/node_modules to .dockerignore";
  assert.deepEqual((await editor.action(". .", title)).disabled, {
    reason: ".dockerignore has changes that are not saved yet",
  });
  const poor = await open(t, {}, "Dockerfile", { can: { createFiles: false } });
  await found(poor.editor, "dockerignore-missing");
  const actions = await poor.editor.actions(". .");
  assert.match(actions.find((one) => one.title.startsWith("Write"))?.disabled?.reason ?? "", /does not let a server/);
});

const IGNORES = "node_modules\n.env\n# what is built\ndist\ndist/assets\n!web\npackage.json\n[x\n";

test("findings in an ignore file, whatever the editor calls it, and those that need the folder", async (t) => {
  const { editor } = await open(t, { ".dockerignore": IGNORES }, ".dockerignore");
  const all = await found(editor, "ignore-pattern-invalid", "ignore-pattern-no-effect", "ignore-pattern-top-only");
  const top = all.find(({ code }) => code === "ignore-pattern-top-only");
  assert.match(JSON.stringify(top?.message), /api\/\.env gets through/);
  const titles = (await editor.actions("dist/assets")).map(({ title }) => title);
  for (const title of ["Remove the line", "Ignore ignore-pattern-no-effect here", "Explain ignore-pattern-no-effect"])
    assert.ok(titles.includes(title), title);
  const ignored = await editor.action("dist/assets", "Ignore ignore-pattern-no-effect here");
  assert.match(editor.apply(ignored.edit), /^dist\n# dockwright ignore=ignore-pattern-no-effect\ndist\/assets$/m);
});

test("all safe fixes of an ignore file", async (t) => {
  const { editor } = await open(t, { ".dockerignore": IGNORES.replace("[x\n", "!\n") }, ".dockerignore");
  await found(editor, "ignore-pattern-invalid");
  const [action] = await editor.actions(undefined, { only: ["source.fixAll.dockwright"] });
  assert.equal(editor.apply(action?.edit), "node_modules\n.env\n# what is built\ndist\npackage.json\n");
});

test("the pattern that hides what the Dockerfile copies says so after the Dockerfile was saved", async (t) => {
  const { editor, uriOf } = await open(t, { ".dockerignore": "package.json\n" }, ".dockerignore");
  assert.deepEqual(await editor.diagnostics(), []);
  const dockerfile = new URL(uriOf("Dockerfile"));
  writeFileSync(dockerfile, "FROM node:22\nCOPY package.json web /app/\n");
  await new Promise((resolve) => setTimeout(resolve, 2_100)); // files are looked at anew after two seconds
  editor.wire.notify("textDocument/didSave", { textDocument: { uri: editor.uri } });
  const [one] = await found(editor, "ignore-pattern-hides-copied");
  assert.equal(one?.message, "package.json keeps package.json out, and Dockerfile copies it");
});

test("hover says what a pattern fits", async (t) => {
  const { editor } = await open(t, { ".dockerignore": "web\n*.json\n!package.json\nnothing\n" }, ".dockerignore");
  const at = async (line: number): Promise<string> => {
    const hover = await editor.request<Hover | null>("textDocument/hover", {
      textDocument: { uri: editor.uri },
      position: { line, character: 1 },
    });
    return (hover?.contents as MarkupContent | undefined)?.value ?? "";
  };
  assert.equal(await at(0), "Keeps out 1 path, folders with what is in them:\n\n- `web/`");
  assert.equal(await at(1), "Keeps out 1 path:\n\n- `package.json`\n\nOther lines decide about all of them.");
  assert.equal(await at(2), "Lets in 1 path:\n\n- `package.json`");
  assert.match(await at(3), /Keeps out nothing that is in the folder now\./);
});

const OFFERS: readonly { readonly text: string; readonly labels: readonly string[]; readonly taken?: string }[] = [
  { text: "node_modules\n|", labels: [".dockerignore", "Dockerfile", "api", "package.json", "web"] },
  {
    text: "node_modules\nwe|x\ndist\n",
    labels: [".dockerignore", "Dockerfile", "api", "package.json", "web"],
    taken: "node_modules\nweb\ndist\n",
  },
  { text: "web/|", labels: ["index.ts"], taken: "web/index.ts" },
  { text: "web\n!|", labels: ["web"], taken: "web\n!web" },
  {
    text: "**/index|",
    labels: [".dockerignore", "Dockerfile", "api", ".env", "node_modules", "package.json", "web", "index.ts"],
  },
  { text: "# we|", labels: [] },
  { text: "*.js|", labels: [] },
];

for (const { text, labels, taken } of OFFERS)
  test(`completion: ${JSON.stringify(text)}`, async (t) => {
    const source = text.replace("|", "");
    const { editor } = await open(t, { ".dockerignore": source }, ".dockerignore");
    const document = TextDocument.create(editor.uri, "ignore", 1, source);
    const { items } = await editor.request<CompletionList>("textDocument/completion", {
      textDocument: { uri: editor.uri },
      position: document.positionAt(text.indexOf("|")),
    });
    assert.deepEqual(
      items.map(({ label }) => label),
      labels,
    );
    if (taken === undefined) return;
    const edit = items.at(-1)?.textEdit;
    assert.ok(edit);
    const range = "replace" in edit ? edit.replace : edit.range;
    assert.equal(TextDocument.applyEdits(document, [{ range, newText: edit.newText }]), taken);
  });

test("a keystroke looks at no file, and an untrusted workspace at none at all", async (t) => {
  const untrusted = { initializationOptions: { trusted: false } };
  const { editor } = await open(t, { ".dockerignore": IGNORES }, ".dockerignore", untrusted);
  const codes = new Set((await editor.diagnostics()).map(({ code }) => code));
  assert.deepEqual(
    [...codes].toSorted((a, b) => String(a).localeCompare(String(b))),
    ["ignore-pattern-invalid", "ignore-pattern-no-effect"],
  );
  const { items } = await editor.request<CompletionList>("textDocument/completion", {
    textDocument: { uri: editor.uri },
    position: { line: 0, character: 0 },
  });
  assert.deepEqual(items, []);
});

test("what the ignore file hides from a COPY is let in from the Dockerfile", async (t) => {
  const files = { Dockerfile: "FROM node:22\nCOPY package.json /app/\n", ".dockerignore": "*\r\n!web" };
  const { editor, uriOf } = await open(t, files, "Dockerfile");
  await found(editor, "copy-ignored-file");
  const action = await editor.action("package.json", "Let package.json in with a line in .dockerignore");
  assert.deepEqual(changesOf(action), [[uriOf(".dockerignore"), "\r\n!package.json"]]);
});
