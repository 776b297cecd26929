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

    test("a command that waits for trust says so, whichever way it was called, and leads to where trust is given", async () => {
      await vscode.commands.executeCommand("notifications.clearAll");
      for (const [command, title] of [
        ["dockwright.scanImage", "Scan Image is disabled in Restricted Mode"],
        ["dockwright.signImage", "Sign Image is disabled in Restricted Mode"],
        ["dockwright.updateDigest", "Update Digest is disabled in Restricted Mode"],
        ["dockwright.pinWorkspace", "Pin All Images in Workspace is disabled in Restricted Mode"],
        ["dockwright.whyRestricted", "Building, scanning and signing are disabled in Restricted Mode"],
      ] as const) {
        await vscode.commands.executeCommand(command);
        await vscode.commands.executeCommand("notifications.showList");
        let said: readonly string[] = [];
        for (let tries = 0; tries < 50 && !said.some((each) => each.includes(title)); tries += 1)
          said = await hand<readonly string[]>("notifications");
        assert.ok(
          said.some((each) => each.includes(title)),
          said.join(" | "),
        );
        await vscode.commands.executeCommand("notifications.clearAll");
      }
    });

    test("the view Layers says why it shows no image", async () => {
      await vscode.commands.executeCommand("dockwrightLayers.focus");
      await hand("layerText", "No image is read in Restricted Mode");
    });

    test("the palette and the title of a Dockerfile have the reason, and not the commands", async () => {
      await openDockerfile("FROM scratch\nCOPY a /\n");
      assert.deepEqual(await hand("titleActions", "Dockwright|Build|Disabled"), [
        "Why Build Image, Scan Image, Generate SBOM and Sign Image Are Disabled",
      ]);
      // Whoever looks for a command finds why it is not there.
      for (const words of ["build image", "scan image", "generate sbom", "sign image"]) {
        const instead = await hand<readonly string[]>("palette", words);
        assert.ok(
          instead.some((label) => label.startsWith("Dockwright: Why")),
          `${words}: ${instead.join(" | ")}`,
        );
      }
      const found = await hand<readonly string[]>("palette", "Dockwright: ");
      assert.ok(
        found.includes("Dockwright: Why Build Image, Scan Image, Generate SBOM and Sign Image Are Disabled"),
        found.join(" | "),
      );
      assert.ok(found.includes("Dockwright: Open SBOM…"), found.join(" | "));
      assert.deepEqual(
        found.filter((label) => /Build Image|Scan|Sign Image|Generate|Push/.test(label) && !label.includes("Why")),
        [],
      );
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
