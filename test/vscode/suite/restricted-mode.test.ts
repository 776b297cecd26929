/** Before the workspace is trusted: findings, and nothing that asks the network. Then trust is granted, for all that follows. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { actionsAt, eventually, findings, openDockerfile } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

const image = "node:22";

const pinOf = (actions: readonly vscode.CodeAction[]): vscode.CodeAction | undefined =>
  actions.find(({ title }) => title.startsWith("Pin "));

// The desktop VS Code is started by @vscode/test-electron with trust switched off.
if (hasHands)
  suite("Restricted Mode", () => {
    test("findings and fixes of the text are there, offers that ask a registry are not", async () => {
      assert.equal(vscode.workspace.isTrusted, false);
      const { document } = await openDockerfile(`FROM ${image}\nrun apt-get install curl\n`);
      await findings(document, (rules) => rules.includes("base-digest-unpinned") && rules.includes("instruction-case"));
      const actions = await actionsAt(document, image);
      assert.ok(actions.some(({ title }) => title === "Ignore base-digest-unpinned here"));
      assert.equal(pinOf(actions), undefined);
      const fixes = await actionsAt(document, "run");
      assert.ok(fixes.some(({ title }) => title === "Write RUN"));
    });

    test("nothing is built, and no lens offers it", async () => {
      const { document } = await openDockerfile("FROM scratch\nCOPY a /\n");
      await vscode.commands.executeCommand("dockwright.buildImage", document.uri);
      assert.deepEqual(vscode.tasks.taskExecutions, []);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      assert.deepEqual(lenses, []);
    });

    test("once trusted, the same file has the offer", async () => {
      const { document } = await openDockerfile(`FROM ${image}\nRUN true\n`);
      await findings(document, (rules) => rules.includes("base-digest-unpinned"));
      await vscode.commands.executeCommand("workbench.trust.manage");
      await hand("trust");
      await eventually("trust", () => vscode.workspace.isTrusted);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      for (let tries = 0; tries < 50 && !pinOf(await actionsAt(document, image)); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(pinOf(await actionsAt(document, image)));
    });
  });
