/** Snippets in the real editor: offered by their prefix, in the languages they are for, with stops that go together. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, findings, openDockerfile, workspaceFolder } from "./documents.ts";

async function openFile(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.joinPath(workspaceFolder(), "snippets", name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return vscode.window.showTextDocument(uri);
}

/** Labels of the snippets that are offered behind the text. */
const offeredAt = async ({ document }: vscode.TextEditor): Promise<readonly string[]> => {
  const end = document.positionAt(document.getText().length);
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    end,
  );
  return items
    .filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet)
    .map(({ label }) => (typeof label === "string" ? label : label.label));
};

const insert = async (editor: vscode.TextEditor, name: string): Promise<void> => {
  const { length } = editor.document.getText();
  await vscode.commands.executeCommand("editor.action.insertSnippet", { langId: editor.document.languageId, name });
  await eventually(`${name} is inserted`, () => editor.document.getText().length > length);
};
const selected = ({ document, selections }: vscode.TextEditor): readonly string[] =>
  selections.map((each) => document.getText(each));

suite("snippets", () => {
  test("a Dockerfile is inserted, its stops are visited in order, and what is typed at one is everywhere", async () => {
    const editor = await openDockerfile("");
    await insert(editor, "dockerfile-node");
    assert.deepEqual(selected(editor), ["24", "24"]);
    await vscode.commands.executeCommand("type", { text: "22" });
    assert.equal([...editor.document.getText().matchAll(/^FROM node:22-slim@sha256:0{64}/gm)].length, 2);
    await vscode.commands.executeCommand("jumpToNextSnippetPlaceholder");
    assert.deepEqual(selected(editor), ["src/server.js"]);
    await vscode.commands.executeCommand("jumpToNextSnippetPlaceholder");
    await vscode.commands.executeCommand("type", { text: "8080" });
    const text = editor.document.getText();
    for (const line of ["ENV PORT=8080", "EXPOSE 8080"]) assert.ok(text.includes(`\n${line}\n`), text);
    assert.match(text, /http:\/\/127\.0\.0\.1:8080\/health'/);
    // One keypress leaves the tag alone.
    await vscode.commands.executeCommand("jumpToNextSnippetPlaceholder");
    await vscode.commands.executeCommand("jumpToNextSnippetPlaceholder");
    assert.deepEqual(selected(editor), [`@sha256:${"0".repeat(64)}`]);
    await vscode.commands.executeCommand("deleteLeft");
    assert.match(editor.document.getText(), /^# syntax=docker\/dockerfile:1\n/);
  });

  test("nothing is found in what is inserted", async () => {
    const editor = await openDockerfile("FROM a:latest\n");
    await findings(editor.document);
    const all = new vscode.Range(0, 0, editor.document.lineCount, 0);
    assert.ok(await editor.edit((edit) => edit.delete(all)));
    await insert(editor, "dockerfile-go");
    await findings(editor.document, (found) => found.length === 0);
  });

  test("each language has its own", async () => {
    const dockerfile = await openDockerfile("dockerfile-");
    const compose = await openFile("compose.yaml", "services:\n  ");
    const yaml = await openFile("deployment.yaml", "");
    const ofDockerfile = await eventually("snippets of Dockerfiles", async () => {
      const offered = await offeredAt(dockerfile);
      return offered.length > 0 && offered;
    });
    assert.ok(ofDockerfile.includes("dockerfile-python-uv"), ofDockerfile.join(" "));
    const ofCompose = await offeredAt(compose);
    assert.ok(ofCompose.includes("service-postgres"), ofCompose.join(" "));
    assert.ok(!ofCompose.includes("dockerfile-node"));
    const ofYaml = await offeredAt(yaml);
    for (const name of ["kubernetes-deployment", "ci-github-actions", "compose-app"])
      assert.ok(ofYaml.includes(name), ofYaml.join(" "));
  });

  test("a service takes the indentation of where it is inserted", async () => {
    const editor = await openFile("compose.override.yaml", "services:\n  ");
    const end = editor.document.positionAt(editor.document.getText().length);
    editor.selection = new vscode.Selection(end, end);
    await insert(editor, "service-redis");
    assert.match(
      editor.document.getText(),
      /^services:\n {2}redis:\n {4}image: redis:[\d.]+@sha256:0{64}\n {4}volumes:\n {6}- redis-data:\/data\n/,
    );
  });
});
