/** Checking reproducibility from the editor, with the real Docker that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { openDockerfile } from "./documents.ts";

const busybox = process.env["DOCKWRIGHT_TEST_BUSYBOX"];

const TOOLS = [
  "FROM scratch",
  "COPY busybox /bin/busybox",
  'RUN --network=none ["/bin/busybox", "--install", "-s", "/bin"]',
  'SHELL ["/bin/sh", "-c"]',
];

/** What the check shows of a Dockerfile with these lines below a shell. */
async function checked(
  lines: readonly string[],
): Promise<{ readonly dockerfile: vscode.Uri; readonly report: vscode.TextDocument }> {
  const { document } = await openDockerfile([...TOOLS, ...lines, ""].join("\n"));
  const beside = vscode.Uri.joinPath(document.uri, "..", "busybox").fsPath;
  copyFileSync(busybox ?? "", beside);
  chmodSync(beside, 0o755);
  await vscode.commands.executeCommand("dockwright.checkReproducibility", document.uri);
  const report = vscode.window.activeTextEditor?.document;
  assert.equal(report?.uri.scheme, "dockwright-preview", report?.getText());
  assert.equal(report.languageId, "markdown");
  return { dockerfile: document.uri, report };
}

if (busybox !== undefined) {
  suite("checking reproducibility", () => {
    suiteTeardown(async () => {
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });

    test("a planted date is named with its file, its line and its rule; links lead there", async () => {
      const { dockerfile, report } = await checked(["RUN --network=none date +%s >/built"]);
      const text = report.getText();
      assert.match(text, /Not reproducible: 1 file differs, made by 1 instruction\./);
      assert.match(text, /## Line 5\n\n`RUN date \+%s >\/built`/);
      assert.match(text, /What helps: \[timestamp-in-build\]/);
      assert.match(text, /- `\/built`: content\n/);
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        "vscode.executeLinkProvider",
        report.uri,
      );
      const targets = links.map(({ target }) => target?.toString());
      const page = targets.find((target) => target?.startsWith("dockwright-rule:"));
      assert.ok(page !== undefined, targets.join(" "));
      assert.ok(
        targets.some((target) => target?.includes(dockerfile.path) && target.endsWith("#L5")),
        targets.join(" "),
      );
      const rule = await vscode.workspace.openTextDocument(vscode.Uri.parse(page));
      assert.match(rule.getText(), /^# timestamp-in-build/);
    }).timeout(120_000);

    test("without one both builds are the same image", async () => {
      const { report } = await checked(["RUN --network=none echo same >/same"]);
      assert.match(report.getText(), /\n\nReproducible: both builds made the same image\.\n/);
    }).timeout(120_000);

    test("no temporary file is left", () => {
      assert.deepEqual(
        readdirSync(tmpdir()).filter((name) => name.startsWith("dockwright-reproducibility-")),
        [],
      );
    });
  });
}
