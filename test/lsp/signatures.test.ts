/** What is known of signatures, on hover, over the wire. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Hover } from "vscode-languageserver/node";
import { startEditor } from "./editor.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const TEXT = `FROM ghcr.io/team/app:1 AS a\nFROM ghcr.io/team/app@${DIGEST}\nFROM ghcr.io/team/app:2\n`;

test("a line on the image it is about, by the name it was asked by and by its digest; nothing on others", async () => {
  const editor = await startEditor();
  editor.open(TEXT);
  const hoverOn = async (line: number): Promise<string> => {
    const place = { textDocument: { uri: editor.uri }, position: { line, character: 8 } };
    const found = await editor.request<(Hover & { contents: { value: string } }) | null>("textDocument/hover", place);
    return found?.contents.value ?? "";
  };
  assert.doesNotMatch(await hoverOn(0), /verified/);
  editor.wire.notify("dockwright/signatures", {
    notes: [
      { image: "ghcr.io/team/app:1", line: "No signature" },
      { image: "ghcr.io/team/app:1", digest: DIGEST, line: "Signature verified for me@example.com [x](command:y)" },
      { image: 7, line: "wrong" },
      null,
    ],
  });
  const wanted = "Signature verified for me@example.com \\[x\\]\\(command:y\\)";
  assert.ok((await hoverOn(0)).includes(wanted), await hoverOn(0));
  assert.ok((await hoverOn(1)).includes(wanted));
  assert.doesNotMatch(await hoverOn(2), /ignature/);
  for (const params of [null, {}, { notes: 1 }]) editor.wire.notify("dockwright/signatures", params);
  assert.doesNotMatch(await hoverOn(0), /ignature/);
});

test("in a compose file", async () => {
  const editor = await startEditor();
  editor.open("services:\n  app:\n    image: ghcr.io/team/app:1\n", "dockercompose");
  editor.wire.notify("dockwright/signatures", { notes: [{ image: "ghcr.io/team/app:1", line: "No signature" }] });
  const place = { textDocument: { uri: editor.uri }, position: { line: 2, character: 14 } };
  const found = await editor.request<Hover & { contents: { value: string } }>("textDocument/hover", place);
  assert.match(found.contents.value, /No signature/);
});
