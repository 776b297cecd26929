/** Refactorings of Dockerfiles in the real editor: what *Refactor…* has at the cursor, and what a chosen one writes. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile, rangeOf } from "./documents.ts";

const TEXT = "FROM debian:13\nRUN one && two\nRUN three\n";

/** The refactoring of that title at a word, its edit worked out. */
async function refactoringAt(editor: vscode.TextEditor, word: string, title: string): Promise<vscode.CodeAction> {
  const { start } = rangeOf(editor.document, word);
  editor.selection = new vscode.Selection(start, start);
  return eventually(title, async () => {
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      editor.document.uri,
      editor.selection,
      vscode.CodeActionKind.Refactor.value,
      100,
    );
    return actions.find((action) => action.title === title);
  });
}

suite("refactorings of Dockerfiles", () => {
  test("a merged RUN is one edit, undone at once", async () => {
    const editor = await openDockerfile(TEXT);
    const action = await refactoringAt(editor, "three", "Merge with the RUN above");
    assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.equal(editor.document.getText(), "FROM debian:13\nRUN one && two && \\\n    three\n");
    await vscode.commands.executeCommand("undo");
    assert.equal(editor.document.getText(), TEXT);
  });

  test("the name of an extracted stage is typed once for both places", async () => {
    const editor = await openDockerfile(TEXT);
    const action = await refactoringAt(editor, "two", "Extract everything up to here into the stage base");
    assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.match(editor.document.getText(), /^FROM debian:13 AS base\n[^]*\n\nFROM base\nRUN three\n$/);
    await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
    await vscode.commands.executeCommand("type", { text: "deps" });
    await eventually("the name", () => /AS deps\n[^]*\nFROM deps\n/.test(editor.document.getText()));
  });
});
