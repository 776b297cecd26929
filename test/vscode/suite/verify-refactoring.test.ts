/** Verifying a refactoring from the editor, with the real Docker that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { runProgram, setTrusted } from "../../../client/src/process.ts";
import { docker } from "./builds.ts";
import { eventually, openDockerfile } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

const busybox = process.env["DOCKWRIGHT_TEST_BUSYBOX"];

const ONE = `FROM scratch
COPY busybox /bin/busybox
COPY greeting /greeting
ENV GREETING=hello
CMD ["/bin/busybox", "cat", "/greeting"]
`;
const SEVERAL = `FROM scratch AS build
COPY busybox /bin/busybox
COPY greeting /greeting

FROM scratch
COPY --from=build /bin/busybox /bin/busybox
COPY --from=build /greeting /greeting
ENV GREETING=hello
USER 65534
CMD ["/bin/busybox", "cat", "/greeting"]
`;

/** With a greeting and a busybox beside it. */
async function openWith(text: string): Promise<vscode.TextDocument> {
  const { document } = await openDockerfile(text);
  const folder = dirname(document.uri.fsPath);
  copyFileSync(busybox ?? "", join(folder, "busybox"));
  chmodSync(join(folder, "busybox"), 0o755);
  writeFileSync(join(folder, "greeting"), "good morning\n");
  return document;
}

const git = (folder: string, ...args: readonly string[]) =>
  runProgram(
    { command: "git", args: ["-C", folder, "-c", "user.name=test", "-c", "user.email=test@example.test", ...args] },
    { signal: new AbortController().signal, timeoutMs: 20_000 },
  );

const network = (value: string | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration("dockwright.verify").update("network", value, vscode.ConfigurationTarget.Global);

// What stands in a page only somebody who looks at it can say.
if (busybox !== undefined && hasHands) {
  suite("verifying a refactoring", () => {
    // The daemon of the tests has no bridge.
    suiteSetup(() => {
      setTrusted(() => vscode.workspace.isTrusted);
      return network("host");
    });
    suiteTeardown(async () => {
      await network(undefined);
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });

    test("two texts that behave the same: what is meant to differ comes before what is the same", async () => {
      const { uri } = await openWith(ONE);
      await vscode.commands.executeCommand("dockwright.verifyRefactoring", {
        ...{ original: ONE, result: SEVERAL, context: dirname(uri.fsPath), path: uri.fsPath },
      });
      const text = await hand<string>("pageText", "Both behave the same.");
      assert.match(text, /Original: as it was before the conversion\n/);
      assert.match(
        text,
        /\nWhat is meant to differ\n[^]*\nuser\s+root\s+65534\s+it does not run as root any more\n[^]*What is the same\n/,
      );
      assert.match(text, /\nexit code\s+0\s+0\s/);
      const containers = await docker("ps", "--all", "--format", "{{.Names}}");
      assert.doesNotMatch(containers.stdout, /dockwright-verify/);
      const images = await docker("image", "ls", "--format", "{{.Repository}}");
      assert.doesNotMatch(images.stdout, /dockwright-verify/);
    }).timeout(120_000);

    test("the open file against the last commit", async () => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      const document = await openWith(ONE);
      const folder = dirname(document.uri.fsPath);
      for (const args of [
        ["init", "--quiet"],
        ["add", "Dockerfile"],
        ["commit", "--quiet", "--message", "one stage"],
      ])
        assert.equal((await git(folder, ...args)).code, 0, args.join(" "));
      const edit = new vscode.WorkspaceEdit();
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      edit.replace(document.uri, all, SEVERAL.replace("COPY --from=build /greeting /greeting\n", ""));
      await vscode.workspace.applyEdit(edit);
      await vscode.commands.executeCommand("dockwright.verifyRefactoring", document.uri);
      const text = await hand<string>("pageText", "They differ in");
      assert.match(text, /Original: as the last commit has it\n/);
      assert.match(text, /\nWhat differs\n[^]*\nexit code\s+0\s+1\s/);
      assert.match(text, /\nLast words\n[^]*greeting': No such file or directory/);
      await eventually(
        "the page",
        () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith("Refactoring of") === true,
      );
    }).timeout(120_000);
  });
}
