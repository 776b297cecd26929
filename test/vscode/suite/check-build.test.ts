/** Check Build, with the real Docker that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { findings, openDockerfile } from "./documents.ts";

/** What BuildKit said, not our rules. */
const problems = (uri: vscode.Uri): readonly string[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === "BuildKit")
    .map(({ range, message }) => `${range.start.line}: ${message}`);

if (process.env["DOCKWRIGHT_TEST_BUSYBOX"] !== undefined)
  suite("Check Build", () => {
    const check = (uri: vscode.Uri): Thenable<void> => vscode.commands.executeCommand("dockwright.checkBuild", uri);

    test("what BuildKit finds and a rule reports is said once", async () => {
      const { document } = await openDockerfile("FROM scratch\nMAINTAINER somebody\n");
      await findings(document, (rules) => rules.includes("maintainer-deprecated"));
      await check(document.uri);
      assert.deepEqual(problems(document.uri), []);
    });

    test("what would stop the build is in Problems at its line, and goes when it is mended", async () => {
      const { document } = await openDockerfile("FROM scratch AS one\nCOPY --from=nowhere.invalid/none a b\n");
      const checking = check(document.uri);
      for (let tries = 0; tries < 200 && problems(document.uri).length === 0; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const [found = ""] = problems(document.uri);
      assert.match(found, /^1: The build would fail here: .*nowhere\.invalid\/none/s);
      await vscode.commands.executeCommand("notifications.clearAll");
      await checking;
      const edit = new vscode.WorkspaceEdit();
      edit.delete(document.uri, new vscode.Range(1, 0, 2, 0));
      await vscode.workspace.applyEdit(edit);
      await check(document.uri);
      assert.deepEqual(problems(document.uri), []);
    });
  });
