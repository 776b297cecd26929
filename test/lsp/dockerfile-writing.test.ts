/** Completion, hover and signature help in Dockerfiles over the wire, with a build context on disk. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  type CompletionContext,
  type CompletionItem,
  type CompletionList,
  CompletionTriggerKind,
  type Hover,
  type SignatureHelp,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { rules } from "../../server/src/core/rules/index.ts";
import { type Editor, startEditor } from "./editor.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "dockwright-writing-")));
after(() => rmSync(top, { recursive: true }));
for (const folder of [".git", "src/lib", "node_modules", "api", "shared"])
  mkdirSync(join(top, folder), { recursive: true });
writeFileSync(join(top, ".dockerignore"), "node_modules\n*.log\n");
for (const file of ["package.json", "debug.log", "src/main.ts", "src/lib/deep.ts"]) writeFileSync(join(top, file), "");
writeFileSync(
  join(top, "compose.yaml"),
  "services:\n  api:\n    build: {context: ., dockerfile: api/Dockerfile}\n    ports: ['80:5000']\n",
);

type Options = Parameters<typeof startEditor>[0];

interface Opened {
  readonly editor: Editor;
  /** What an item of the label makes of the text. */
  readonly take: (label: string) => Promise<string>;
  readonly complete: (context?: CompletionContext) => Promise<CompletionList>;
  readonly labels: (context?: CompletionContext) => Promise<readonly string[]>;
  readonly ask: <T>(method: string) => Promise<T>;
}

/** Opens a text with `$0` at the cursor. */
async function open(text: string, options: Options = {}, path = "Dockerfile"): Promise<Opened> {
  const uri = pathToFileURL(join(top, path)).href;
  const editor = await startEditor({ uri, disk: true, ...options });
  const at = text.indexOf("$0");
  const source = text.slice(0, at) + text.slice(at + 2);
  editor.open(source);
  const document = TextDocument.create(uri, "dockerfile", 1, source);
  const position = document.positionAt(at);
  const ask = <T>(method: string): Promise<T> => editor.request(method, { textDocument: { uri }, position });
  const complete = (context?: CompletionContext): Promise<CompletionList> =>
    editor.request("textDocument/completion", { textDocument: { uri }, position, ...(context && { context }) });
  return {
    editor,
    ask,
    complete,
    labels: async (context) => (await complete(context)).items.map(({ label }) => label),
    async take(label) {
      const { items } = await complete();
      const item = items.find((each) => each.label === label);
      assert.ok(item, `${label} is among ${items.map((each) => each.label).join(", ")}`);
      return TextDocument.applyEdits(document, [editOf(item)]);
    },
  };
}

function editOf({ textEdit }: CompletionItem) {
  assert.ok(textEdit);
  return { newText: textEdit.newText, range: "range" in textEdit ? textEdit.range : textEdit.replace };
}

const textOf = ({ contents }: Hover): string => (contents as { readonly value: string }).value;

test("the server says that it helps while typing, and what asks for it", async () => {
  const { editor } = await open("$0");
  const { completionProvider, signatureHelpProvider, hoverProvider } = editor.initialized.capabilities;
  for (const trigger of [" ", "-", "=", "$", "{", "/", ",", "#", '"'])
    assert.ok(completionProvider?.triggerCharacters?.includes(trigger), trigger);
  for (const trigger of [" ", "=", ","])
    assert.ok(signatureHelpProvider?.triggerCharacters?.includes(trigger), trigger);
  assert.equal(hoverProvider, true);
});

test("an instruction has its documentation, tab stops and two ranges", async () => {
  const { complete } = await open("FROM a\nHE$0AL\n");
  const item = (await complete()).items.find(({ label }) => label === "HEALTHCHECK");
  assert.ok(item);
  const { documentation, sortText, ...rest } = item;
  assert.match(typeof documentation === "object" ? documentation.value : "", /^How Docker finds out/);
  assert.match(sortText ?? "", /^\d{4}$/);
  const start = { line: 1, character: 0 };
  assert.deepEqual(rest, {
    label: "HEALTHCHECK",
    kind: 14,
    insertTextFormat: 2,
    textEdit: {
      newText: "HEALTHCHECK --interval=${1:30s} --timeout=${2:5s} CMD ${3:command}",
      insert: { start, end: { line: 1, character: 2 } },
      replace: { start, end: { line: 1, character: 4 } },
    },
  });
});

test("a client that knows no snippets gets the words alone", async () => {
  const { complete } = await open("FROM a\nHEAL$0", { can: { completions: false } });
  const item = (await complete()).items.find(({ label }) => label === "HEALTHCHECK");
  assert.equal(item?.insertTextFormat, undefined);
  assert.equal(item && editOf(item).newText, "HEALTHCHECK ");
});

test("our own client is told to ask again where something has to follow, no other is", async () => {
  const own = await open("FROM a\nCOPY --fr$0", { initializationOptions: { commands: ["dockwright.explainRule"] } });
  const item = async ({ complete }: Opened): Promise<CompletionItem | undefined> =>
    (await complete()).items.find(({ label }) => label === "--from");
  assert.equal((await item(own))?.command?.command, "editor.action.triggerSuggest");
  assert.equal((await item(await open("FROM a\nCOPY --fr$0")))?.command, undefined);
});

test("paths of the build context, without what is ignored", async () => {
  assert.deepEqual(
    (await (await open("FROM a\nCOPY x$0")).labels()).filter((label) => !label.startsWith("-")),
    ["api/", "shared/", "src/", "compose.yaml", "package.json", ".dockerignore"],
  );
  const { take } = await open("FROM a\nCOPY src/l$0 /x");
  assert.equal(await take("lib/"), "FROM a\nCOPY src/lib/ /x");
});

test("of the context that a compose file gives a Dockerfile in another folder, and its ports", async () => {
  const paths = await open("FROM a\nCOPY sh$0", {}, "api/Dockerfile");
  // The context is looked for when the file is opened.
  for (let tries = 0; tries < 50 && !(await paths.labels()).includes("shared/"); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok((await paths.labels()).includes("shared/"));
  assert.ok((await (await open("FROM a\nEXPOSE $0", {}, "api/Dockerfile")).labels()).includes("5000"));
});

test("nothing is asked about files in a workspace that is not trusted", async () => {
  const { labels, editor } = await open("FROM a\nCOPY x$0", { initializationOptions: { trusted: false } });
  assert.deepEqual(await labels(), []);
  assert.deepEqual(editor.asked, []);
});

test("stages come before images, and variables where a tag is written", async () => {
  const from = await (await open("FROM node:22 AS build\nFROM $0")).labels();
  assert.deepEqual(from.slice(0, 2), ["build", "scratch"]);
  assert.ok(from.includes("node:22"), from.join(" "));
  assert.ok((await (await open("ARG NODE=22\nFROM node:$$0")).labels()).includes("NODE"));
});

test("where no word stands yet the editor asks again with the first letter, later it filters by itself", async () => {
  assert.equal((await (await open("FROM a\nRUN $0")).complete()).isIncomplete, true);
  assert.deepEqual(await (await open("FROM a\nRUN n$0")).complete(), { isIncomplete: false, items: [] });
  assert.equal((await (await open("FROM a\nCOPY p$0")).complete()).isIncomplete, false);
});

test("rules in ignore comments are this server's", async () => {
  const { labels } = await open("FROM a\n# dockwright ignore=$0\nRUN sudo x", { rules });
  const found = await labels();
  for (const id of ["sudo", "exec-form"]) assert.ok(found.includes(id), id);
  assert.ok(!found.some((id) => id.startsWith("compose-")));
});

test("a blank in a comment that a person types asks for nothing", async () => {
  const { labels } = await open("FROM a\n# $0\nRUN x");
  assert.deepEqual(await labels({ triggerKind: CompletionTriggerKind.TriggerCharacter, triggerCharacter: " " }), []);
  assert.equal((await labels({ triggerKind: CompletionTriggerKind.Invoked })).length, 3);
});

test("what is typed since the last check counts", async () => {
  const { editor, labels } = await open("FROM a AS first\nFROM b\nCOPY --from=$0");
  await editor.pull();
  assert.ok((await labels()).includes("first"));
  editor.type("FROM a AS ".length, "first".length, "other");
  assert.ok((await labels()).includes("other"));
});

test("hover: a variable's value, a flag's release, the stage", async () => {
  const variable = await (await open("FROM a\nENV DIR=/x\nWORKDIR ${D$0IR}")).ask<Hover>("textDocument/hover");
  assert.match(textOf(variable), /`DIR` is `\/x` here\./);
  assert.deepEqual(variable.range, { start: { line: 2, character: 8 }, end: { line: 2, character: 14 } });
  const flag = await (await open("FROM a\nCOPY --par$0ents a b")).ask<Hover>("textDocument/hover");
  assert.match(textOf(flag), /Since Dockerfile 1\.20/);
  const stage = await (await open("FROM a AS x\nFROM b\nCOPY --from=x$0 a b")).ask<Hover>("textDocument/hover");
  assert.match(textOf(stage), /\*\*x\*\*: stage 1 of 2/);
});

test("hover on a squiggle: the rule first, then what stands there", async () => {
  const { ask, editor } = await open("FROM scratch\nru$0n true\n");
  await editor.pull();
  const text = textOf(await ask<Hover>("textDocument/hover"));
  assert.match(text, /^\*\*keyword-case\*\*: [\s\S]*\n\n---\n\n\*\*RUN\*\*\n\nRuns a command/);
});

test("signature help: the active form and the active part of it", async () => {
  const { ask } = await open("FROM a\nCOPY --link src $0");
  const help = await ask<SignatureHelp>("textDocument/signatureHelp");
  assert.deepEqual([help.activeSignature, help.activeParameter], [0, 2]);
  const [signature] = help.signatures;
  const [start, end] = (signature?.parameters?.[2]?.label ?? []) as unknown as [number, number];
  assert.equal(signature?.label.slice(start, end), "<dest>");
});

test("each of them can be switched off", async () => {
  const settings = { dockerfile: { completion: "off", hover: "off", signatureHelp: "off" } };
  const { labels, ask } = await open("FROM a\nCOPY$0 a ", { settings });
  assert.deepEqual(await labels(), []);
  assert.equal(await ask("textDocument/hover"), null);
  const second = await open("FROM a\nCOPY $0", { settings });
  assert.equal(await second.ask("textDocument/signatureHelp"), null);
});
