/** `dockwright/openImage` and what is asked about open images: layers by line, files by page, comparisons; trust, progress, cancelling, crashes. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CodeAction } from "vscode-languageserver/node";
import { rules } from "../../server/src/core/rules/index.ts";
import type {
  ComparedOpened,
  FileRow,
  ImageFolder,
  ImageLine,
  OpenedAnswer,
  OpenedImage,
  OpenProgress,
} from "../../server/src/lsp/messages.ts";
import { type File, type Made, ociArchive, tar } from "../image/archives.ts";
import { type Editor, startEditor } from "./editor.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-images-"));
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
});
after(() => rm(folder, { recursive: true, force: true }));

const archive = async (name: string, image: Made): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, ociArchive({ compression: "none", ...image }));
  return path;
};

const open = async (editor: Editor, path: string, more: object = {}): Promise<OpenedImage> => {
  const answer = await editor.request<OpenedAnswer>("dockwright/openImage", {
    source: { kind: "path", path },
    deep: true,
    ...more,
  });
  assert.ok(answer.image, answer.failure);
  return answer.image;
};

const page = (editor: Editor, id: string, question: object = {}): Promise<ImageFolder> =>
  editor.request<ImageFolder>("dockwright/imageFolder", {
    ...{ id, layer: null, path: "", sort: "size", onlyWasted: false, from: 0, count: 100 },
    ...question,
  });

const names = ({ rows }: ImageFolder): readonly string[] => rows.map(({ name }) => name);

const DOCKERFILE = `FROM debian:13

# what is needed
RUN apt-get update && apt-get install -y curl
COPY app /app
RUN chown -R 1000 /app
RUN rm /big
`;

const size = (bytes: number, fill = "x"): Buffer => Buffer.alloc(bytes, fill);

const LAYERS: readonly (readonly File[])[] = [
  [
    { name: "etc/", flag: "5", mode: 0o755 },
    { name: "etc/base", content: size(1_000) },
  ],
  [
    { name: "etc/", flag: "5", mode: 0o755 },
    { name: "etc/base", content: size(500) },
    { name: "var/lib/apt/lists/index", content: size(700_000, "i") },
    { name: "usr/bin/curl", content: size(200_000, "c"), mode: 0o4755 },
    { name: "big", content: size(400_000, "b") },
  ],
  [
    { name: "app/", flag: "5" },
    { name: "app/one", content: size(90_000, "1") },
    { name: "app/two", content: size(60_000, "2") },
    { name: "app/link", flag: "2", link: "one" },
  ],
  [
    { name: "app/", flag: "5", uid: 1000 },
    { name: "app/one", content: size(90_000, "1"), uid: 1000 },
    { name: "app/two", content: size(60_000, "2"), uid: 1000 },
  ],
  [{ name: ".wh.big" }],
];

const HISTORY = [
  { created_by: "/bin/sh -c #(nop) ADD file:0011 in / " },
  { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
  { created_by: "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit" },
  { created_by: "COPY app /app # buildkit" },
  { created_by: "RUN /bin/sh -c chown -R 1000 /app # buildkit" },
  { created_by: "RUN /bin/sh -c rm /big # buildkit" },
];

const IMAGE: Made = { layers: LAYERS.map(tar), history: HISTORY };

test("layers have their lines, sizes, waste and what is of the base", async () => {
  const editor = await startEditor({ rules });
  editor.open(DOCKERFILE);
  const image = await open(editor, await archive("image.tar", IMAGE), { uri: editor.uri });
  assert.deepEqual(
    image.layers.map(({ layer, text, bytes, line, endLine, ofBase, wastedBytes, hidesBytes }) => ({
      ...{ layer, text, bytes, line, endLine, ofBase, wastedBytes, hidesBytes },
    })),
    [
      {
        layer: 0,
        text: "ADD file:0011 in /",
        bytes: 1_000,
        line: undefined,
        endLine: undefined,
        ofBase: true,
        wastedBytes: 1_000,
        hidesBytes: 0,
      },
      {
        layer: 1,
        text: "RUN apt-get update && apt-get install -y curl",
        bytes: 1_300_500,
        line: 3,
        endLine: 3,
        ofBase: false,
        wastedBytes: 400_000,
        hidesBytes: 1_000,
      },
      {
        layer: 2,
        text: "COPY app /app",
        bytes: 150_000,
        line: 4,
        endLine: 4,
        ofBase: false,
        wastedBytes: 150_000,
        hidesBytes: 0,
      },
      {
        layer: 3,
        text: "RUN chown -R 1000 /app",
        bytes: 150_000,
        line: 5,
        endLine: 5,
        ofBase: false,
        wastedBytes: 0,
        hidesBytes: 150_000,
      },
      {
        layer: 4,
        text: "RUN rm /big",
        bytes: 0,
        line: 6,
        endLine: 6,
        ofBase: false,
        wastedBytes: 0,
        hidesBytes: 400_000,
      },
    ],
  );
  assert.equal(image.layers.at(-1)?.cumulative, 1_601_500);
  assert.equal(image.layers[1]?.share, 1_300_500 / 1_601_500);
  assert.deepEqual(image.totals, { bytes: 1_601_500, wastedBytes: 551_000, files: 9 });
  assert.deepEqual(image.base, { image: "debian:13", layers: 1, bytes: 1_000 });
  assert.deepEqual(
    [image.deep, image.sizeMeaning, image.title, image.platform],
    [true, "content", "image.tar", "linux/amd64"],
  );
  assert.deepEqual(
    image.wasted.rows.map(({ path, bytes, storedBy, hiddenBy, how }) => [path, bytes, storedBy, hiddenBy, how]),
    [
      ["big", 400_000, 1, 4, "removed"],
      ["app/one", 90_000, 2, 3, "metadata"],
      ["app/two", 60_000, 2, 3, "metadata"],
      ["etc/base", 1_000, 0, 1, "replaced"],
    ],
  );
  assert.deepEqual([image.wasted.count, image.wasted.bytes], [4, 551_000]);
});

test("suggestions name the line, and a rule and a fix that the editor offers there", async () => {
  const editor = await startEditor({ rules });
  editor.open(DOCKERFILE);
  const { suggestions } = await open(editor, await archive("suggested.tar", IMAGE), { uri: editor.uri });
  const [lists, big, app] = suggestions;
  assert.deepEqual([lists?.bytes, lists?.layer, lists?.line, lists?.rule], [700_000, 1, 3, "apt-lists-left"]);
  assert.match(lists?.title ?? "", /: 700 kB in layer 2$/);
  assert.ok(lists?.fixTitle);
  const actions = await editor.request<readonly CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: editor.uri },
    range: { start: { line: lists.line, character: 0 }, end: { line: (lists.line ?? 0) + 1, character: 0 } },
    context: { diagnostics: [] },
  });
  const offered = actions.map(({ title }) => title);
  assert.ok(offered.includes(lists.fixTitle), `${lists.fixTitle} is among ${offered.join(", ")}`);
  assert.equal(big?.title, "400 kB stored by line 4, deleted by line 7: /big");
  assert.match(big?.advice ?? "", /in the RUN that writes it/);
  assert.equal(app?.title, "150 kB stored by line 5, stored again for owner, mode or time by line 6: 2 files in /app");
  assert.match(app?.advice ?? "", /COPY --chown/);
  assert.equal(suggestions.length, 3);
});

test("without a Dockerfile there are layers, and no lines", async () => {
  const editor = await startEditor();
  const image = await open(editor, await archive("plain.tar", IMAGE));
  assert.ok(image.layers.every(({ line, ofBase }) => line === undefined && !ofBase));
  assert.equal(image.base, undefined);
  assert.equal(image.suggestions[0]?.line, undefined);
});

test("a layer's files with what it changes of those below", async () => {
  const editor = await startEditor();
  const { id } = await open(editor, await archive("files.tar", IMAGE));
  const marks = ({ rows }: ImageFolder): readonly unknown[] =>
    rows.map(({ name, kind, bytes, files, change, wastedBytes }) => [name, kind, bytes, files, change, wastedBytes]);
  assert.deepEqual(marks(await page(editor, id, { layer: 1 })), [
    ["var", "directory", 700_000, 1, "modified", undefined],
    ["big", "file", 400_000, 1, "added", 400_000],
    ["usr", "directory", 200_000, 1, "modified", undefined],
    ["etc", "directory", 500, 1, "modified", undefined],
  ]);
  assert.deepEqual(marks(await page(editor, id, { layer: 1, path: "etc" })), [
    ["base", "file", 500, 1, "modified", undefined],
  ]);
  assert.deepEqual(marks(await page(editor, id, { layer: 4 })), [["big", "file", 400_000, 1, "removed", undefined]]);
  assert.deepEqual(marks(await page(editor, id, { layer: 3, path: "app" })), [
    ["one", "file", 90_000, 1, "modified", undefined],
    ["two", "file", 60_000, 1, "modified", undefined],
  ]);
});

test("what the image shows in the end: sizes of subtrees, owner, mode, links; waste on demand", async () => {
  const editor = await startEditor();
  const { id } = await open(editor, await archive("whole.tar", IMAGE));
  const whole = await page(editor, id);
  assert.deepEqual(
    whole.rows.map(({ name, bytes, files, change }) => [name, bytes, files, change]),
    [
      ["var", 700_000, 1, undefined],
      ["usr", 200_000, 1, undefined],
      ["app", 150_000, 3, undefined],
      ["etc", 500, 1, undefined],
    ],
  );
  const [one, two, link] = (await page(editor, id, { path: "app", sort: "size" })).rows;
  assert.deepEqual(one, {
    ...{ name: "one", path: "app/one", kind: "file", bytes: 90_000, files: 1, layer: 3 },
    ...{ mode: "-rw-r--r--", owner: "1000:0", wastedBytes: 90_000 },
  } satisfies FileRow);
  assert.deepEqual([two?.name, link?.kind, link?.link, link?.bytes], ["two", "symlink", "one", 0]);
  assert.equal((await page(editor, id, { path: "usr/bin" })).rows[0]?.mode, "-rwsr-xr-x");
  const wasted = await page(editor, id, { onlyWasted: true });
  assert.deepEqual(
    wasted.rows.map(({ name, change, wastedBytes }) => [name, change, wastedBytes]),
    [
      ["big", "removed", 400_000],
      ["app", undefined, 150_000],
      ["etc", undefined, 1_000],
    ],
  );
});

test("sorts, searches and pages", async () => {
  const editor = await startEditor();
  const { id } = await open(editor, await archive("search.tar", IMAGE));
  assert.deepEqual(names(await page(editor, id, { sort: "name" })), ["app", "etc", "usr", "var"]);
  assert.deepEqual(names(await page(editor, id, { layer: 1, sort: "change" })), ["big", "var", "usr", "etc"]);
  const found = await page(editor, id, { search: "O", sort: "name" });
  assert.deepEqual(
    found.rows.map(({ path }) => path),
    ["app/one", "app/two"],
  );
  assert.deepEqual(
    (await page(editor, id, { search: "apt/l", sort: "name" })).rows.map(({ path }) => path),
    ["var/lib/apt/lists", "var/lib/apt/lists/index"],
  );
  assert.deepEqual(names(await page(editor, id, { search: "two", path: "etc" })), []);
  const second = await page(editor, id, { sort: "name", from: 1, count: 2 });
  assert.deepEqual([second.total, names(second)], [4, ["etc", "usr"]]);
  assert.deepEqual(await page(editor, id, { path: "nowhere" }), { total: 0, rows: [] });
});

test("a folder of 200,000 files comes in pages; a search in all of them ends at its cap", async () => {
  const editor = await startEditor();
  const blank = tar([{ name: "x" }]).subarray(0, 512);
  const COUNT = 200_000;
  const layer = Buffer.alloc((COUNT + 2) * 512);
  for (let at = 0; at < COUNT; at++) {
    const name = `d/${String(at).padStart(6, "0")}`;
    blank.copy(layer, at * 512);
    layer.write(name, at * 512, "latin1");
    layer.write("        ", at * 512 + 148, "latin1");
    let sum = 0;
    for (let byte = 0; byte < 512; byte++) sum += layer[at * 512 + byte] ?? 0;
    layer.write(`${sum.toString(8).padStart(6, "0")}\0`, at * 512 + 148, "latin1");
  }
  const { id, totals } = await open(editor, await archive("many.tar", { layers: [layer] }));
  assert.equal(totals.files, COUNT);
  const middle = await page(editor, id, { path: "d", sort: "name", from: 150_000, count: 1_000 });
  assert.deepEqual([middle.total, middle.rows.length, middle.rows[0]?.name], [COUNT, 500, "150000"]);
  const found = await page(editor, id, { search: "1", sort: "name", count: 1 });
  assert.deepEqual([found.total, found.capped], [10_000, true]);
  assert.deepEqual(names(await page(editor, id, { search: "199999", layer: 0 })), ["199999"]);
});

test("two open images: their layers paired, what came, went, grew and shrank, and marks in the tree", async () => {
  const editor = await startEditor();
  editor.open(DOCKERFILE);
  const changed = LAYERS.map((files, at) => {
    if (at === 1) return files.filter(({ name }) => name !== "big");
    if (at === 2) return [...files, { name: "app/new", content: size(5_000) }];
    if (at === 3)
      return [
        { name: "app/one", content: size(95_000, "1"), uid: 1000 },
        { name: "app/two", content: size(10_000, "2"), uid: 1000 },
      ];
    return files;
  });
  const a = await open(editor, await archive("a.tar", IMAGE), { uri: editor.uri });
  const b = await open(editor, await archive("b.tar", { ...IMAGE, layers: changed.map(tar) }), { uri: editor.uri });
  assert.deepEqual(b.history, {
    id: a.id,
    bytes: -440_000,
    layers: [
      { layer: 1, bytes: -400_000 },
      { layer: 2, bytes: 5_000 },
      { layer: 3, bytes: -45_000 },
    ],
  });
  const { changes } = await editor.request<ComparedOpened>("dockwright/compareOpened", { a: a.id, b: b.id });
  assert.deepEqual(
    changes?.layers.map((pair) => [pair.a, pair.b, pair.bytesB - pair.bytesA, pair.same]),
    [
      [0, 0, 0, true],
      [1, 1, -400_000, false],
      [2, 2, 5_000, false],
      [3, 3, -45_000, false],
      [4, 4, 0, true],
    ],
  );
  assert.equal(changes?.bytes, -440_000);
  assert.deepEqual(changes?.added, {
    rows: [{ path: "app/new", bytesA: 0, bytesB: 5_000, layer: 2 }],
    count: 1,
    bytes: 5_000,
  });
  assert.deepEqual(changes?.grown?.rows, [{ path: "app/one", bytesA: 90_000, bytesB: 95_000, layer: 3 }]);
  assert.deepEqual(changes?.shrunk?.rows, [{ path: "app/two", bytesA: 60_000, bytesB: 10_000, layer: 3 }]);
  assert.equal(changes?.removed?.count, 0);
  const marked = await page(editor, b.id, { path: "app", against: a.id, sort: "name" });
  assert.deepEqual(
    marked.rows.map(({ name, change }) => [name, change]),
    [
      ["link", undefined],
      ["new", "added"],
      ["one", "modified"],
      ["two", "modified"],
    ],
  );
  const ofLayer = await page(editor, b.id, { layer: 1, against: a.id });
  assert.deepEqual(
    ofLayer.rows.map(({ name, change }) => [name, change]),
    [
      ["var", undefined],
      ["big", "removed"],
      ["usr", undefined],
      ["etc", undefined],
    ],
  );
});

test("an image that is closed has no files, and says so", async () => {
  const editor = await startEditor();
  const { id } = await open(editor, await archive("closed.tar", IMAGE));
  assert.equal(await editor.request("dockwright/closeImage", { id }), null);
  assert.match((await page(editor, id)).failure ?? "", /not open any more/);
  const compared = await editor.request<ComparedOpened>("dockwright/compareOpened", { a: id, b: id });
  assert.match(compared.failure ?? "", /not open any more/);
});

test("lines follow the edits", async () => {
  const editor = await startEditor();
  editor.open(DOCKERFILE);
  const { id } = await open(editor, await archive("lines.tar", IMAGE), { uri: editor.uri });
  const lines = (): Promise<readonly ImageLine[]> => editor.request("dockwright/imageLines", { id });
  assert.deepEqual(
    (await lines()).map(({ layer, line, stale }) => [layer, line, stale]),
    [
      [1, 3, false],
      [2, 4, false],
      [3, 5, false],
      [4, 6, false],
    ],
  );
  editor.type(0, 0, "# one more\n");
  editor.type(editor.text().indexOf("COPY"), 0, "RUN true\n");
  assert.deepEqual(
    (await lines()).map(({ layer, line, stale }) => [layer, line, stale]),
    [
      [1, 4, false],
      [2, 6, true],
      [3, 7, true],
      [4, 8, true],
    ],
  );
});

test("nothing is read before the workspace is trusted", async () => {
  const editor = await startEditor({ initializationOptions: { trusted: false } });
  const path = await archive("untrusted.tar", IMAGE);
  const ask = (): Promise<OpenedAnswer> =>
    editor.request("dockwright/openImage", { source: { kind: "path", path }, deep: true });
  assert.deepEqual(await ask(), { failure: "No image is read until the workspace is trusted" });
  editor.wire.notify("dockwright/trust", { trusted: true });
  assert.ok((await ask()).image);
});

test("offline no registry is asked", async () => {
  const editor = await startEditor({ settings: { offline: true } });
  const source = { kind: "registry", image: "debian:13" };
  assert.match(
    (await editor.request<OpenedAnswer>("dockwright/openImage", { source, deep: false })).failure ?? "",
    /dockwright\.registry\.lookups is off/,
  );
});

test("a source that is none is refused", async () => {
  const editor = await startEditor();
  for (const source of [
    undefined,
    { kind: "engine", engine: "docker", image: "--help" },
    { kind: "engine", engine: "sh", image: "a" },
  ])
    await assert.rejects(
      editor.request("dockwright/openImage", { source, deep: true }),
      /A source of an image is needed/,
    );
});

test("what cannot be read is a failure with the path", async () => {
  const editor = await startEditor();
  const source = { kind: "path", path: join(folder, "none.tar") };
  const { failure } = await editor.request<OpenedAnswer>("dockwright/openImage", { source, deep: true });
  assert.match(failure ?? "", /none\.tar does not exist/);
});

test("progress comes under the token that was given", async () => {
  const editor = await startEditor();
  const path = await archive("large.tar", { layers: [tar([{ name: "large", content: size(60_000_000) }])] });
  await open(editor, path, { progress: "mine" });
  const said = editor.wire.received("$/progress") as readonly {
    readonly token: string;
    readonly value: OpenProgress;
  }[];
  assert.ok(said.length > 0);
  for (const { token, value } of said) {
    assert.equal(token, "mine");
    assert.ok(value.bytes > 0 && value.bytes <= (value.total ?? 0));
  }
});

test("it can be cancelled, and the thread goes on", async () => {
  const editor = await startEditor();
  const path = await archive("cancelled.tar", { layers: [tar([{ name: "large", content: size(80_000_000, "z") }])] });
  const { id, answer } = editor.wire.send("dockwright/openImage", { source: { kind: "path", path }, deep: true });
  editor.wire.notify("$/cancelRequest", { id });
  assert.match((await answer).error?.message ?? "", /was cancelled/);
  assert.ok(await open(editor, await archive("after.tar", IMAGE)));
});

test("a thread that runs out of memory is replaced: the request says so, the next one works", async () => {
  const editor = await startEditor({ imageThread: { resourceLimits: { maxOldGenerationSizeMb: 48 } } });
  const before = await open(editor, await archive("small.tar", IMAGE));
  const files = Array.from({ length: 150_000 }, (_, at) => ({ name: `files/${"n".repeat(60)}${at}`, content: "" }));
  const path = await archive("heavy.tar", { layers: [tar(files)] });
  const { failure } = await editor.request<OpenedAnswer>("dockwright/openImage", {
    source: { kind: "path", path },
    deep: true,
  });
  assert.match(failure ?? "", /more memory than the 48 MB/);
  assert.match(editor.logged(), /thread that reads images ended and is replaced/);
  assert.match((await page(editor, before.id)).failure ?? "", /open it again/);
  assert.ok(await open(editor, await archive("small.tar", IMAGE)));
});
