/** Navigation in compose files over the wire, with other files on disk. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type {
  CodeLens,
  DocumentHighlight,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Location,
  LocationLink,
  Range,
  SelectionRange,
  SymbolInformation,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { namesOf } from "../../server/src/core/model/compose/name-index.ts";
import { type Editor, startEditor } from "./editor.ts";

const FILES: Readonly<Record<string, string>> = {
  "compose.yaml": `include:
  - db/compose.yaml
services:
  web:
    extends: {file: common.yml, service: base}
    image: nginx:\${TAG:-1}
    depends_on: [db]
    volumes: ["data:/data"]
volumes:
  data:
`,
  "compose.override.yaml": "services:\n  web:\n    links: ['db']\n",
  "common.yml": "services:\n  base:\n    image: x\n    build: {context: api, target: prod}\n",
  "db/compose.yaml": "services:\n  db:\n    image: postgres:17\n",
  "deep/er/stack.yml": "include: [../../compose.yaml]\nservices:\n  x: {image: x, depends_on: [db, web]}\n",
  "api/Dockerfile": "FROM a AS prod\n",
  "other/compose.yaml": "services: {db: {image: y}}\n",
  ".env": "TAG=2\n",
};

const top = realpathSync(mkdtempSync(join(tmpdir(), "dockwright-navigation-")));
after(() => rmSync(top, { recursive: true }));
const project = join(top, "project");
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), text);
}
const uriOf = (name: string): string => pathToFileURL(join(project, name)).href;
const textOf = (name: string): string => readFileSync(join(project, name), "utf8");

type Options = Parameters<typeof startEditor>[0];

async function open(name: string, options: Options = {}, languageId = "dockercompose"): Promise<Editor> {
  const editor = await startEditor({
    uri: uriOf(name),
    disk: true,
    roots: [pathToFileURL(project).href],
    can: { annotations: true },
    ...options,
  });
  editor.open(FILES[name] ?? "", languageId);
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
const nameOf = (uri: string): string => uri.slice(pathToFileURL(project).href.length + 1);

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

test("a definition is found in an included file, with what was asked about", async () => {
  const editor = await open("compose.yaml");
  const found = await editor.request<LocationLink[]>("textDocument/definition", at(editor, "depends_on: [d¦b]"));
  assert.equal(found.length, 1);
  const [link] = found;
  assert.ok(link?.originSelectionRange);
  assert.equal(nameOf(link.targetUri), "db/compose.yaml");
  assert.equal(slice(textOf("db/compose.yaml"), link.targetSelectionRange), "db");
  assert.equal(slice(editor.text(), link.originSelectionRange), "db");
});

for (const [needle, file, text] of [
  ["service: ba¦se", "common.yml", "base"],
  ["${TA¦G", ".env", "TAG"],
  ["file: comm¦on", "common.yml", ""],
  ["db/com¦pose.yaml", "db/compose.yaml", ""],
] as const)
  test(`the definition at ${needle} is in ${file}`, async () => {
    const editor = await open("compose.yaml");
    const [link] = await editor.request<LocationLink[]>("textDocument/definition", at(editor, needle));
    assert.equal(nameOf(link?.targetUri ?? ""), file);
    assert.equal(link && slice(textOf(file), link.targetRange), text);
  });

test("a target leads to its stage, and a client without links gets places", async () => {
  const editor = await open("common.yml", { can: { annotations: false } });
  const found = await editor.request<Location[]>("textDocument/definition", at(editor, "target: p¦rod"));
  assert.deepEqual(
    found.map(({ uri, range }) => [nameOf(uri), slice(textOf("api/Dockerfile"), range)]),
    [["api/Dockerfile", "prod"]],
  );
});

test("a name that a file around declares is found there", async () => {
  const editor = await open("compose.override.yaml");
  const found = await editor.request<LocationLink[]>("textDocument/definition", at(editor, "links: ['d¦b"));
  assert.deepEqual(
    found.map(({ targetUri }) => nameOf(targetUri)),
    ["db/compose.yaml"],
  );
});

test("references are in every file of the project", async () => {
  const editor = await open("db/compose.yaml");
  const all = (includeDeclaration: boolean) =>
    editor.request<Location[]>("textDocument/references", { ...at(editor, "  d¦b:"), context: { includeDeclaration } });
  const names = (await all(true)).map(({ uri }) => nameOf(uri)).sort();
  assert.deepEqual(names, ["compose.override.yaml", "compose.yaml", "db/compose.yaml", "deep/er/stack.yml"]);
  assert.equal((await all(false)).length, 3);
});

test("a rename goes through all files in one edit, and back again", async () => {
  const editor = await open("db/compose.yaml");
  const place = at(editor, "  d¦b:");
  const prepared = await editor.request<{ placeholder: string; range: Range }>("textDocument/prepareRename", place);
  assert.equal(prepared.placeholder, "db");
  assert.equal(slice(editor.text(), prepared.range), "db");
  const edit = await editor.request<WorkspaceEdit>("textDocument/rename", { ...place, newName: "store" });
  assert.equal(edit.changeAnnotations, undefined);
  const versions = (edit.documentChanges as TextDocumentEdit[]).map(({ textDocument: { uri, version } }) => [
    nameOf(uri),
    version,
  ]);
  assert.deepEqual(new Map(versions as [string, number | null][]).get("db/compose.yaml"), 1);
  assert.deepEqual(new Map(versions as [string, number | null][]).get("compose.yaml"), null);
  const texts = applied(edit);
  assert.deepEqual(Object.keys(texts).sort(), [
    "compose.override.yaml",
    "compose.yaml",
    "db/compose.yaml",
    "deep/er/stack.yml",
  ]);
  assert.match(texts["deep/er/stack.yml"] ?? "", /depends_on: \[store, web\]/);
  const places = Object.values(texts).flatMap((text) => namesOf(parseCompose(text)).places);
  assert.ok(!places.some(({ name }) => name === "db"));
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(project, name), text);
    const again = await open("db/compose.yaml");
    again.type(0, again.text().length, texts["db/compose.yaml"] ?? "");
    const back = await again.request<WorkspaceEdit>("textDocument/rename", {
      ...at(again, "  st¦ore:"),
      newName: "db",
    });
    for (const [name, text] of Object.entries(applied(back))) assert.equal(text, FILES[name], name);
  } finally {
    for (const name of Object.keys(texts)) writeFileSync(join(project, name), FILES[name] ?? "");
  }
});

test("another open file counts as it is in the editor", async () => {
  const editor = await open("db/compose.yaml");
  const text = "include: [db/compose.yaml]\nservices:\n  unsaved: {image: x, links: [db]}\n";
  const uri = uriOf("compose.yaml");
  editor.wire.notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 7, text } });
  const edit = await editor.request<WorkspaceEdit>("textDocument/rename", {
    ...at(editor, "  d¦b:"),
    newName: "store",
  });
  const change = (edit.documentChanges as TextDocumentEdit[]).find(({ textDocument }) => textDocument.uri === uri);
  assert.equal(change?.textDocument.version, 7);
  assert.deepEqual(
    change.edits.map((each) => "range" in each && slice(text, each.range)),
    ["db"],
  );
});

test("a host name that stays is said in a message", async () => {
  const editor = await open("db/compose.yaml");
  const text = "services:\n  db: {image: x}\n  a: {image: y, environment: {DB_HOST: db}}\n";
  editor.type(0, editor.text().length, text);
  await editor.request("textDocument/rename", { ...at(editor, "  d¦b:"), newName: "store" });
  const [message] = (await editor.wire.until("window/showMessage")) as { message: string }[];
  assert.equal(message?.message, "db was not renamed where it seems to be a host name: a in compose.yaml");
});

test("a volume's new name is to be confirmed where the editor can ask", async () => {
  const editor = await open("compose.yaml");
  const place = at(editor, "  da¦ta:");
  const edit = await editor.request<WorkspaceEdit>("textDocument/rename", { ...place, newName: "store" });
  const [[id, annotation] = []] = Object.entries(edit.changeAnnotations ?? {});
  assert.equal(annotation?.needsConfirmation, true);
  assert.match(annotation.description ?? "", /the data stays/);
  for (const change of edit.documentChanges as TextDocumentEdit[])
    for (const each of change.edits) assert.ok("annotationId" in each && each.annotationId === id);
  const plain = await open("compose.yaml", { can: { versioned: false } });
  const simple = await plain.request<WorkspaceEdit>("textDocument/rename", {
    ...at(plain, "  da¦ta:"),
    newName: "store",
  });
  assert.equal(simple.documentChanges, undefined);
  assert.equal(simple.changes?.[plain.uri]?.length, 2);
});

test("a name that cannot be is refused with its reason", async () => {
  const editor = await open("compose.yaml");
  for (const [needle, newName, reason] of [
    ["  w¦eb:", "a b", /a b cannot be the name of a service/],
    ["  w¦eb:", "db", /There is a service db in compose.yaml already/],
  ] as const) {
    await assert.rejects(editor.request("textDocument/rename", { ...at(editor, needle), newName }), reason);
  }
  assert.equal(await editor.request("textDocument/rename", { ...at(editor, "im¦age"), newName: "x" }), null);
});

test("in a workspace that is not trusted nothing is read, and what may be left behind is a reason", async () => {
  const editor = await open("compose.yaml", { initializationOptions: { trusted: false } });
  assert.equal(await editor.request("textDocument/definition", at(editor, "[d¦b]")), null);
  await assert.rejects(
    editor.request("textDocument/prepareRename", at(editor, "  w¦eb:")),
    /db\/compose.yaml, which compose.yaml names, may use web too and cannot be read: this workspace is not trusted/,
  );
  const alone = await open("db/compose.yaml", { initializationOptions: { trusted: false } });
  const edit = await alone.request<WorkspaceEdit>("textDocument/rename", { ...at(alone, "  d¦b:"), newName: "store" });
  assert.equal(edit.documentChanges?.length, 1);
  const [annotation] = Object.values(edit.changeAnnotations ?? {});
  assert.equal(
    annotation?.description,
    "Other files that may use db could not be looked for: this workspace is not trusted",
  );
});

test("highlights, outline, folds and selections are there", async () => {
  const editor = await open("compose.yaml");
  const { textDocument } = at(editor, "web");
  const highlights = await editor.request<DocumentHighlight[]>(
    "textDocument/documentHighlight",
    at(editor, "  da¦ta:"),
  );
  assert.deepEqual(
    highlights.map(({ range, kind }) => [slice(editor.text(), range), kind]),
    [
      ["data", 2],
      ["data", 3],
    ],
  );
  const symbols = await editor.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument });
  assert.deepEqual(
    symbols.map(({ name }) => name),
    ["include", "services", "volumes"],
  );
  assert.deepEqual(
    symbols[1]?.children?.map(({ name, detail }) => [name, detail]),
    [["web", "nginx:${TAG:-1}"]],
  );
  const folds = await editor.request<FoldingRange[]>("textDocument/foldingRange", { textDocument });
  assert.deepEqual(
    folds.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [0, 1],
      [2, 7],
      [3, 7],
      [8, 9],
    ],
  );
  const { position } = at(editor, "nginx");
  const [selection] = await editor.request<SelectionRange[]>("textDocument/selectionRange", {
    textDocument,
    positions: [position],
  });
  const grown: string[] = [];
  for (let each = selection; each; each = each.parent) grown.push(slice(editor.text(), each.range));
  assert.deepEqual(grown.slice(0, 3), ["nginx", "nginx:${TAG:-1}", "image: nginx:${TAG:-1}"]);
  assert.equal(grown.at(-1), editor.text());
});

test("the workspace's symbols are what open files declare", async () => {
  const editor = await open("compose.yaml");
  const found = await editor.request<SymbolInformation[]>("workspace/symbol", { query: "WB" });
  assert.deepEqual(
    found.map(({ name, containerName }) => [name, containerName]),
    [["web", "services"]],
  );
});

test("links lead to pages of images and to files that are there", async () => {
  const editor = await open("compose.yaml");
  const { textDocument } = at(editor, "web");
  const found = await editor.request<DocumentLink[]>("textDocument/documentLink", { textDocument });
  assert.deepEqual(
    found.map(({ range, target }) => [slice(editor.text(), range), target]),
    [
      ["db/compose.yaml", uriOf("db/compose.yaml")],
      ["common.yml", uriOf("common.yml")],
      ["nginx:${TAG:-1}", "https://hub.docker.com/_/nginx"],
    ],
  );
});

const WITH_ENGINE: Options = {
  composeEngine: async () => "podman",
  initializationOptions: { commands: ["dockwright.compose.run"] },
};
const lenses = (editor: Editor): Promise<CodeLens[] | null> =>
  editor.request("textDocument/codeLens", { textDocument: { uri: editor.uri } });

test("lenses run the command of the client, which asks what to run", async () => {
  const editor = await open("compose.yaml", WITH_ENGINE);
  const found = (await lenses(editor)) ?? [];
  assert.deepEqual(
    found.map(({ command }) => [command?.title, ...(command?.arguments?.slice(2) ?? [])]),
    [["Up"], ["Logs"], ["Config"], ["Down"], ["Up", "web"], ["Logs", "web"], ["Restart", "web"], ["Config", "web"]],
  );
  const [verb, uri, service] = (found[4]?.command?.arguments ?? []) as string[];
  assert.deepEqual(await editor.request("dockwright/composeCommand", { verb, uri, service }), {
    program: "podman",
    args: [
      "compose",
      "--file",
      join(project, "compose.yaml"),
      "--file",
      join(project, "compose.override.yaml"),
      "up",
      "--detach",
      "--",
      "web",
    ],
  });
  await assert.rejects(editor.request("dockwright/composeCommand", { verb, uri, service: "--help" }), { code: -32602 });
  await assert.rejects(editor.request("dockwright/composeCommand", { verb: "exec", uri }), { code: -32602 });
});

for (const [why, options] of [
  [
    "in a workspace that is not trusted",
    { initializationOptions: { commands: ["dockwright.compose.run"], trusted: false } },
  ],
  ["without an engine", { composeEngine: async () => undefined }],
  ["in an editor without the command", { initializationOptions: {} }],
  ["where they are switched off", { settings: { compose: { codeLens: "off" } } }],
] as const)
  test(`no lenses ${why}, and nothing to run`, async () => {
    let asked = 0;
    const editor = await open("compose.yaml", {
      ...WITH_ENGINE,
      composeEngine: async () => {
        asked++;
        return "docker";
      },
      ...options,
    });
    assert.equal(await lenses(editor), null);
    if (why.includes("trusted")) assert.equal(asked, 0);
    if (why.includes("command")) return;
    assert.equal(await editor.request("dockwright/composeCommand", { verb: "up", uri: editor.uri }), null);
  });

test("trust that is granted brings the lenses", async () => {
  const editor = await open("compose.yaml", {
    ...WITH_ENGINE,
    initializationOptions: { commands: ["dockwright.compose.run"], trusted: false },
  });
  assert.equal(await lenses(editor), null);
  editor.wire.notify("dockwright/trust", { trusted: true });
  assert.equal((await lenses(editor))?.length, 8);
});

const UNEVEN = `services:
  web:
    image:   x
    ports:
        - "80:80"
  api:
      image:  y
      command:   z
`;
const OPTIONS = { tabSize: 2, insertSpaces: true };
const lineRange = (start: number, end: number): Range => ({
  start: { line: start, character: 0 },
  end: { line: end, character: 0 },
});

test("a file is formatted, and a second time nothing is left to do", async () => {
  const editor = await open("compose.yaml");
  editor.type(0, editor.text().length, UNEVEN);
  const { textDocument } = at(editor, "web");
  const format = () => editor.request<TextEdit[]>("textDocument/formatting", { textDocument, options: OPTIONS });
  const after = TextDocument.applyEdits(TextDocument.create("", "", 0, editor.text()), await format());
  assert.match(after, /\n {4}image: x\n/);
  assert.match(after, /\n {4}image: y\n {4}command: z\n/);
  editor.type(0, editor.text().length, after);
  assert.deepEqual(await format(), []);
});

test("of a range only those lines are formatted, and only where they can be alone", async () => {
  const editor = await open("compose.yaml");
  editor.type(0, editor.text().length, UNEVEN);
  const { textDocument } = at(editor, "web");
  const format = async (range: Range): Promise<string> => {
    const edits = await editor.request<TextEdit[]>("textDocument/rangeFormatting", {
      textDocument,
      range,
      options: OPTIONS,
    });
    return TextDocument.applyEdits(TextDocument.create("", "", 0, UNEVEN), edits);
  };
  assert.equal(await format(lineRange(2, 3)), UNEVEN.replace("image:   x", "image: x"));
  assert.equal(
    await format(lineRange(5, 8)),
    UNEVEN.replace("      image:  y\n      command:   z", "    image: y\n    command: z"),
  );
  // The line below keeps its indentation, so this one has to.
  assert.equal(await format(lineRange(6, 7)), UNEVEN);
});

test("each feature can be switched off, and ignore files have none of them", async () => {
  const off = await open("compose.yaml", {
    settings: { compose: { navigation: "off", symbols: "off", links: "off", formatting: "off" } },
  });
  const ignoreFile = await startEditor({ uri: "file:///project/.dockerignore" });
  ignoreFile.open("dist\n", "ignore");
  for (const editor of [off, ignoreFile]) {
    const textDocument = { uri: editor.uri };
    const position = { line: 0, character: 1 };
    for (const [method, params] of [
      ["textDocument/definition", { position }],
      ["textDocument/references", { position, context: { includeDeclaration: true } }],
      ["textDocument/documentHighlight", { position }],
      ["textDocument/prepareRename", { position }],
      ["textDocument/rename", { position, newName: "x" }],
      ["textDocument/documentSymbol", {}],
      ["textDocument/foldingRange", {}],
      ["textDocument/selectionRange", { positions: [position] }],
      ["textDocument/documentLink", {}],
      ["textDocument/codeLens", {}],
      ["textDocument/formatting", { options: OPTIONS }],
      ["textDocument/rangeFormatting", { options: OPTIONS, range: lineRange(0, 1) }],
    ] as const)
      assert.equal(await editor.request(method, { textDocument, ...params }), null, method);
  }
});
