/** Names, outline, folding, links and semantic tokens of Dockerfiles in the editor. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile, rangeOf, workspaceFolder } from "./documents.ts";

const TEXT = `ARG VERSION=22
FROM node:$VERSION AS build
ARG VERSION
WORKDIR app
RUN <<EOF
echo "$VERSION"
EOF
# a
# b
FROM build AS test
COPY --from=build package.json ./
RUN npm ci \\
  && npm test
`;

const at = (document: vscode.TextDocument, word: string): vscode.Position => rangeOf(document, word).start;

/** As soon as the server has answered. */
async function ask<T>(command: string, wanted: (answer: T) => boolean, ...args: readonly unknown[]): Promise<T> {
  return eventually(command, async () => {
    const answer = await vscode.commands.executeCommand<T | undefined>(command, ...args);
    return answer !== undefined && wanted(answer) ? answer : undefined;
  });
}

const some = (answer: readonly unknown[]): boolean => answer.length > 0;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));

suite("names and structure of Dockerfiles", () => {
  test("definition and references of a stage and of an argument", async () => {
    const { document } = await openDockerfile(TEXT);
    const uri = document.uri;
    const [link] = await ask<vscode.LocationLink[]>(
      "vscode.executeDefinitionProvider",
      some,
      uri,
      at(document, "build package"),
    );
    assert.equal(link?.targetUri.toString(), uri.toString());
    assert.equal(document.getText(link?.targetRange), "build");
    assert.equal(link?.targetRange.start.line, 1);
    const found = await ask<vscode.Location[]>(
      "vscode.executeReferenceProvider",
      some,
      uri,
      at(document, "VERSION AS"),
    );
    assert.deepEqual(
      found.map(({ range }) => range.start.line).sort((a, b) => a - b),
      [0, 1, 2, 5],
    );
    const marked = await ask<vscode.DocumentHighlight[]>(
      "vscode.executeDocumentHighlights",
      some,
      uri,
      at(document, "build AS"),
    );
    assert.deepEqual(
      marked.map(({ range }) => range.start.line).sort((a, b) => a - b),
      [1, 9, 10],
    );
  });

  test("a rename takes every place, and one undo brings them back", async () => {
    const { document } = await openDockerfile(TEXT);
    const edit = await ask<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      ({ size }) => size > 0,
      document.uri,
      at(document, "build AS"),
      "deps",
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), TEXT.replaceAll("build", "deps"));
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), TEXT);
  });

  test("what the base image sets is not renamed, with the reason", async () => {
    const { document } = await openDockerfile("FROM node:22\nRUN echo $NODE_VERSION\n");
    await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", some, document.uri);
    await assert.rejects(
      Promise.resolve(
        vscode.commands.executeCommand("vscode.prepareRename", document.uri, at(document, "NODE_VERSION")),
      ),
      /base image/,
    );
  });

  test("the outline has stages with what is in them", async () => {
    const { document } = await openDockerfile(TEXT);
    const symbols = await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", some, document.uri);
    assert.deepEqual(
      symbols.map(({ name, detail, children }) => [name, detail, children.map((child) => child.name)]),
      [
        ["VERSION", "22", []],
        ["build", "node:$VERSION", ["VERSION", "WORKDIR app", 'RUN echo "$VERSION"']],
        ["test", "build", ["COPY package.json ./", "RUN npm ci, npm test"]],
      ],
    );
  });

  test("stages are among the symbols of the workspace, of files that are not open too", async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), "elsewhere", "Dockerfile");
    await vscode.workspace.fs.writeFile(uri, Buffer.from("FROM alpine:3.22 AS far-away\n"));
    const found = await ask<vscode.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", some, "far-away");
    assert.equal(found[0]?.location.uri.toString(), uri.toString());
  });

  test("stages, heredocs, comments and continued lines fold", async () => {
    const { document } = await openDockerfile(TEXT);
    const folds = await ask<vscode.FoldingRange[]>("vscode.executeFoldingRangeProvider", some, document.uri);
    const ours = folds.map(({ start, end }) => `${start}–${end}`);
    for (const each of ["1–6", "4–6", "7–8", "9–12", "11–12"])
      assert.ok(ours.includes(each), `${each} of ${ours.join(" ")}`);
  });

  test("a selection grows from the word to the stage", async () => {
    const { document } = await openDockerfile(TEXT);
    const [first] = await ask<vscode.SelectionRange[]>("vscode.executeSelectionRangeProvider", some, document.uri, [
      at(document, "npm test").translate(0, 5),
    ]);
    const grown: string[] = [];
    for (let range = first; range; range = range.parent) grown.push(document.getText(range.range));
    assert.ok(grown.includes("npm test"), grown.join("\n---\n"));
    assert.ok(grown.includes("npm ci \\\n  && npm test"));
    assert.ok(grown.some((text) => text.startsWith("FROM build AS test") && text.endsWith("npm test")));
  });

  test("links lead to the image's page and to files of the context", async () => {
    const { document } = await openDockerfile(TEXT);
    const file = vscode.Uri.joinPath(document.uri, "..", "package.json");
    await vscode.workspace.fs.writeFile(file, Buffer.from("{}\n"));
    const links = await ask<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      (all) => all.some(({ target }) => target?.scheme === "https"),
      document.uri,
    );
    assert.ok(links.some(({ target }) => target?.toString() === "https://hub.docker.com/_/node"));
    const moved = await openDockerfile("FROM scratch\nCOPY node.txt /\n");
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(moved.document.uri, "..", "node.txt"), Buffer.from("x"));
    const files = await ask<vscode.DocumentLink[]>("vscode.executeLinkProvider", some, moved.document.uri);
    assert.ok(files[0]?.target?.path.endsWith("/node.txt"));
  });

  test("semantic tokens tell the words of a shell from those of the file", async () => {
    const { document } = await openDockerfile(TEXT);
    const uri = document.uri;
    const legend = await ask<vscode.SemanticTokensLegend>(
      "vscode.provideDocumentSemanticTokensLegend",
      () => true,
      uri,
    );
    const { data } = await ask<vscode.SemanticTokens>(
      "vscode.provideDocumentSemanticTokens",
      ({ data: all }) => all.length > 0,
      uri,
    );
    const shown: string[] = [];
    let [line, column] = [0, 0];
    for (let token = 0; token < data.length; token += 5) {
      const [down = 0, right = 0, length = 0, type = 0] = data.subarray(token, token + 5);
      column = down === 0 ? column + right : right;
      line += down;
      shown.push(`${legend.tokenTypes[type]}:${document.lineAt(line).text.slice(column, column + length)}`);
    }
    for (const each of [
      "keyword:FROM",
      "class:node",
      "namespace:build",
      "variable:$VERSION",
      "label:EOF",
      "function:echo",
      "operator:&&",
      "comment:# a",
    ])
      assert.ok(shown.includes(each), `${each} of ${shown.join(" ")}`);
  });

  test("hints say what a variable comes to and where a folder is", async () => {
    const { document } = await openDockerfile(TEXT);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint[]>("vscode.executeInlayHintProvider", some, document.uri, whole);
    const labels = hints.map(({ label }) =>
      typeof label === "string" ? label : label.map(({ value }) => value).join(""),
    );
    assert.ok(labels.includes("= node:22"), labels.join(" | "));
    assert.ok(labels.includes("= /app"), labels.join(" | "));
  });

  test("a stage's name is typed everywhere at once", async () => {
    const settings = vscode.workspace.getConfiguration("editor", { languageId: "dockerfile" });
    await settings.update("linkedEditing", true, vscode.ConfigurationTarget.Global, true);
    try {
      const editor = await openDockerfile(TEXT);
      const { document } = editor;
      await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", some, document.uri);
      const place = at(document, "build AS").translate(0, 5);
      editor.selection = new vscode.Selection(place, place);
      // Once the editor has asked for the places, what is typed at one of them goes to all, a moment later.
      await eventually("the other names follow", async () => {
        await pause();
        await vscode.commands.executeCommand("type", { text: "x" });
        await pause();
        if (document.getText() === TEXT.replaceAll("build", "buildx")) return true;
        await vscode.commands.executeCommand("undo");
        return false;
      });
    } finally {
      await settings.update("linkedEditing", undefined, vscode.ConfigurationTarget.Global, true);
    }
  });
});
