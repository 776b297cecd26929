/** Formatting of Dockerfiles over the wire: the whole file, a range, behind Enter; by the project's and the editor's settings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TextEdit } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { readOwn } from "../../server/src/core/config/own.ts";
import type { Configs } from "../../server/src/effects/config/load.ts";
import { type Editor, startEditor } from "./editor.ts";
import { rules } from "./rules.ts";

const UNEVEN = "from   a\nRUN b && c \\\n  d\n\n\n\nCOPY   e   f\n";
const SPACES = { tabSize: 4, insertSpaces: true };

async function format(editor: Editor, options = SPACES, more: object = {}, method = "formatting"): Promise<string> {
  const textDocument = { uri: editor.uri };
  const edits = await editor.request<TextEdit[] | null>(`textDocument/${method}`, { textDocument, options, ...more });
  return TextDocument.applyEdits(TextDocument.create("", "", 0, editor.text()), edits ?? []);
}

test("a file is formatted, and a second time nothing is left to do", async () => {
  const editor = await startEditor();
  editor.open(UNEVEN);
  const once = await format(editor);
  assert.equal(once, "from a\nRUN b \\\n    && c \\\n        d\n\nCOPY e f\n");
  editor.type(0, editor.text().length, once);
  assert.equal(await format(editor), once);
});

test("as the editor indents", async () => {
  const editor = await startEditor();
  editor.open("FROM a\nRUN b \\\n  c\n");
  assert.equal(await format(editor, { tabSize: 2, insertSpaces: true }), "FROM a\nRUN b \\\n  c\n");
  assert.equal(await format(editor, { tabSize: 8, insertSpaces: false }), "FROM a\nRUN b \\\n\tc\n");
});

test("as a person's settings and, before them, the project say", async () => {
  const text = "format: {indent: 2}\n";
  const path = "/project/.dockwright.yaml";
  const loaded = { kind: "dockwright", path, text, read: readOwn(text, rules) } as const;
  const configs = (): Configs => ({ near: async () => loaded, at: async () => loaded });
  const settings = { format: { keywordCase: "upper", indent: "tab" } };
  const own = await startEditor({ settings });
  own.open(UNEVEN);
  assert.equal(await format(own), "FROM a\nRUN b \\\n\t&& c \\\n\t\td\n\nCOPY e f\n");
  const project = await startEditor({ settings, configs });
  project.open(UNEVEN);
  assert.equal(await format(project), "FROM a\nRUN b \\\n  && c \\\n    d\n\nCOPY e f\n");
});

test("of a range the instructions that stand in it", async () => {
  const editor = await startEditor();
  editor.open(UNEVEN);
  const range = { start: { line: 6, character: 3 }, end: { line: 6, character: 5 } };
  assert.equal(await format(editor, SPACES, { range }, "rangeFormatting"), UNEVEN.replace("COPY   e   f", "COPY e f"));
});

test("behind Enter and behind &&", async () => {
  const editor = await startEditor();
  const { documentOnTypeFormattingProvider } = editor.initialized.capabilities;
  assert.deepEqual(documentOnTypeFormattingProvider, { firstTriggerCharacter: "\n", moreTriggerCharacter: ["&"] });
  editor.open("FROM a\nRUN b \\\n  && c \n  && d\n");
  const enter = { position: { line: 3, character: 2 }, ch: "\n" };
  assert.equal(await format(editor, SPACES, enter, "onTypeFormatting"), "FROM a\nRUN b \\\n  && c \\\n  && d\n");
  editor.type(0, editor.text().length, "FROM a\nRUN b \\\n  && c \\\n      &&");
  const and = { position: { line: 3, character: 8 }, ch: "&" };
  assert.equal(await format(editor, SPACES, and, "onTypeFormatting"), "FROM a\nRUN b \\\n  && c \\\n  &&");
});

test("switched off, or done by another extension, nothing is formatted", async () => {
  for (const options of [
    { settings: { dockerfile: { formatting: "off" } } },
    { initializationOptions: { claimed: ["dockerfile.formatting"] } },
  ]) {
    const editor = await startEditor(options);
    editor.open(UNEVEN);
    assert.equal(await format(editor), UNEVEN);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    assert.equal(await format(editor, SPACES, { range }, "rangeFormatting"), UNEVEN);
    const enter = { position: { line: 2, character: 2 }, ch: "\n" };
    assert.equal(await format(editor, SPACES, enter, "onTypeFormatting"), UNEVEN);
  }
});

test("nothing behind Enter in a compose file", async () => {
  const editor = await startEditor({ uri: "file:///project/compose.yaml" });
  editor.open("services:\n\n", "dockercompose");
  const enter = { position: { line: 1, character: 0 }, ch: "\n" };
  assert.equal(await format(editor, SPACES, enter, "onTypeFormatting"), "services:\n\n");
});
