/** Navigation, outline, links and semantic tokens of Dockerfiles over the wire, with other files on disk. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  LinkedEditingRanges,
  Location,
  LocationLink,
  Range,
  SelectionRange,
  SemanticTokens,
  SemanticTokensDelta,
  SymbolInformation,
  TextDocumentEdit,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { type Editor, startEditor } from "./editor.ts";

const FILES: Readonly<Record<string, string>> = {
  "api/Dockerfile": `ARG VERSION=22
FROM node:$VERSION AS build
ARG VERSION
WORKDIR app
RUN <<EOF
echo "$VERSION"
EOF
FROM build
COPY package.json src ./
COPY --from=build /a /b
`,
  "api/package.json": "{}\n",
  "compose.yaml": "services:\n  a:\n    build: {context: api, target: build, args: {VERSION: 24}}\n",
  "other/web.Dockerfile": "FROM nginx:1 AS serve\n",
};

const top = realpathSync(mkdtempSync(join(tmpdir(), "dockwright-names-")));
after(() => rmSync(top, { recursive: true }));
const project = join(top, "project");
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}
mkdirSync(join(project, "api/src"));
const uriOf = (name: string): string => pathToFileURL(join(project, name)).href;
const textOf = (name: string): string => readFileSync(join(project, name), "utf8");
const nameOf = (uri: string): string => uri.slice(pathToFileURL(project).href.length + 1);

type Options = Parameters<typeof startEditor>[0];

async function open(options: Options = {}): Promise<Editor> {
  const editor = await startEditor({
    uri: uriOf("api/Dockerfile"),
    disk: true,
    roots: [pathToFileURL(project).href],
    can: { annotations: true },
    ...options,
  });
  editor.open(FILES["api/Dockerfile"] ?? "");
  return editor;
}

/** Where a text stands in the open document; a `¦` in it is the place. */
function at(editor: Editor, needle: string) {
  const document = TextDocument.create("", "", 0, editor.text());
  const start = editor.text().indexOf(needle.replace("¦", ""));
  assert.notEqual(start, -1, needle);
  const position = document.positionAt(start + Math.max(needle.indexOf("¦"), 0));
  return { textDocument: { uri: editor.uri }, position };
}

const slice = (text: string, range: Range): string => TextDocument.create("", "", 0, text).getText(range);
const about = (editor: Editor) => ({ textDocument: { uri: editor.uri } });

test("a definition says what was asked about, to clients that take that", async () => {
  const editor = await open();
  const [link] = await editor.request<LocationLink[]>("textDocument/definition", at(editor, "--from=bu¦ild"));
  assert.ok(link?.originSelectionRange);
  assert.deepEqual(
    [link.targetSelectionRange.start.line, slice(editor.text(), link.originSelectionRange)],
    [1, "build"],
  );
  const plain = await open({ can: { annotations: false } });
  const [place] = await plain.request<Location[]>("textDocument/definition", at(plain, '"$VER¦SION'));
  assert.equal(place?.range.start.line, 2);
  assert.equal(await plain.request("textDocument/definition", at(plain, "FR¦OM build")), null);
});

test("references and highlights are the same places", async () => {
  const editor = await open();
  const context = { includeDeclaration: true };
  const place = at(editor, "AS b¦uild");
  const references = await editor.request<Location[]>("textDocument/references", { ...place, context });
  const highlights = await editor.request<DocumentHighlight[]>("textDocument/documentHighlight", place);
  assert.deepEqual(
    references.map(({ range }) => range.start.line),
    [1, 7, 9],
  );
  assert.deepEqual(
    highlights.map(({ range }) => range),
    references.map(({ range }) => range),
  );
  assert.deepEqual(
    highlights.map(({ kind }) => kind),
    [3, 2, 2],
  );
});

/** The files after an edit, of those that are on disk. */
function applied(edit: WorkspaceEdit): Readonly<Record<string, string>> {
  const changes = (edit.documentChanges ?? []) as TextDocumentEdit[];
  return Object.fromEntries(
    changes.map(({ textDocument, edits }) => {
      const name = nameOf(textDocument.uri);
      const document = TextDocument.create("", "", 0, textOf(name));
      return [name, TextDocument.applyEdits(document, edits as { range: Range; newText: string }[])];
    }),
  );
}

test("a rename takes the compose files along that build the Dockerfile", async () => {
  const editor = await open();
  const place = at(editor, "--from=b¦uild");
  const prepared = await editor.request<{ range: Range; placeholder: string }>("textDocument/prepareRename", place);
  assert.equal(prepared.placeholder, "build");
  const edit = await editor.request<WorkspaceEdit>("textDocument/rename", { ...place, newName: "deps" });
  assert.deepEqual(applied(edit), {
    "api/Dockerfile": (FILES["api/Dockerfile"] ?? "").replaceAll("build", "deps"),
    "compose.yaml": (FILES["compose.yaml"] ?? "").replace("target: build", "target: deps"),
  });
  const renamed = { ...at(editor, "ARG V¦ERSION"), newName: "NODE" };
  const args = await editor.request<WorkspaceEdit>("textDocument/rename", renamed);
  assert.equal(applied(args)["compose.yaml"], (FILES["compose.yaml"] ?? "").replace("VERSION: 24", "NODE: 24"));
});

test("what cannot be renamed is answered with the reason", async () => {
  const editor = await open();
  await assert.rejects(
    editor.request("textDocument/rename", { ...at(editor, "AS b¦uild"), newName: "scratch" }),
    /BuildKit means something else/,
  );
  editor.type(0, 0, "ARG TARGETARCH\n");
  await assert.rejects(editor.request("textDocument/prepareRename", at(editor, "TARGET¦ARCH")), /set by BuildKit/);
  assert.equal(await editor.request("textDocument/prepareRename", at(editor, "WORK¦DIR")), null);
});

test("the outline, folds and selections are of the newest text", async () => {
  const editor = await open();
  editor.type(editor.text().length, 0, "RUN a \\\n  && b\n");
  const symbols = await editor.request<DocumentSymbol[]>("textDocument/documentSymbol", about(editor));
  assert.deepEqual(
    symbols.map(({ name, detail }) => `${name}: ${detail}`),
    ["VERSION: 22", "build: node:$VERSION", "build: stage 1"],
  );
  assert.equal(symbols[2]?.children?.at(-1)?.name, "RUN a, b");
  const folds = await editor.request<FoldingRange[]>("textDocument/foldingRange", about(editor));
  assert.deepEqual(
    folds.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [1, 6],
      [4, 6],
      [7, 11],
      [10, 11],
    ],
  );
  const { position } = at(editor, "&& b¦");
  const [selection] = await editor.request<SelectionRange[]>("textDocument/selectionRange", {
    ...about(editor),
    positions: [position],
  });
  assert.equal(selection && slice(editor.text(), selection.range), "b");
  assert.equal(selection?.parent && slice(editor.text(), selection.parent.range), "a \\\n  && b");
});

test("links lead to pages and to files of the context", async () => {
  const editor = await open();
  const links = await editor.request<DocumentLink[]>("textDocument/documentLink", about(editor));
  assert.deepEqual(
    links.map(({ target = "" }) => target),
    ["https://hub.docker.com/_/node", uriOf("api/package.json")],
  );
});

test("stages and images of the workspace are found, of files that are not open too", async () => {
  const editor = await open();
  const find = async (query: string) =>
    (await editor.request<SymbolInformation[]>("workspace/symbol", { query })).map(
      ({ name, location }) => `${name} in ${nameOf(location.uri)}`,
    );
  assert.deepEqual(await find("serve"), ["serve in other/web.Dockerfile"]);
  assert.deepEqual(await find("nginx"), ["nginx:1 in other/web.Dockerfile"]);
  assert.deepEqual(await find("bld"), ["build in api/Dockerfile"]);
});

/** Lines, columns and lengths are relative: here they are put together again. */
function decoded(editor: Editor, { data }: SemanticTokens): readonly string[] {
  const types = editor.initialized.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
  const lines = editor.text().split("\n");
  let [line, column] = [0, 0];
  return Array.from({ length: data.length / 5 }, (_, token) => {
    const [down = 0, right = 0, length = 0, type = 0] = data.slice(5 * token);
    column = down === 0 ? column + right : right;
    line += down;
    return `${types[type]}:${lines[line]?.slice(column, column + length)}`;
  });
}

test("semantic tokens are sent whole, then what changed, and for a range", async () => {
  const editor = await open();
  const full = await editor.request<Required<SemanticTokens>>("textDocument/semanticTokens/full", about(editor));
  const shown = decoded(editor, full);
  assert.ok(shown.includes("function:echo") && shown.includes("namespace:build") && shown.includes("class:node"));
  editor.type(editor.text().indexOf("echo"), 0, "x; ");
  const params = { ...about(editor), previousResultId: full.resultId };
  const delta = await editor.request<SemanticTokensDelta>("textDocument/semanticTokens/full/delta", params);
  const [edit, ...others] = delta.edits;
  assert.ok(edit && others.length === 0 && (edit.data?.length ?? 0) <= 15, JSON.stringify(delta));
  const data = full.data.toSpliced(edit.start, edit.deleteCount, ...(edit.data ?? []));
  const again = await editor.request<SemanticTokens>("textDocument/semanticTokens/full", about(editor));
  assert.deepEqual(data, again.data);
  assert.ok(decoded(editor, { data }).includes("function:x"));
  const range = { start: { line: 7, character: 0 }, end: { line: 8, character: 0 } };
  const part = await editor.request<SemanticTokens>("textDocument/semanticTokens/range", { ...about(editor), range });
  assert.deepEqual(decoded(editor, part), ["keyword:FROM", "namespace:build"]);
  const stale = { ...about(editor), previousResultId: "of another time" };
  assert.ok("data" in (await editor.request<object>("textDocument/semanticTokens/full/delta", stale)));
});

test("hints, linked names and separators", async () => {
  const editor = await open();
  const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = await editor.request<InlayHint[]>("textDocument/inlayHint", { ...about(editor), range: all });
  assert.deepEqual(
    hints.map(({ label, position }) => [label, position.line]),
    [
      ["= node:22", 1],
      ["= /app", 3],
      ["WORKDIR /app", 7],
    ],
  );
  const linked = await editor.request<LinkedEditingRanges>("textDocument/linkedEditingRange", at(editor, "AS b¦uild"));
  assert.deepEqual(
    linked.ranges.map(({ start }) => start.line),
    [1, 7, 9],
  );
  assert.deepEqual(await editor.request("dockwright/stageSeparators", { uri: editor.uri }), [1, 7]);
});

test("each feature has its switch, and steps back where others do it", async () => {
  const off = {
    dockerfile: { navigation: "off", symbols: "off", folding: "off", semanticTokens: "off", links: "off" },
  };
  const editor = await open({ settings: off });
  assert.equal(await editor.request("textDocument/definition", at(editor, "--from=b¦uild")), null);
  assert.equal(await editor.request("textDocument/prepareRename", at(editor, "--from=b¦uild")), null);
  assert.equal(await editor.request("textDocument/documentSymbol", about(editor)), null);
  assert.equal(await editor.request("textDocument/foldingRange", about(editor)), null);
  assert.equal(await editor.request("textDocument/documentLink", about(editor)), null);
  assert.deepEqual(await editor.request("textDocument/semanticTokens/full", about(editor)), { data: [] });
  const beside = await open({
    initializationOptions: { claimed: ["dockerfile.inlayHints", "dockerfile.stageSeparators"] },
  });
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  assert.deepEqual(await beside.request("textDocument/inlayHint", { ...about(beside), range }), []);
  assert.deepEqual(await beside.request("dockwright/stageSeparators", { uri: beside.uri }), []);
});
