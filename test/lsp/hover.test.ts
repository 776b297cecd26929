/** Hover on a squiggle, over the wire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Hover } from "vscode-languageserver/node";
import { startEditor } from "./editor.ts";

const TEXT = "FROM scratch\nrun true\n";
/** What a squiggle is about stands alone: what the instruction is for has tests of its own. */
const settings = { dockerfile: { hover: "off" } };
const at = (line: number, character: number, uri: string) => ({ textDocument: { uri }, position: { line, character } });

test("it says what the rule is about, on the word the squiggle is under, and links to the rule's page", async () => {
  const editor = await startEditor({ settings });
  editor.open(TEXT);
  const found = await editor.request<Hover>("textDocument/hover", at(1, 1, editor.uri));
  assert.deepEqual(found, {
    contents: {
      kind: "markdown",
      value:
        "**keyword-case**: finds keyword-case\n\nBecause the tests need it.\n\n[Explain keyword-case](https://github.com/dockwright/dockwright/blob/main/docs/rules/keyword-case.md)",
    },
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } },
  });
});

test("a client with a page view of its own gets a command", async () => {
  const editor = await startEditor({ settings, initializationOptions: { commands: ["dockwright.explainRule"] } });
  editor.open(TEXT);
  const { contents } = await editor.request<Hover & { contents: { value: string } }>(
    "textDocument/hover",
    at(1, 1, editor.uri),
  );
  const [, command, args] = /\(command:([\w.]+)\?([^)]*)\)/.exec(contents.value) ?? [];
  assert.equal(command, "dockwright.explainRule");
  assert.deepEqual(JSON.parse(decodeURIComponent(args ?? "")), ["keyword-case"]);
});

test("beside squiggles, and in documents that are not open, there is nothing", async () => {
  const editor = await startEditor({ settings });
  editor.open(TEXT);
  assert.equal(await editor.request("textDocument/hover", at(0, 2, editor.uri)), null);
  assert.equal(await editor.request("textDocument/hover", at(0, 0, "file:///project/other/Dockerfile")), null);
});
