/** Colours in the real editor, with its own grammars of the languages inside: ours are the ones it takes, and nothing runs away. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile, rangeOf, workspaceFolder } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

const EVERYTHING = `FROM docker.io/library/node:22-alpine AS build
RUN --mount=type=cache,target=/root/.npm echo "never closed
USER first
RUN <<EOF
#!/usr/bin/env python3
def pythonic(): return """never closed
EOF
USER second
RUN node - <<-'JS'
	const script = \`never closed
	JS
COPY <<EOF /etc/app.json
{ "jsonKey": [1, 2
EOF
RUN apt-get update && \\
    # why
    apt-get install curl \\
      "goes on
USER third
RUN true;{\\
  echo grouped; }
CMD ["node", "server.js"]
`;

const COMPOSE = `services:
  web:
    image: ghcr.io/acme/web:\${TAG:-1.2}
    ports:
      - "127.0.0.1:8080:80"
      - \${PUBLISHED:-8443}:443
    restart: unless-stopped
`;

/** Puts the cursor into the words, and reads what Inspect Editor Tokens and Scopes says there. */
async function scopesAt(editor: vscode.TextEditor, words: string): Promise<readonly string[]> {
  const { start } = rangeOf(editor.document, words);
  const at = start.translate(0, 1);
  editor.selection = new vscode.Selection(at, at);
  return eventually(`scopes at ${words}`, async () => {
    await vscode.commands.executeCommand("editor.action.inspectTMScopes");
    const text = await hand<string>("inspected");
    await vscode.commands.executeCommand("editor.action.inspectTMScopes");
    const scopes = text.split(/\s+/).filter((word) => /^[a-z][\w-]*(?:\.[\w-]+)+$/.test(word));
    return scopes.length > 1 && scopes;
  });
}

suite("grammar", () => {
  test("a heredoc is in its own language, and what follows is not", async () => {
    const editor = await openDockerfile(EVERYTHING);
    const toggled = async (words: string): Promise<string> => {
      const { start } = rangeOf(editor.document, words);
      editor.selection = new vscode.Selection(start, start);
      await vscode.commands.executeCommand("editor.action.commentLine");
      const line = editor.document.lineAt(start.line).text;
      await vscode.commands.executeCommand("undo");
      return line;
    };
    // Grammars are read after a file is shown.
    await eventually("JavaScript", async () => (await toggled("const script")).startsWith("\t// const"));
    assert.match(await toggled("def pythonic"), /^# def/);
    assert.match(await toggled("USER third"), /^# USER/);
    assert.match(await toggled("apt-get install"), /^ {4}# apt-get/);
  });

  if (!hasHands) return;

  test("ours is the grammar of Dockerfiles, with the editor's own inside", async () => {
    const editor = await openDockerfile(EVERYTHING);
    for (const [words, ...wanted] of [
      ["docker.io", "entity.name.namespace.registry.dockerfile"],
      ["node:22", "entity.name.type.image.dockerfile"],
      ["build", "entity.name.function.stage.dockerfile"],
      ["cache,", "constant.language.flag.dockerfile"],
      ["never closed", "string.quoted.double.shell", "meta.embedded.inline.shell"],
      ["USER first", "keyword.other.special-method.dockerfile"],
      ["pythonic", "entity.name.function.python", "meta.embedded.block.python"],
      ["USER second", "keyword.other.special-method.dockerfile"],
      ["script", "variable.other.constant.js", "meta.embedded.block.javascript"],
      ["jsonKey", "support.type.property-name.json", "meta.embedded.block.json"],
      ["apt-get update", "entity.name.command.shell"],
      ["why", "comment.line.number-sign.dockerfile"],
      ["goes on", "string.quoted.double.shell"],
      ["USER third", "keyword.other.special-method.dockerfile"],
      ["grouped", "meta.embedded.inline.shell"],
      ["server.js", "string.quoted.double.dockerfile"],
    ] as const) {
      const scopes = await scopesAt(editor, words);
      for (const scope of wanted) assert.ok(scopes.includes(scope), `${words}: ${scopes.join(" ")}`);
    }
    const third = await scopesAt(editor, "USER third");
    assert.deepEqual(
      third.filter((scope) => /^(?:string|meta\.embedded)/.test(scope)),
      [],
    );
  });

  test("compose files have theirs, on top of the editor's YAML", async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), "grammar", "compose.yaml");
    await vscode.workspace.fs.writeFile(uri, Buffer.from(COMPOSE));
    const editor = await vscode.window.showTextDocument(uri);
    assert.equal(editor.document.languageId, "dockercompose");
    for (const [words, wanted] of [
      ["services", "keyword.control.section.compose"],
      ["web:", "entity.name.function.compose"],
      ["ghcr.io", "entity.name.namespace.registry.compose"],
      ["TAG", "variable.other.normal.compose"],
      ["8080", "constant.numeric.port.compose"],
      ["PUBLISHED", "variable.other.normal.compose"],
      ["unless-stopped", "constant.language.compose"],
      ["restart", "entity.name.tag.yaml"],
    ] as const) {
      const scopes = await scopesAt(editor, words);
      assert.ok(scopes.includes(wanted), `${words}: ${scopes.join(" ")}`);
    }
  });
});
