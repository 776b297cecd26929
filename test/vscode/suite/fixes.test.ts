/** Fixes of the text: the lightbulb's, all at once, and on save. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { actionsAt, eventually, findings, nodeExample, openDockerfile, textOfFile } from "./documents.ts";

/** What the safe fixes make of examples/node/Dockerfile, and what is not theirs to touch. */
const SAFE = [
  "LABEL org.opencontainers.image.authors=",
  "apt-get install -y curl",
  "RUN npm test",
  'CMD ["npm", "start"]',
];
const LEFT = ["FROM node:latest", "ENV NPM_TOKEN=npm_", "WORKDIR app", "COPY . ."];

function assertSafelyFixed(text: string): void {
  for (const part of [...SAFE, ...LEFT]) assert.ok(text.includes(part), `${part} is not in\n${text}`);
  assert.doesNotMatch(text, /^USER |^HEALTHCHECK /m);
}

suite("fixes", () => {
  test("a quick fix changes its word, and one undo brings the text back", async () => {
    const text = "FROM scratch\nrun true\nRUN true\n";
    const { document } = await openDockerfile(text);
    await findings(document, (rules) => rules.includes("instruction-case"));
    const actions = await actionsAt(document, "run", { resolve: 50 });
    const fix = actions.find(({ title }) => title === "Write RUN");
    assert.ok(fix?.edit);
    assert.equal(fix.isPreferred, true);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(), "FROM scratch\nRUN true\nRUN true\n");
    await findings(document, (rules) => !rules.includes("instruction-case"));
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), text);
    await findings(document, (rules) => rules.includes("instruction-case"));
  });

  test("ignoring a finding here takes it away", async () => {
    const { document } = await openDockerfile("FROM scratch\nMAINTAINER me\n");
    await findings(document, (rules) => rules.includes("maintainer-deprecated"));
    const actions = await actionsAt(document, "MAINTAINER", { resolve: 50 });
    const ignore = actions.find(({ title }) => title === "Ignore maintainer-deprecated here");
    assert.ok(ignore?.edit);
    await vscode.workspace.applyEdit(ignore.edit);
    assert.equal(document.getText(), "FROM scratch\n# dockwright ignore=maintainer-deprecated\nMAINTAINER me\n");
    await findings(document, (rules) => !rules.includes("maintainer-deprecated"));
  });

  test("Fix All Safe Problems changes what is safe and nothing else", async () => {
    const { document } = await openDockerfile(await textOfFile(nodeExample()));
    await findings(document);
    await vscode.commands.executeCommand("dockwright.fixAllSafe");
    assertSafelyFixed(document.getText());
    assert.ok(document.isDirty, "saving is the person's");
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), await textOfFile(nodeExample()));
  });

  test("on save, with editor.codeActionsOnSave", async () => {
    const editorSettings = vscode.workspace.getConfiguration("editor");
    const target = vscode.ConfigurationTarget.Workspace;
    await editorSettings.update("codeActionsOnSave", { "source.fixAll.dockwright": "explicit" }, target);
    try {
      const editor = await openDockerfile(await textOfFile(nodeExample()));
      const { document } = editor;
      await findings(document);
      await editor.edit((edit) => edit.insert(new vscode.Position(document.lineCount, 0), "# saved\n"));
      assert.ok(await document.save());
      await eventually("the saved file", () => !document.isDirty);
      assertSafelyFixed(await textOfFile(document.uri));
      assert.equal(await textOfFile(document.uri), document.getText());
    } finally {
      await editorSettings.update("codeActionsOnSave", undefined, target);
    }
  });
});
