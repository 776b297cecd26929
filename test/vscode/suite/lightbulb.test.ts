/** As a person sees it: the lightbulb, the menu of Ctrl+., a row chosen in it. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, findings, openDockerfile, rangeOf } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";
import { registry } from "./registry.ts";

async function cursorOn(editor: vscode.TextEditor, word: string): Promise<void> {
  const { start } = rangeOf(editor.document, word);
  await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  editor.selection = new vscode.Selection(start, start);
}

if (hasHands)
  suite("lightbulb", () => {
    test("it shows on FROM, and Ctrl+. has the digest among its rows", async () => {
      const editor = await openDockerfile("FROM node:22\nRUN true\n");
      await findings(editor.document, (rules) => rules.includes("base-digest-unpinned"));
      await cursorOn(editor, "node:22");
      assert.equal(await hand("lightbulb"), true);
      const rows = await hand<readonly string[]>("quickFixMenu");
      assert.ok(rows.includes("Pin node:22 to its current digest"), rows.join("\n"));
      assert.ok(rows.includes("Explain base-digest-unpinned"), rows.join("\n"));
    });

    if (registry) {
      const { image, digest } = registry;
      test("choosing the digest writes it", async () => {
        const editor = await openDockerfile(`FROM ${image}\nRUN true\n`);
        await findings(editor.document, (rules) => rules.includes("base-digest-unpinned"));
        await cursorOn(editor, image);
        await hand("choose", `Pin ${image} to its current digest`);
        await eventually("the digest", () => editor.document.getText() === `FROM ${image}@${digest}\nRUN true\n`);
      });
    }

    test("choosing a fix with tab stops writes it", async () => {
      const editor = await openDockerfile(`FROM node:22\nEXPOSE 3000\nUSER node\nCMD ["node", "server.js"]\n`);
      await findings(editor.document, (rules) => rules.includes("healthcheck-missing"));
      await cursorOn(editor, "node:22");
      await hand("choose", "Add a HEALTHCHECK that asks port 3000 with node");
      await eventually("HEALTHCHECK", () => /^HEALTHCHECK /m.test(editor.document.getText()));
      assert.doesNotMatch(editor.document.getText(), /\$\{\d/);
    });
  });
