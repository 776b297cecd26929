/** *Containerize This Project*, from the palette to the written files. */
import assert from "node:assert/strict";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventually, textOfFile, workspaceFolder } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

const inGo = (name: string): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), "go", name);
const WRITTEN = [".dockerignore", "compose.yaml"];

const exists = async (uri: vscode.Uri): Promise<boolean> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );

const previews = (): readonly string[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs.map(({ label }) => label))
    .filter((label) => label.includes("now ↔ generated"));

/** As a person does it: F1, the name, Enter. */
async function fromPalette(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.quickOpen", ">Dockwright: Containerize This Project");
  await hand("pick", "Dockwright: Containerize This Project…");
}

if (hasHands)
  suite("Containerize This Project", () => {
    suiteTeardown(async () => {
      for (const name of WRITTEN)
        if (await exists(inGo(name))) await vscode.workspace.fs.delete(inGo(name), { useTrash: false });
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    });

    test("asks which project, shows decisions and files, and writes what is kept", async () => {
      const own = await textOfFile(inGo("Dockerfile"));
      await fromPalette();
      const folders = await eventually("the folders", async () => {
        const rows = await hand<readonly string[]>("pickRows");
        return rows.some((row) => row.includes("go/go.mod")) && rows;
      });
      assert.ok(
        folders.some((row) => row.includes("python/requirements.txt")),
        folders.join("\n"),
      );
      await hand("pick", "go/go.mod");
      const decided = await eventually("the decisions", async () => {
        const rows = await hand<readonly string[]>("pickRows");
        return rows.some((row) => row.includes("Show the files")) && rows;
      });
      assert.match(decided.join("\n"), /It listens on port 8080\n?.*Because main\.go says so/s);
      await hand("answer", "a busybox is enough");
      await hand("answer", "distroless, without a shell");
      await hand("answer", "Show the files");
      const files = await eventually("the files", async () => {
        const rows = await hand<readonly string[]>("pickRows");
        return rows.some((row) => row.includes("compose.yaml")) && rows;
      });
      for (const [at, row] of [
        /^\s*go\/Dockerfile\s*replaces what is there/,
        /^\s*go\/\.dockerignore\s*new/,
        /^\s*go\/compose\.yaml\s*new/,
      ].entries())
        assert.match(files[at] ?? "", row);
      assert.equal(files.length, 3);
      assert.equal(previews().length, 1, "all files in one editor");
      assert.deepEqual(await Promise.all(WRITTEN.map(async (name) => exists(inGo(name)))), [false, false]);
      await hand("accept");
      await eventually("the files on disk", async () => exists(inGo("compose.yaml")));
      assert.match(await textOfFile(inGo(".dockerignore")), /^\.git$/m);
      assert.match(await textOfFile(inGo("compose.yaml")), /"127\.0\.0\.1:8080:8080"/);
      assert.equal(
        await textOfFile(inGo("Dockerfile")),
        own,
        "a file of the person's is replaced only where that is asked for",
      );
      await eventually("the preview is closed", () => previews().length === 0);
    });

    test("from a folder in the explorer, and left before anything is written", async () => {
      const node = vscode.Uri.joinPath(workspaceFolder(), "node");
      const running = vscode.commands.executeCommand("dockwright.containerize", node);
      const decided = await eventually("the decisions", async () => {
        const rows = await hand<readonly string[]>("pickRows");
        return rows.some((row) => row.includes("Show the files")) && rows;
      });
      assert.match(decided.join("\n"), /It starts src\/server\.js/);
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      await running;
      assert.equal(await exists(vscode.Uri.joinPath(node, "compose.yaml")), false);
      assert.equal(previews().length, 0);
    });

    test("what cannot be known is said, and nothing is written", async () => {
      const running = vscode.commands.executeCommand(
        "dockwright.containerize",
        vscode.Uri.joinPath(workspaceFolder(), "stack", "api"),
      );
      const rows = await eventually("another folder", async () => {
        const shown = await hand<readonly string[]>("pickRows");
        return shown.some((row) => row.includes("go/go.mod")) && shown;
      });
      assert.ok(rows.length > 3);
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      await running;
    });
  });
