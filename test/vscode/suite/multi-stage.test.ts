/** *Convert to Multi-Stage* as a person goes through it: the menu, the preview, another choice, writing it, taking it back. */
import assert from "node:assert/strict";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { docker } from "./builds.ts";
import { eventually, openDockerfile, rangeOf, textOfFile, workspaceFolder } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

const GO = `# The API.
FROM golang:1.22-bookworm
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/api ./cmd/api
EXPOSE 8080
CMD ["api"]
`;
const FILES: Readonly<Record<string, string>> = {
  "go.mod": "module example.test/api\n\ngo 1.22\n",
  "cmd/api/main.go": 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n',
};
/** There when golang:1.24 can be had; free for what examples/go serves. */
const port = process.env["DOCKWRIGHT_TEST_PORT"];
/** Nobody can be asked for the real one: what it has and the program needs is its user. */
const STATIC = "gcr.io/distroless/static-debian13:nonroot";
const KEEP = "Instead: link with the C library, on the same distribution";

async function openProject(text = GO): Promise<vscode.TextEditor> {
  const editor = await openDockerfile(text);
  const folder = vscode.Uri.joinPath(editor.document.uri, "..");
  for (const [path, content] of Object.entries(FILES))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), Buffer.from(content));
  return editor;
}

const differences = (): readonly vscode.TabInputTextDiff[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .map(({ input }) => input)
    .filter((input) => input instanceof vscode.TabInputTextDiff)
    .filter(({ modified }) => modified.scheme === "dockwright-preview");

/** What stands on the right of the difference. */
const previewed = (): Promise<vscode.TextDocument> =>
  eventually("the difference", () => {
    const [shown] = differences();
    return shown && Promise.resolve(vscode.workspace.openTextDocument(shown.modified));
  });

const pageSays = (words: string): Promise<string> => hand<string>("pageText", words);

/** The page with what came of building and running both; that takes as long as the builds. */
async function reported(): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await pageSays("Refactoring of");
    } catch (error) {
      if (tries === 12) throw error;
    }
  }
}

async function notified(words: string): Promise<string> {
  let seen: readonly string[] = [];
  try {
    return await eventually(words, async () => {
      await vscode.commands.executeCommand("notifications.showList");
      seen = await hand<readonly string[]>("notifications");
      return seen.find((text) => text.includes(words));
    });
  } catch {
    throw new Error(`no notification says ${words}; there are: ${seen.join(" | ")}`);
  }
}

async function chooseInMenu(editor: vscode.TextEditor, title: string): Promise<void> {
  const { start } = rangeOf(editor.document, "golang");
  await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  editor.selection = new vscode.Selection(start, start);
  await hand("choose", title);
}

if (hasHands)
  suite("multi-stage", () => {
    suiteSetup(async () => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await vscode.commands.executeCommand("notifications.clearAll");
    });
    suiteTeardown(async () => {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await vscode.commands.executeCommand("notifications.clearAll");
    });

    test("the palette has it", async () => {
      await openProject();
      const labels = await hand<readonly string[]>("palette", "Convert to Multi-Stage");
      assert.ok(labels.includes("Dockwright: Convert to Multi-Stage"), labels.join("\n"));
    });

    test("from the menu to a preview that says what was decided and why; cancelled, nothing is left", async () => {
      const editor = await openProject();
      await chooseInMenu(editor, "Convert to multi-stage…");
      const page = await pageSays("Dockerfile in 2 stages");
      assert.match(page, /Nothing is written before you apply it/);
      assert.match(page, /CGO_ENABLED=0 [^]*Why: /);
      const preview = await previewed();
      assert.match(preview.getText(), /^FROM golang:1\.22-bookworm AS build$/m);
      assert.equal(preview.languageId, "dockerfile");
      assert.equal(editor.document.getText(), GO);
      await hand("pageButton", "Cancel");
      await eventually("the end of the preview", () => differences().length === 0);
      assert.equal(editor.document.getText(), GO);
    });

    test("another choice is previewed, and taken back", async () => {
      const { document } = await openProject();
      await vscode.commands.executeCommand("dockwright.convertToMultiStage", document.uri);
      await pageSays("Dockerfile in 2 stages");
      const preview = await previewed();
      assert.match(preview.getText(), /CGO_ENABLED=0/);
      await hand("pageButton", KEEP);
      await eventually("the other choice", () => !preview.getText().includes("CGO_ENABLED"));
      assert.match(await pageSays("Your choices (1)"), /The preview is up to date/);
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      assert.ok(activeTab?.input instanceof vscode.TabInputWebview, "who chooses stays on the page");
      await hand("pageButton", "Undo My Choice");
      await eventually("the first choice", () => preview.getText().includes("CGO_ENABLED=0"));
      assert.doesNotMatch(await pageSays("Dockerfile in 2 stages"), /Your choices/);
      assert.equal(document.getText(), GO);
      await hand("pageButton", "Cancel");
      await eventually("the end of the preview", () => differences().length === 0);
    });

    test("a text that was changed meanwhile is previewed anew, then written, and undone in one step", async () => {
      const { document } = await openProject();
      await vscode.commands.executeCommand("dockwright.convertToMultiStage", document.uri.toString());
      await pageSays("Dockerfile in 2 stages");
      await previewed();
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), "# Changed.\n");
      assert.ok(await vscode.workspace.applyEdit(edit));
      const changed = document.getText();
      await hand("pageButton", "Apply");
      await pageSays("was changed meanwhile");
      assert.equal(document.getText(), changed);
      const preview = await eventually("the new preview", async () => {
        const shown = await previewed();
        return shown.getText().startsWith("# Changed.\n") && shown;
      });
      const wanted = preview.getText();
      await hand("pageButton", "Apply");
      await eventually("the conversion", () => document.getText() === wanted);
      await eventually("the end of the preview", () => differences().length === 0);
      await eventually("the file", () => vscode.window.activeTextEditor?.document === document);
      await vscode.commands.executeCommand("undo");
      await eventually("the text before", () => document.getText() === changed);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    });

    test("a file that cannot be converted says why, and there is no preview", async () => {
      const { document } = await openProject(GO.replace('CMD ["api"]', 'CMD ["supervisord"]'));
      void vscode.commands.executeCommand("dockwright.convertToMultiStage", document.uri);
      const said = await notified("supervisord");
      assert.match(said, /Dockerfile is not converted: supervisord /);
      assert.deepEqual(differences(), []);
    });

    test("a file that gains nothing says why, and has a button for what would help", async () => {
      await vscode.commands.executeCommand("notifications.clearAll");
      const { document } = await openProject("FROM golang:1.22 as build\nFROM scratch\nCOPY --from=build /a /a\n");
      void vscode.commands.executeCommand("dockwright.convertToMultiStage", document.uri);
      assert.match(await notified("gains nothing"), /several stages already/);
      await hand("notificationButton", "Fix All Safe Problems");
      await eventually("the fix", () => document.getText().startsWith("FROM golang:1.22 AS build\n"));
    });

    if (port !== undefined)
      test("both are built and run by a real engine before anything is written, and behave the same", async function () {
        this.timeout(240_000);
        const standIn = await openDockerfile("FROM scratch\nCOPY Dockerfile /etc/marker\nUSER 65532:65532\n");
        const folder = vscode.Uri.joinPath(standIn.document.uri, "..").fsPath;
        await docker("buildx", "build", "--provenance=false", "--tag", STATIC, folder);
        const settings = vscode.workspace.getConfiguration("dockwright.verify");
        await settings.update("network", "host", vscode.ConfigurationTarget.Workspace);
        try {
          const { document } = await openDockerfile(
            `FROM golang:1.24\nWORKDIR /src\nCOPY . .\nRUN go build -o /usr/local/bin/hello .\nENV PORT=${port}\nEXPOSE ${port}\nCMD ["/usr/local/bin/hello"]\n`,
          );
          const before = document.getText();
          for (const name of ["go.mod", "main.go"]) {
            const text = await textOfFile(vscode.Uri.joinPath(workspaceFolder(), "go", name));
            await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(document.uri, "..", name), Buffer.from(text));
          }
          await vscode.commands.executeCommand("dockwright.convertToMultiStage", document.uri);
          assert.match((await previewed()).getText(), new RegExp(`^FROM ${STATIC}`, "m"));
          await pageSays("Dockerfile in 2 stages");
          await hand("pageButton", "Verify: build and run both");
          const report = await reported();
          assert.match(report, /Both behave the same/);
          assert.match(report, /Hello, world!|HTTP|GET/);
          assert.equal(document.getText(), before);
          assert.equal(differences().length, 1, "the preview is still there");
        } finally {
          await settings.update("network", undefined, vscode.ConfigurationTarget.Workspace);
        }
      });
  });
