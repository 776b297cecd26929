/** Tags to digests, against the registry that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { actionsAt, eventually, findings, nodeExample, openDockerfile } from "./documents.ts";
import { registry } from "./registry.ts";

suite("digests", () => {
  test("FROM of the example offers its digest", async () => {
    const { document } = await vscode.window.showTextDocument(nodeExample());
    await findings(document, (rules) => rules.includes("base-digest-unpinned"));
    const titles = (await actionsAt(document, "node:latest")).map(({ title }) => title);
    assert.ok(titles.includes("Pin node:latest to its current digest"), titles.join("\n"));
  });

  test("a registry that is not there leaves the text as it is", async () => {
    const text = "FROM 127.0.0.1:1/none:1\nRUN true\n";
    const { document } = await openDockerfile(text);
    await findings(document, (rules) => rules.includes("base-digest-unpinned"));
    const pin = (await actionsAt(document, "127.0.0.1:1/none:1", { resolve: 50 })).find(({ title }) =>
      title.startsWith("Pin "),
    );
    assert.ok(pin);
    assert.equal(pin.edit, undefined);
    assert.equal(document.getText(), text);
    await findings(document, (rules) => rules.includes("base-digest-unpinned"));
  });
});

if (registry) {
  const { image, digest } = registry;
  suite("digests from a registry", () => {
    test("the offer keeps the tag, adds the registry's digest, and is undone in one step", async () => {
      const text = `FROM ${image} AS base\nRUN true\n`;
      const { document } = await openDockerfile(text);
      await findings(document, (rules) => rules.includes("base-digest-unpinned"));
      const pin = (await actionsAt(document, image, { resolve: 50 })).find(({ title }) => title.startsWith("Pin "));
      assert.ok(pin?.edit, "resolving the offer asks the registry");
      assert.ok(await vscode.workspace.applyEdit(pin.edit));
      assert.equal(document.getText(), `FROM ${image}@${digest} AS base\nRUN true\n`);
      await findings(document, (rules) => !rules.includes("base-digest-unpinned"));
      await vscode.commands.executeCommand("undo");
      assert.equal(document.getText(), text);
    });

    test("Pin All Base Images", async () => {
      const { document } = await openDockerfile(
        `FROM ${image} AS base\nRUN true\nFROM ${image}\nCOPY --from=base /a /a\n`,
      );
      await findings(document, (rules) => rules.includes("base-digest-unpinned"));
      await vscode.commands.executeCommand("dockwright.pinAllBaseImages");
      const pinned = `${image}@${digest}`;
      await eventually(
        "both pinned",
        () => document.getText() === `FROM ${pinned} AS base\nRUN true\nFROM ${pinned}\nCOPY --from=base /a /a\n`,
      );
    });
  });
}
