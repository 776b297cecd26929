/** Tags to digests, against the registry that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { pushIndex } from "../../effects/push-image.ts";
import { actionsAt, eventually, findings, nodeExample, openDockerfile, rangeOf } from "./documents.ts";
import { registry } from "./registry.ts";

/** What refactors at a word, with their edits. */
const rewritesAt = async (document: vscode.TextDocument, word: string): Promise<readonly vscode.CodeAction[]> =>
  vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    rangeOf(document, word),
    vscode.CodeActionKind.RefactorRewrite.value,
    50,
  );

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

    test("Pin Image, Update Digest after a push has moved the tag, Unpin Image: at the cursor, each undone in one step", async () => {
      const [repository] = image.split(":22");
      const tag = `${repository}:moving`;
      const first = await pushIndex(`${repository}`, ["moving"], { label: "first" });
      const bare = `FROM ${tag} AS base\nRUN true\n`;
      const at = (digest: string): string => `FROM ${tag}@${digest} AS base\nRUN true\n`;
      const editor = await openDockerfile(bare);
      const { document } = editor;
      await findings(document, (rules) => rules.includes("base-digest-unpinned"));
      editor.selection = new vscode.Selection(0, 8, 0, 8);
      const becomes = (text: string): Promise<true> => eventually(text, () => document.getText() === text);

      await vscode.commands.executeCommand("dockwright.pinImage");
      await becomes(at(first.digest));
      const moved = await pushIndex(`${repository}`, ["moving"], { label: "second" });
      assert.notEqual(moved.digest, first.digest);
      // What the registry said a moment ago is kept, and does not count for who wants to update.
      const update = (await rewritesAt(document, tag)).find(({ title }) => title.startsWith("Update "));
      assert.ok(update?.edit, "resolving the action asks the registry");
      assert.ok(await vscode.workspace.applyEdit(update.edit));
      await becomes(at(moved.digest));
      await vscode.commands.executeCommand("undo");
      await becomes(at(first.digest));
      await findings(document, (rules) => rules.includes("base-digest-stale"));
      await vscode.commands.executeCommand("dockwright.updateDigest");
      await becomes(at(moved.digest));
      await vscode.commands.executeCommand("dockwright.unpinImage");
      await becomes(bare);
      await vscode.commands.executeCommand("undo");
      await becomes(at(moved.digest));
    });

    test("Update All Digests in File renews what moved and leaves the rest", async () => {
      const [repository] = image.split(":22");
      const old = await pushIndex(`${repository}`, ["renewed"], { label: "old" });
      const now = await pushIndex(`${repository}`, ["renewed"], { label: "now" });
      const text = (renewed: string): string =>
        `FROM ${repository}:renewed@${renewed}\nFROM ${image}@${digest}\nFROM ${image}\n`;
      const { document } = await openDockerfile(text(old.digest));
      await findings(document, (rules) => rules.includes("base-digest-unpinned"));
      await vscode.commands.executeCommand("dockwright.updateAllDigests");
      await eventually("the renewed digest", () => document.getText() === text(now.digest));
      await vscode.commands.executeCommand("undo");
      assert.equal(document.getText(), text(old.digest));
    });

    test("Pin All Images in File", async () => {
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
