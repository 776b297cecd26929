/** Compose files in the editor: findings and fixes, completion, hover, rename across an include, formatting. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { actionsAt, eventually, findings, rangeOf, textOfFile, workspaceFolder } from "./documents.ts";

let count = 0;

/** The example stack in a folder of its own, its compose file in the active editor. */
async function openStack(): Promise<{ readonly document: vscode.TextDocument; readonly folder: vscode.Uri }> {
  count += 1;
  const folder = vscode.Uri.joinPath(workspaceFolder(), `stack-${count}`);
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(workspaceFolder(), "stack"), folder);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "compose.yaml"));
  await vscode.window.showTextDocument(document);
  return { document, folder };
}

const at = (document: vscode.TextDocument, word: string): vscode.Position => rangeOf(document, word).start;

const completionsAt = async (document: vscode.TextDocument, position: vscode.Position): Promise<readonly string[]> => {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    position,
  );
  return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
};

async function hoverAt(document: vscode.TextDocument, word: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    at(document, word),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

suite("compose files", () => {
  test("findings, those that need other files too", async () => {
    const { document } = await openStack();
    assert.equal(document.languageId, "dockercompose");
    await findings(document, (rules) =>
      ["compose-version-key", "compose-privileged", "compose-undefined-service", "compose-build-target-missing"].every(
        (rule) => rules.includes(rule),
      ),
    );
  });

  test("a quick fix removes its key, and one undo brings the text back", async () => {
    const { document } = await openStack();
    const text = document.getText();
    await findings(document, (rules) => rules.includes("compose-version-key"));
    const [fix] = (await actionsAt(document, "version", { resolve: 20 })).filter(({ edit }) => edit);
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.ok(!document.getText().includes("version:"));
    assert.ok(document.getText().includes("# The shop"));
    await findings(document, (rules) => !rules.includes("compose-version-key"));
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), text);
  });

  test("completion: keys, and names declared elsewhere", async () => {
    const { document } = await openStack();
    const edit = new vscode.WorkspaceEdit();
    const restart = at(document, "    restart: allways");
    edit.insert(document.uri, restart, "    hea\n");
    await vscode.workspace.applyEdit(edit);
    assert.ok((await completionsAt(document, restart.translate(0, 7))).includes("healthcheck"));
    const names = await completionsAt(document, at(document, "cahce").translate(0, 2));
    for (const name of ["cache", "proxy"]) assert.ok(names.includes(name), `${name} of ${names.join(" ")}`);
  });

  test("hover says what a key means and what a variable comes to", async () => {
    const { document } = await openStack();
    await findings(document);
    assert.match(await hoverAt(document, "privileged"), /privileged/i);
    await eventually("the value from .env", () => document);
    assert.match(await hoverAt(document, "LOG_LEVEL:-"), /info/);
  });

  test("rename reaches the file that is included", async () => {
    const { document, folder } = await openStack();
    await findings(document);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      at(document, "database\n      - cahce"),
      "records-database",
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(document.getText().includes("      - records-database\n      - cahce"));
    const included = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, "database.yaml"));
    assert.ok(included.getText().includes("  records-database:\n    image: postgres"));
  });

  test("formatting keeps what is there", async () => {
    const { document } = await openStack();
    const squeezed = document.getText().replace("    image: redis", "    image:   redis   ");
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), squeezed);
    await vscode.workspace.applyEdit(edit);
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      "vscode.executeFormatDocumentProvider",
      document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    const format = new vscode.WorkspaceEdit();
    format.set(document.uri, edits);
    await vscode.workspace.applyEdit(format);
    assert.equal(document.getText(), await textOfFile(document.uri));
  });

  test("YAML that is a compose file by what is in it", async () => {
    count += 1;
    const uri = vscode.Uri.joinPath(workspaceFolder(), `stack-${count}`, "demo.yaml");
    await vscode.workspace.fs.writeFile(uri, Buffer.from("version: '3'\nservices:\n  a:\n    image: redis:8.0\n"));
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, "yaml");
    await vscode.window.showTextDocument(document);
    await findings(document, (rules) => rules.includes("compose-version-key"));
  });
});
