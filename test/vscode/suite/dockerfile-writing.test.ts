/** Completion, hover and signature help in Dockerfiles in the editor. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile, rangeOf } from "./documents.ts";

/** Opens a text with `$0` at the cursor, files beside it. */
async function write(
  source: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{
  readonly editor: vscode.TextEditor;
  readonly document: vscode.TextDocument;
  readonly at: vscode.Position;
}> {
  const offset = source.indexOf("$0");
  const editor = await openDockerfile(source.slice(0, offset) + source.slice(offset + 2));
  const { document } = editor;
  for (const [name, text] of Object.entries(files))
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(document.uri, "..", name), Buffer.from(text));
  const at = document.positionAt(offset);
  editor.selection = new vscode.Selection(at, at);
  return { editor, document, at };
}

const nameOf = ({ label }: vscode.CompletionItem): string => (typeof label === "string" ? label : label.label);

const itemsAt = async (document: vscode.TextDocument, at: vscode.Position): Promise<readonly vscode.CompletionItem[]> =>
  (
    await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      at,
    )
  ).items;

/** As soon as one of that label is offered. */
const itemAt = async (
  document: vscode.TextDocument,
  at: vscode.Position,
  label: string,
): Promise<vscode.CompletionItem> =>
  eventually(`${label} is offered`, async () => (await itemsAt(document, at)).find((item) => nameOf(item) === label));

const textOf = (text: vscode.MarkdownString | string | undefined): string =>
  typeof text === "object" ? text.value : (text ?? "");

async function hoverOn(document: vscode.TextDocument, words: string): Promise<string> {
  return eventually(`a hover on ${words}`, async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      rangeOf(document, words).start,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => textOf(content as vscode.MarkdownString | string))
      .join("\n");
    return text !== "" && text;
  });
}

suite("writing Dockerfiles", () => {
  test("completion: instructions with their documentation, in the case of the file", async () => {
    const { document, at } = await write("from alpine:3.22\nrun true\nheal$0\n");
    const item = await itemAt(document, at, "healthcheck");
    assert.match(textOf(item.documentation), /How Docker finds out/);
    assert.equal(item.kind, vscode.CompletionItemKind.Keyword);
  });

  test("completion: flags with the release that brought them, mount keys, stages", async () => {
    const { document, at } = await write("FROM alpine:3.22 AS build\nFROM scratch\nCOPY --$0");
    const item = await itemAt(document, at, "--parents");
    assert.equal(item.detail, "Dockerfile 1.20");
    const mount = await write("FROM alpine:3.22\nRUN --mount=type=secret,$0 true\n");
    assert.match(textOf((await itemAt(mount.document, mount.at, "env")).documentation), /Since Dockerfile 1\.10/);
    const stage = await write("FROM alpine:3.22 AS build\nFROM scratch\nCOPY --from=$0");
    await itemAt(stage.document, stage.at, "build");
  });

  test("completion: paths of the build context without what is ignored, and variables with their values", async () => {
    const { document, at } = await write("FROM alpine:3.22\nENV DIR=/srv\nCOPY $0", {
      "package.json": "{}",
      "debug.log": "",
      ".dockerignore": "*.log\n",
    });
    await itemAt(document, at, "package.json");
    assert.ok(!(await itemsAt(document, at)).some((item) => nameOf(item) === "debug.log"));
    const variable = await write("FROM alpine:3.22\nENV DIR=/srv\nWORKDIR ${$0}");
    assert.equal((await itemAt(variable.document, variable.at, "DIR")).detail, "/srv");
  });

  test("what is chosen while typing stands in the text", async () => {
    const { document, at } = await write("FROM alpine:3.22\nCOPY --ch$0 a b\n");
    await itemAt(document, at, "--chmod");
    await eventually("the flag is in the text", async () => {
      await vscode.commands.executeCommand("editor.action.triggerSuggest");
      await new Promise((resolve) => setTimeout(resolve, 300));
      await vscode.commands.executeCommand("acceptSelectedSuggestion");
      return document.getText().includes("COPY --chown=");
    });
    assert.equal(document.getText(), "FROM alpine:3.22\nCOPY --chown= a b\n");
  });

  test("hover: instruction, flag, variable, stage", async () => {
    const { document } = await write(
      "# syntax=docker/dockerfile:1\nFROM alpine:3.22 AS build\nENV DIR=/srv\nWORKDIR $DIR\nFROM scratch\nCOPY --link --from=build /srv /srv\n$0",
    );
    assert.match(await hoverOn(document, "WORKDIR"), /In effect here:[\s\S]*Folder: `\/`/);
    assert.match(await hoverOn(document, "--link"), /Since Dockerfile 1\.4/);
    assert.match(await hoverOn(document, "$DIR"), /`DIR` is `\/srv` here/);
    assert.match(await hoverOn(document, "build /srv"), /stage 1 of 2[\s\S]*Used by: stage 2 \(COPY\)/);
    assert.match(await hoverOn(document, "syntax"), /The image that reads this file/);
  });

  test("signature help marks the part the cursor is at", async () => {
    const { document, at } = await write("FROM alpine:3.22\nCOPY --link a $0");
    const help = await eventually("signature help", async () =>
      vscode.commands.executeCommand<vscode.SignatureHelp | undefined>(
        "vscode.executeSignatureHelpProvider",
        document.uri,
        at,
      ),
    );
    const signature = help.signatures[help.activeSignature];
    assert.equal(signature?.label, "COPY [OPTIONS] <src> ... <dest>");
    const label = signature.parameters[help.activeParameter]?.label;
    assert.ok(Array.isArray(label));
    assert.equal(signature.label.slice(label[0], label[1]), "<dest>");
  });
});
