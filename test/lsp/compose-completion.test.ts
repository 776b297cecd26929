/** Completion, hover and inlay hints in compose files over the wire, with other files on disk. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CompletionItem, CompletionList, Hover, InlayHint } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { rules } from "../../server/src/core/rules/index.ts";
import type { Answer } from "../../server/src/core/rule.ts";
import type { Opened as OpenedText, Session } from "../../server/src/lsp/session.ts";
import { withAnswers } from "../../server/src/lsp/with-answers.ts";
import { type Editor, startEditor } from "./editor.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "dockwright-completion-")));
after(() => rmSync(top, { recursive: true }));
const project = join(top, "project");
mkdirSync(join(project, "api", "src"), { recursive: true });
mkdirSync(join(project, ".git"));
writeFileSync(join(project, "api", "Dockerfile"), "FROM node AS build\nFROM build AS prod\n");
writeFileSync(join(project, ".env"), "TAG=1.29\n");
writeFileSync(join(top, "outside.yaml"), "services: {}\n");
const uri = pathToFileURL(join(project, "compose.yaml")).href;

type Options = Parameters<typeof startEditor>[0];

interface Opened {
  readonly editor: Editor;
  /** At the mark. */
  readonly complete: () => Promise<CompletionList>;
  readonly labels: () => Promise<readonly string[]>;
  /** The text once an item was taken. */
  readonly take: (label: string) => Promise<string>;
}

/** Opens a text with `|` at the cursor. */
async function open(text: string, options: Options = {}, languageId = "dockercompose"): Promise<Opened> {
  const editor = await startEditor({ uri, disk: true, ...options });
  const at = text.indexOf("|");
  const source = text.replace("|", "");
  editor.open(source, languageId);
  const document = TextDocument.create(uri, languageId, 1, source);
  const complete = (): Promise<CompletionList> =>
    editor.request("textDocument/completion", { textDocument: { uri: editor.uri }, position: document.positionAt(at) });
  return {
    editor,
    complete,
    labels: async () => (await complete()).items.map(({ label }) => label),
    async take(label) {
      const { items } = await complete();
      const item = items.find((each) => each.label === label);
      assert.ok(item, `${label} is among ${items.map((each) => each.label).join(", ")}`);
      return TextDocument.applyEdits(document, [editOf(item)]);
    },
  };
}

const editOf = ({ textEdit }: CompletionItem): { readonly range: Range; readonly newText: string } => {
  assert.ok(textEdit);
  return { newText: textEdit.newText, range: "range" in textEdit ? textEdit.range : textEdit.replace };
};
type Range = NonNullable<InlayHint["textEdits"]>[number]["range"];

test("the server says so, and what asks for it while typing", async () => {
  const { editor } = await open("services:\n  |");
  const { completionProvider, inlayHintProvider, hoverProvider } = editor.initialized.capabilities;
  assert.ok(completionProvider?.triggerCharacters?.includes(" "));
  assert.equal(inlayHintProvider, true);
  assert.equal(hoverProvider, true);
});

test("a key has its documentation, its snippet, both ranges, and keeps its indentation", async () => {
  const { complete } = await open("services:\n    web:\n        he|al\n");
  const item = (await complete()).items.find(({ label }) => label === "healthcheck");
  assert.ok(item);
  const { documentation, sortText, ...rest } = item;
  assert.match(typeof documentation === "object" ? documentation.value : "", /^How the engine finds out/);
  assert.match(sortText ?? "", /^\d{4}$/);
  assert.deepEqual(rest, {
    label: "healthcheck",
    kind: 10,
    detail: "a mapping",
    insertTextFormat: 2,
    insertTextMode: 1,
    textEdit: {
      newText:
        'healthcheck:\n            test: ["CMD", "${1:program}"]\n            interval: ${2:30s}\n            timeout: ${3:5s}\n            retries: ${4:3}',
      insert: { start: { line: 2, character: 8 }, end: { line: 2, character: 10 } },
      replace: { start: { line: 2, character: 8 }, end: { line: 2, character: 12 } },
    },
  });
});

test("a client that knows none of this gets plain text and one range", async () => {
  const { complete } = await open("services:\n  web:\n    po|\n", { can: { completions: false } });
  const item = (await complete()).items.find(({ label }) => label === "ports");
  assert.ok(item);
  const { documentation: _, sortText: __, ...rest } = item;
  assert.deepEqual(rest, {
    label: "ports",
    kind: 10,
    detail: "a list",
    textEdit: {
      newText: "ports:\n      - ",
      range: { start: { line: 2, character: 4 }, end: { line: 2, character: 6 } },
    },
  });
});

test("in our own client, what goes on is suggested at once", async () => {
  const text = "services:\n  web:\n    build: ./|\n";
  const ours = { initializationOptions: { commands: ["dockwright.explainRule"] } };
  const [folder] = (await (await open(text, ours)).complete()).items;
  assert.equal(folder?.command?.command, "editor.action.triggerSuggest");
  const keys = (await (await open("services:\n  web:\n    |\n", ours)).complete()).items;
  const withCommand = keys.filter(({ command }) => command).map(({ label }) => label);
  assert.ok(withCommand.includes("image") && withCommand.includes("depends_on"));
  assert.ok(!withCommand.includes("restart") && !withCommand.includes("healthcheck"));
  const [other] = (await (await open(text)).complete()).items;
  assert.equal(other?.command, undefined);
});

test("obsolete keys are marked as such", async () => {
  const { complete } = await open("|");
  const item = (await complete()).items.find(({ label }) => label === "version");
  assert.deepEqual(item?.tags, [1]);
});

test("CRLF stays", async () => {
  const { take } = await open("services:\r\n  web:\r\n    po|\r\n    image: x\r\n", { can: { completions: false } });
  assert.equal(await take("ports"), "services:\r\n  web:\r\n    ports:\r\n      - \r\n    image: x\r\n");
});

test("names, stages and paths come from the files there are", async () => {
  const stages = await open("services:\n  web:\n    build:\n      context: api\n      target: |\n");
  assert.deepEqual(await stages.labels(), ["build", "prod"]);
  const paths = await open("services:\n  web:\n    build: ./|\n");
  assert.deepEqual(await paths.labels(), ["api/"]);
  assert.equal(await paths.take("api/"), "services:\n  web:\n    build: ./api/\n");
  const files = await open("services:\n  web:\n    env_file: |\n");
  assert.deepEqual(await files.labels(), [".env", "api/"]);
  const variables = await open("services:\n  web:\n    image: nginx:${|\n");
  assert.deepEqual(await variables.labels(), ["TAG"]);
});

test("a file that is made later is offered", async () => {
  const { labels } = await open("services:\n  web:\n    label_file: ./api/src/|\n");
  assert.deepEqual(await labels(), []);
  const place = join(project, "api", "src", "web.labels");
  writeFileSync(place, "a=b\n");
  const again = await open("services:\n  web:\n    label_file: ./api/src/|\n");
  assert.deepEqual(await again.labels(), ["web.labels"]);
  rmSync(place);
});

test("paths do not lead out of the project, nor do links", async () => {
  const { labels } = await open("include:\n  - ../|\n");
  assert.deepEqual(await labels(), []);
  const link = join(project, "api", "src", "out");
  symlinkSync(top, link, "junction");
  const folder = await open("services:\n  web:\n    build: ./api/src/|\n");
  assert.deepEqual(await folder.labels(), ["out/"]);
  const behind = await open("services:\n  web:\n    build: ./api/src/out/|\n");
  assert.deepEqual(await behind.labels(), []);
  rmSync(link);
});

test("in a workspace that is not trusted no file is looked at", async () => {
  const options = { initializationOptions: { trusted: false } };
  const paths = await open("services:\n  web:\n    build: ./|\n", options);
  assert.deepEqual(await paths.labels(), []);
  const services = await open("services:\n  web:\n    depends_on: [|]\n  db:\n    image: x\n", options);
  assert.deepEqual(await services.labels(), ["db"]);
});

test("while it is typed, names of the last text that could be read count", async () => {
  const { editor } = await open("services:\n  web:\n    image: x|\n  'a b': {image: y}\n");
  await editor.diagnostics();
  editor.type(editor.text().indexOf("  'a b'"), editor.text().length, "    depends_on: [");
  const { items } = await editor.request<CompletionList>("textDocument/completion", {
    textDocument: { uri },
    position: { line: 3, character: 17 },
  });
  assert.deepEqual(
    items.map(({ label }) => label),
    ["a b"],
  );
});

test("YAML that is a compose file by its content has completions, other YAML has none", async () => {
  const compose = await open("services:\n  web:\n    image: x\n    re|start: always\n", {}, "yaml");
  assert.ok((await compose.labels()).includes("restart"));
  assert.deepEqual(await (await open("jobs:\n  re|\n", {}, "yaml")).labels(), []);
});

test("each of the three has a setting", async () => {
  const settings = { compose: { completion: "off", hover: "off", inlayHints: "off" } };
  const { editor, labels } = await open("services:\n  web:\n    image: ${A:-b}\n    |\n", { settings });
  assert.deepEqual(await labels(), []);
  const position = { line: 2, character: 5 };
  assert.equal(await editor.request("textDocument/hover", { textDocument: { uri }, position }), null);
  assert.deepEqual(await hints(editor), []);
});

test("nobody waits for a slow disk: what is known is shown, and that more may come", async () => {
  const ask: Session["ask"] = ({ ask: kind }, _opened, signal) =>
    kind === "text"
      ? Promise.resolve("TAG=1")
      : new Promise<Answer>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const opened = { uri, answers: new Map() } as unknown as OpenedText;
  const started = performance.now();
  const { result, complete } = await withAnswers({ ask } as Session, opened, new AbortController().signal, (look) => [
    look({ ask: "entries", path: "." }),
    look({ ask: "text", path: ".env" }),
  ]);
  assert.deepEqual(result, [undefined, "TAG=1"]);
  assert.equal(complete, false);
  assert.ok(performance.now() - started < 2_000);
});

const hints = (editor: Editor): Promise<readonly InlayHint[]> =>
  editor.request("textDocument/inlayHint", {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } },
  });

const valueOf = ({ contents }: Hover): string =>
  typeof contents === "object" && "value" in contents ? contents.value : "";

test("a key's hover stands below what is said of the squiggle on it", async () => {
  const { editor } = await open("version: '3'\nservices:\n  web:\n    image: nginx:1|\n", { rules });
  const found = await editor.request<Hover>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 0, character: 2 },
  });
  const [rule, key] = valueOf(found).split("\n\n---\n\n");
  assert.match(rule ?? "", /^\*\*compose-/);
  assert.match(key ?? "", /^\*\*version\*\*\n\nMeans nothing any more/);
});

test("hovering reads .env, and inlay hints show what is known", async () => {
  const { editor } = await open("services:\n  web:\n    image: nginx:${TAG}|\n", { rules });
  const found = await editor.request<Hover>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 2, character: 20 },
  });
  assert.match(valueOf(found), /^`TAG` is `1\.29` in `\.env`/);
  assert.deepEqual(found.range, { start: { line: 2, character: 17 }, end: { line: 2, character: 23 } });
  const [hint] = await hints(editor);
  assert.deepEqual([hint?.label, hint?.position], ["= nginx:1.29", { line: 2, character: 23 }]);
});
