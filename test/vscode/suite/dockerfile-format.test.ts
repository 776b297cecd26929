/** Layout in the editor: formatting a Dockerfile and a part of it, Enter inside a RUN, and what the languages' configuration does. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, findings, openDockerfile, workspaceFolder } from "./documents.ts";

const UNEVEN = "FROM   debian:13\nRUN apt-get update && apt-get install -y \\\n  curl\n\n\n\nCOPY   a   b\n";
const EVEN = "FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y \\\n        curl\n\nCOPY a b\n";

const command = (name: string, argument?: unknown): Thenable<unknown> =>
  argument === undefined ? vscode.commands.executeCommand(name) : vscode.commands.executeCommand(name, argument);
const type = (text: string): Thenable<unknown> => command("type", { text });

/** As it is in the file, or why not. */
const becomes = (editor: vscode.TextEditor, text: string): Promise<unknown> =>
  eventually(`the text ${JSON.stringify(text)}`, () => editor.document.getText() === text).catch((error: unknown) => {
    throw new Error(`${String(error)}; it is ${JSON.stringify(editor.document.getText())}`);
  });

/** A Dockerfile with the cursor at `$0`, once the server knows it. */
async function openAt(text: string): Promise<vscode.TextEditor> {
  const at = text.indexOf("$0");
  const editor = await openDockerfile(text.replace("$0", ""));
  await findings(editor.document);
  const position = editor.document.positionAt(at);
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

/** The text with `$0` where the cursor is. */
function withCursor({ document, selection }: vscode.TextEditor): string {
  const at = document.offsetAt(selection.active);
  const text = document.getText();
  return `${text.slice(0, at)}$0${text.slice(at)}`;
}

suite("layout of Dockerfiles", () => {
  test("the whole file, and one undo brings it back", async () => {
    const editor = await openAt(`$0${UNEVEN}`);
    editor.options = { insertSpaces: true, tabSize: 4 };
    await command("editor.action.formatDocument");
    await becomes(editor, EVEN);
    await command("undo");
    await becomes(editor, UNEVEN);
  });

  test("what is selected", async () => {
    const editor = await openAt(`$0${UNEVEN}`);
    editor.selection = new vscode.Selection(6, 0, 6, 4);
    await command("editor.action.formatSelection");
    await becomes(editor, UNEVEN.replace("COPY   a   b", "COPY a b"));
  });

  test("as the editor indents", async () => {
    const editor = await openAt("$0FROM debian:13\nRUN a \\\n  b\n");
    editor.options = { insertSpaces: false, tabSize: 8 };
    await command("editor.action.formatDocument");
    await becomes(editor, "FROM debian:13\nRUN a \\\n\tb\n");
  });

  for (const [what, before, after] of [
    [
      "inside a RUN of several lines continues it",
      "RUN a \\\n  && b $0&& c \\\n  && d\n",
      "RUN a \\\n  && b \\\n  $0&& c \\\n  && d\n",
    ],
    ["in front of the sign", "RUN a \\\n  && b$0 \\\n  && d\n", "RUN a \\\n  && b \\\n  $0\\\n  && d\n"],
    ["behind the first line indents", "RUN a \\$0", "RUN a \\\n    $0"],
    ["behind the next one stays there", "RUN a \\\n      b \\$0", "RUN a \\\n      b \\\n      $0"],
    ["behind the last line goes back", "RUN a \\\n        b$0\nRUN c\n", "RUN a \\\n        b\n$0\nRUN c\n"],
    ["behind an operator goes on", "RUN a && \\\n  b &&$0\n", "RUN a && \\\n  b && \\\n  $0\n"],
  ] as const)
    test(`Enter ${what}`, async () => {
      const head = "FROM debian:13\n";
      const editor = await openAt(head + before);
      await type("\n");
      await becomes(editor, head + after.replace("$0", ""));
      assert.equal(withCursor(editor), head + after);
    });

  test("Enter in a comment and in a heredoc is Enter", async () => {
    for (const [before, after] of [
      ["RUN a \\\n  # b $0c\n  && d\n", "RUN a \\\n  # b \n  $0c\n  && d\n"],
      ["RUN <<EOF\n  a $0&& b\nEOF\n", "RUN <<EOF\n  a \n  $0&& b\nEOF\n"],
    ] as const) {
      const editor = await openAt(`FROM debian:13\n${before}`);
      await type("\n");
      await type("x");
      await becomes(editor, `FROM debian:13\n${after.replace("$0", "x")}`);
    }
  });

  test("undo takes back what followed Enter, then Enter", async () => {
    const text = "FROM debian:13\nRUN a \\\n  && b && c\n";
    const editor = await openAt(text.replace("b &&", "b $0&&"));
    await type("\n");
    await becomes(editor, "FROM debian:13\nRUN a \\\n  && b \\\n  && c\n");
    await command("undo");
    await command("undo");
    await becomes(editor, text);
  });

  test("Enter with several cursors is Enter", async () => {
    const editor = await openAt("$0FROM debian:13\nRUN a \\\n  && b && c && d\n");
    const [first, second] = [new vscode.Position(2, 7), new vscode.Position(2, 12)];
    editor.selections = [new vscode.Selection(first, first), new vscode.Selection(second, second)];
    await type("\n");
    await type("x");
    await becomes(editor, "FROM debian:13\nRUN a \\\n  && b \n  x&& c \n  x&& d\n");
  });

  test("Enter in the list of completions takes the completion", async () => {
    const editor = await openAt("FROM debian:13\nRUN a \\\n  && b\nWORK$0");
    await command("editor.action.triggerSuggest");
    await eventually("a completion", async () => {
      await command("acceptSelectedSuggestion");
      return editor.document.getText().includes("WORKDIR");
    });
    assert.equal(editor.document.lineCount, 4);
  });

  test("&& at the beginning of a line goes to the other steps", async () => {
    const editor = await openAt("FROM debian:13\nRUN a \\\n  && b \\\n      c \\\n      $0");
    await type("&");
    await type("&");
    await becomes(editor, "FROM debian:13\nRUN a \\\n  && b \\\n      c \\\n  &&");
  });

  test("comments, brackets and quotes", async () => {
    const editor = await openAt("FROM debian:13\n$0RUN a\n");
    await command("editor.action.commentLine");
    await becomes(editor, "FROM debian:13\n# RUN a\n");
    await command("editor.action.commentLine");
    await becomes(editor, "FROM debian:13\nRUN a\n");
    await command("cursorEnd");
    await type(" ");
    await type("[");
    await type('"');
    await becomes(editor, 'FROM debian:13\nRUN a [""]\n');
  });

  test("no line indents the next because it ends in a colon", async () => {
    const editor = await openAt('FROM debian:13\nLABEL a="b:"\nRUN echo a:$0');
    await type("\n");
    await type("x");
    await becomes(editor, 'FROM debian:13\nLABEL a="b:"\nRUN echo a:\nx');
  });
});

suite("layout of compose files", () => {
  let count = 0;
  for (const [what, before, after] of [
    ["behind a key that has none yet", "services:$0", "services:\n  "],
    ["behind an anchor", "x-a: &a$0", "x-a: &a\n  "],
    ["behind the first key of an item", "ports:\n  - target: 80$0", "ports:\n  - target: 80\n    "],
    ["behind a key that opens in an item", "ports:\n  - a:$0", "ports:\n  - a:\n      "],
    ["behind a value", "services:\n  a:\n    image: b$0", "services:\n  a:\n    image: b\n    "],
    ["behind an item", "ports:\n  - 80:80$0", "ports:\n  - 80:80\n  "],
    ["behind a comment", "services: # all$0", "services: # all\n  "],
  ] as const)
    test(`Enter ${what}`, async () => {
      count += 1;
      const uri = vscode.Uri.joinPath(workspaceFolder(), `layout-${count}`, "compose.yaml");
      await vscode.workspace.fs.writeFile(uri, Buffer.from(before.replace("$0", "")));
      const editor = await vscode.window.showTextDocument(uri);
      assert.equal(editor.document.languageId, "dockercompose");
      const end = editor.document.positionAt(before.indexOf("$0"));
      editor.selection = new vscode.Selection(end, end);
      await type("\n");
      await becomes(editor, after);
    });
});
