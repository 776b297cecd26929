/** Checking reproducibility from the editor, with the real Docker that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

const busybox = process.env["DOCKWRIGHT_TEST_BUSYBOX"];

const TOOLS = [
  "FROM scratch",
  "COPY busybox /bin/busybox",
  'RUN --network=none ["/bin/busybox", "--install", "-s", "/bin"]',
  'SHELL ["/bin/sh", "-c"]',
];

/** What the page says that the check opens, of a Dockerfile with these lines below a shell. */
async function checked(lines: readonly string[]): Promise<{ readonly dockerfile: vscode.Uri; readonly text: string }> {
  const { document } = await openDockerfile([...TOOLS, ...lines, ""].join("\n"));
  const beside = vscode.Uri.joinPath(document.uri, "..", "busybox").fsPath;
  copyFileSync(busybox ?? "", beside);
  chmodSync(beside, 0o755);
  await vscode.commands.executeCommand("dockwright.checkReproducibility", document.uri);
  return { dockerfile: document.uri, text: await hand<string>("pageText", "Built twice without a cache") };
}

const activeTab = (): string | undefined => vscode.window.tabGroups.activeTabGroup.activeTab?.label;

// What stands in a page only somebody who looks at it can say.
if (busybox !== undefined && hasHands) {
  suite("checking reproducibility", () => {
    suiteTeardown(async () => {
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });

    test("a planted date is named with its file, its line and its rule; links lead there", async () => {
      const { dockerfile, text } = await checked(["RUN --network=none date +%s >/built"]);
      assert.match(text, /Not reproducible: 1 file differs, made by 1 instruction\./);
      assert.match(text, /\nLine 5\s+RUN date \+%s >\/built\s+Go to line 5 · What helps: timestamp-in-build\s/);
      assert.match(text, /\n\/built: content\n/);
      assert.ok(!text.includes(tmpdir()), "where it was put together is nobody's concern");
      await hand("follow", "timestamp-in-build");
      await eventually("the rule's page", () => activeTab()?.includes("timestamp-in-build") === true);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      await eventually("the report again", () => activeTab()?.startsWith("Reproducibility of") === true);
      await hand("follow", "Go to line 5");
      await eventually("line 5", () => {
        const editor = vscode.window.activeTextEditor;
        return editor?.document.uri.toString() === dockerfile.toString() && editor.selection.active.line === 4;
      });
    }).timeout(120_000);

    test("without one both builds are the same image", async () => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      const { text } = await checked(["RUN --network=none echo same >/same"]);
      assert.match(text, /\nReproducible: both builds made the same image\.\n/);
    }).timeout(120_000);

    test("no temporary file is left", () => {
      assert.deepEqual(
        readdirSync(tmpdir()).filter((name) => name.startsWith("dockwright-reproducibility-")),
        [],
      );
    });
  });
}
