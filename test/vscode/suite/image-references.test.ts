/** What registries say of images, in the editor: hover, hints and completion, against the registry that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile, rangeOf } from "./documents.ts";
import { registry } from "./registry.ts";

const hoverOn = async (document: vscode.TextDocument, word: string): Promise<readonly vscode.MarkdownString[]> => {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    rangeOf(document, word).start,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .flatMap((content) => (content instanceof vscode.MarkdownString ? [content] : []));
};
const textOf = (contents: readonly vscode.MarkdownString[]): string => contents.map(({ value }) => value).join("\n");

const hintsIn = async (document: vscode.TextDocument): Promise<readonly vscode.InlayHint[]> =>
  vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
  );
const labelOf = ({ label }: vscode.InlayHint): string =>
  typeof label === "string" ? label : label.map(({ value }) => value).join("");

if (registry) {
  const { image, digest } = registry;
  const other = `sha256:${"0".repeat(64)}`;
  suite("image references", () => {
    test("the link of the hover asks the registry, and the hover shows what it says", async () => {
      const { document } = await openDockerfile(`RUN true\nFROM ${image} AS base\nRUN true\n`);
      const found = await eventually("hover", async () => {
        const contents = await hoverOn(document, image);
        return textOf(contents).includes("; tag `22`; ") && contents;
      });
      const link = /\(command:(dockwright\.lookUpImage)\?([^)]*)\)/.exec(textOf(found));
      assert.ok(link, textOf(found));
      const trusted = found.find(({ value }) => value.includes("lookUpImage"))?.isTrusted;
      assert.ok(typeof trusted === "object" && trusted.enabledCommands.includes("dockwright.lookUpImage"));
      const args = JSON.parse(decodeURIComponent(link[2] ?? "")) as readonly unknown[];
      await vscode.commands.executeCommand(link[1] ?? "", ...args);
      const text = textOf(await hoverOn(document, image));
      assert.ok(text.includes(`\`22\` is \`${digest.slice(0, 19)}…\``), text);
      assert.match(text, /\| linux\/amd64.*\| \d+ B \|/);
      assert.match(text, /\| linux\/arm64.*\| \d+ B \|/);
      assert.match(text, /Said by `127\.0\.0\.1:\d+` a minute ago/);
      const { active } = vscode.window.activeTextEditor?.selection ?? {};
      assert.deepEqual(active && [active.line, active.character], [1, 5], "the hover is shown at the image");
    });

    test("a digest that is behind its tag has a hint, and the hint has the edit", async () => {
      const { document } = await openDockerfile(`FROM ${image}@${other}\nRUN true\n`);
      const { start } = rangeOf(document, image);
      const uri = document.uri.toString();
      await vscode.commands.executeCommand("dockwright.lookUpImage", uri, {
        line: start.line,
        character: start.character,
      });
      const hint = await eventually("hint", async () =>
        (await hintsIn(document)).find((each) => labelOf(each) === "digest is behind its tag"),
      );
      assert.deepEqual(hint.position, document.lineAt(0).range.end);
      const edit = new vscode.WorkspaceEdit();
      edit.set(document.uri, [...(hint.textEdits ?? [])]);
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.equal(document.lineAt(0).text, `FROM ${image}@${digest}`);
      await eventually(
        "no hint",
        async () => !(await hintsIn(document)).map(labelOf).includes("digest is behind its tag"),
      );
    });

    test("the compressed size stands behind an image that was looked up before", async () => {
      const { document } = await openDockerfile(`FROM ${image}\nRUN true\n`);
      const { start } = rangeOf(document, image);
      await vscode.commands.executeCommand("dockwright.lookUpImage", document.uri.toString(), {
        ...{ line: start.line, character: start.character },
      });
      const again = (await openDockerfile(`FROM --platform=linux/arm64 ${image}\nRUN true\n`)).document;
      await eventually("size", async () => (await hintsIn(again)).some((each) => /^\d+ B$/.test(labelOf(each))));
    });

    test("completion behind a colon has the registry's tags, in a compose file too", async () => {
      const name = image.replace(/:22$/, "");
      const texts = [
        ["Dockerfile", `FROM ${name}:\n`],
        ["compose.yaml", `services:\n  a:\n    image: ${name}:\n`],
      ] as const;
      const { document: first } = await openDockerfile("FROM scratch\n");
      for (const [file, text] of texts) {
        const uri = vscode.Uri.joinPath(first.uri, "..", `tags-${file}`, file);
        await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
        const { document } = await vscode.window.showTextDocument(uri);
        const labels = await eventually(`tags in ${file}`, async () => {
          const list = await vscode.commands.executeCommand<vscode.CompletionList>(
            "vscode.executeCompletionItemProvider",
            document.uri,
            rangeOf(document, `${name}:`).end,
          );
          const all = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
          return all.includes("22") && all;
        });
        assert.ok(!labels.some((label) => label.includes("Ask ")), labels.join());
      }
    });
  });
}
