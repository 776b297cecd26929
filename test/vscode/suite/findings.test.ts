/** Squiggles: what they are under, what they link to, and that they follow the text. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { findings, nodeExample, openDockerfile, replaceAll, ruleOf } from "./documents.ts";

const UNDER: readonly { readonly rule: string; readonly word: string; readonly severity: vscode.DiagnosticSeverity }[] =
  [
    { rule: "base-tag-floating", word: "node:latest", severity: vscode.DiagnosticSeverity.Warning },
    { rule: "base-digest-unpinned", word: "node:latest", severity: vscode.DiagnosticSeverity.Hint },
    { rule: "maintainer-deprecated", word: "MAINTAINER", severity: vscode.DiagnosticSeverity.Warning },
    { rule: "workdir-relative", word: "app", severity: vscode.DiagnosticSeverity.Warning },
    { rule: "apt-yes", word: "apt-get install", severity: vscode.DiagnosticSeverity.Warning },
    { rule: "instruction-case", word: "run", severity: vscode.DiagnosticSeverity.Information },
    { rule: "exec-form", word: "npm start", severity: vscode.DiagnosticSeverity.Warning },
  ];

suite("findings on examples/node", () => {
  for (const { rule, word, severity } of UNDER)
    test(`${rule} is under "${word}"`, async () => {
      const { document } = await vscode.window.showTextDocument(nodeExample());
      const found = (await findings(document)).filter((diagnostic) => ruleOf(diagnostic) === rule);
      assert.deepEqual(
        found.map((diagnostic) => [document.getText(diagnostic.range), diagnostic.severity]),
        [[word, severity]],
      );
    });

  test("each code links to a page that is there", async () => {
    const { document } = await vscode.window.showTextDocument(nodeExample());
    const found = await findings(document);
    const root = vscode.extensions.getExtension("dockwright.dockwright")?.extensionPath ?? "";
    for (const { code } of found) {
      assert.ok(typeof code === "object", "a code with a target");
      assert.ok(code.target.path.endsWith(`/docs/rules/${code.value}.md`), code.target.toString());
      assert.ok(existsSync(join(root, "docs", "rules", `${code.value}.md`)), `no page of ${code.value}`);
    }
  });
});

suite("hover", () => {
  test("on a squiggle it tells what the rule is about, with a link that opens its page", async () => {
    const { document } = await vscode.window.showTextDocument(nodeExample());
    const [found] = (await findings(document)).filter((each) => ruleOf(each) === "apt-yes");
    assert.ok(found);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      found.range.start,
    );
    const texts = hovers.flatMap(({ contents }) => contents).filter((each) => each instanceof vscode.MarkdownString);
    const ours = texts.find(({ value }) => value.includes("**apt-yes**"));
    assert.ok(ours, JSON.stringify(texts));
    assert.match(ours.value, /\(command:dockwright\.explainRule\?/);
    assert.deepEqual(ours.isTrusted, {
      enabledCommands: ["dockwright.explainRule", "dockwrightFindings.focus", "dockwright.lookUpImage"],
    });
  });
});

suite("findings while typing", () => {
  test("they go and come with the text", async () => {
    const editor = await openDockerfile("FROM scratch\nrun true\nRUN true\n");
    await findings(editor.document, (rules) => rules.includes("instruction-case"));
    await replaceAll(editor, "FROM scratch\nRUN true\nRUN true\n");
    await findings(editor.document, (rules) => !rules.includes("instruction-case"));
    await replaceAll(editor, "FROM scratch\nRUN true\ncopy a b c\n");
    const found = await findings(editor.document, (rules) => rules.includes("instruction-case"));
    assert.ok(found.map(ruleOf).includes("copy-multi-needs-slash"));
  });

  test("a squiggle stays on its word when lines come before it", async () => {
    const editor = await openDockerfile("FROM scratch\nrun true\nRUN true\n");
    await findings(editor.document, (rules) => rules.includes("instruction-case"));
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), "# one\n# two\nRUN true\n"));
    await findings(editor.document);
    // The old answer is moved along by the editor, the new one counted by the server: they agree.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const found = (await findings(editor.document)).filter((each) => ruleOf(each) === "instruction-case");
    assert.deepEqual(
      found.map(({ range }) => [range.start.line, editor.document.getText(range)]),
      [[4, "run"]],
    );
  });

  test("a file deleted while open is still checked, and others too", async () => {
    const editor = await openDockerfile("FROM scratch\nrun true\nRUN true\n");
    await findings(editor.document, (rules) => rules.includes("instruction-case"));
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(editor.document.uri, ".."), { recursive: true });
    await replaceAll(editor, "FROM scratch\nMAINTAINER me\n");
    await findings(editor.document, (rules) => rules.includes("maintainer-deprecated"));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    const other = await openDockerfile("FROM scratch\nMAINTAINER me\n");
    await findings(other.document, (rules) => rules.includes("maintainer-deprecated"));
  });

  test("closing a file takes its findings away", async () => {
    const { document } = await openDockerfile("FROM scratch\nMAINTAINER me\n");
    await findings(document);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await findings(document, (rules) => rules.length === 0);
  });

  test("odd texts do no harm", async () => {
    const odd = ["", "\0\0\0", "FROM", "RUN <<EOF\n", 'FROM scratch\nCMD ["a', "\\", "FROM scratch\r\nRUN a \\\r\n"];
    const editor = await openDockerfile("FROM scratch\nMAINTAINER me\n");
    for (const text of odd) {
      await replaceAll(editor, text);
      await findings(editor.document, (rules) => !rules.includes("maintainer-deprecated"));
      await replaceAll(editor, "FROM scratch\nMAINTAINER me\n");
      await findings(editor.document, (rules) => rules.includes("maintainer-deprecated"));
    }
  });
});
