/** Ignore files in the editor: the fix that writes one beside the Dockerfile, findings in it, what a pattern fits, paths to choose from. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { actionsAt, eventually, findings, rangeOf, textOfFile, workspaceFolder } from "./documents.ts";

let count = 0;

/** A folder with a Dockerfile that copies all of it, and what should not be copied. */
async function project(files: Readonly<Record<string, string>> = {}): Promise<vscode.Uri> {
  count += 1;
  const folder = vscode.Uri.joinPath(workspaceFolder(), `ignored-${count}`);
  const all = {
    Dockerfile: "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
    "package.json": "{}",
    "node_modules/a/index.js": "",
    "api/.env": "PORT=1\n",
    ...files,
  };
  for (const [path, text] of Object.entries(all))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), Buffer.from(text));
  return folder;
}

const opened = async (folder: vscode.Uri, name: string): Promise<vscode.TextDocument> =>
  (await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, name))).document;

suite("ignore files", () => {
  test("the fix of the COPY writes the file, and the finding is gone once it is saved", async () => {
    const folder = await project();
    const document = await opened(folder, "Dockerfile");
    await findings(document, (rules) => rules.includes("dockerignore-missing"));
    const fix = (await actionsAt(document, ". .", { resolve: 50 })).find(({ title }) =>
      title.startsWith("Write .dockerignore"),
    );
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    // What was seen of files holds for two seconds.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    // As after any quick fix, what was written waits to be saved.
    const made = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, ".dockerignore"));
    assert.ok(await made.save());
    const written = await textOfFile(made.uri);
    for (const line of [".git", ".env", "**/node_modules"])
      assert.ok(written.split("\n").includes(line), `${line} is not in ${JSON.stringify(written)}`);
    await findings(document, (rules) => !rules.includes("dockerignore-missing"));
  });

  test("findings, hover and completion in the file", async () => {
    const folder = await project({ ".dockerignore": "node_modules\n.env\ndist\ndist/assets\n" });
    const document = await opened(folder, ".dockerignore");
    assert.equal(document.languageId, "ignore");
    await findings(document, (rules) =>
      ["ignore-pattern-no-effect", "ignore-pattern-top-only"].every((rule) => rules.includes(rule)),
    );
    const fix = (await actionsAt(document, "dist/assets", { resolve: 50 })).find(
      ({ title }) => title === "Remove the line",
    );
    assert.ok(fix?.edit);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(), "node_modules\n.env\ndist\n");
    await findings(document, (rules) => !rules.includes("ignore-pattern-no-effect"));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      rangeOf(document, "node_modules").start,
    );
    const said = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === "string" ? content : content.value))
      .join("\n");
    assert.match(said, /Keeps out 1 path/);
    const offered = await eventually("paths of the folder", async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        new vscode.Position(3, 0),
      );
      const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
      return labels.includes("package.json") && labels;
    });
    assert.ok(offered.includes("api") && !offered.includes("node_modules"), offered.join(" "));
  });
});
