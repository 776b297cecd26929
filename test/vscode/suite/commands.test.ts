/** The commands of package.json. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, findings, findingsNow, openDockerfile } from "./documents.ts";

suite("commands", () => {
  test("those registered are those of package.json", async () => {
    const extension = vscode.extensions.getExtension("dockwright.dockwright");
    const declared: readonly { readonly command: string }[] = extension?.packageJSON.contributes.commands ?? [];
    const registered = (await vscode.commands.getCommands(true)).filter((name) => name.startsWith("dockwright."));
    assert.deepEqual(registered.toSorted(), declared.map(({ command }) => command).toSorted());
  });

  test("Explain Rule opens the rule's page", async () => {
    await vscode.commands.executeCommand("dockwright.explainRule", "apt-yes");
    await eventually("a preview", () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes("apt-yes"))),
    );
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse("dockwright-rule:apt-yes.md"));
    assert.match(page.getText(), /^# apt-yes\b[\s\S]*apt-get install -y/);
  });

  test("Restart Server: the findings come back", async () => {
    const { document } = await openDockerfile("FROM scratch\nMAINTAINER me\n");
    await findings(document);
    let emptied = false;
    const watching = vscode.languages.onDidChangeDiagnostics(() => {
      emptied ||= findingsNow(document.uri).length === 0;
    });
    await vscode.commands.executeCommand("dockwright.restartServer");
    await findings(document, (rules) => emptied && rules.includes("maintainer-deprecated"));
    watching.dispose();
  });

  test("Show Log", async () => {
    await vscode.commands.executeCommand("dockwright.showLog");
    await eventually("the log", () =>
      vscode.workspace.textDocuments.some(
        ({ uri, fileName }) => uri.scheme === "output" && fileName.includes("Dockwright"),
      ),
    );
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });
});
