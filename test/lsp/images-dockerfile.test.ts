/** An image's sizes in the Dockerfile it was built from: hints, lenses, what happens to them while somebody writes, budgets. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CodeLens, Diagnostic, InlayHint, MarkupContent } from "vscode-languageserver/node";
import type { OpenedAnswer, OpenedImage } from "../../server/src/lsp/messages.ts";
import { type Made, ociArchive, tar } from "../image/archives.ts";
import { type Editor, startEditor } from "./editor.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-sizes-"));
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
});
after(() => rm(folder, { recursive: true, force: true }));

let archives = 0;
const open = async (editor: Editor, image: Made, more: object = {}): Promise<OpenedImage> => {
  const path = join(folder, `${++archives}.tar`);
  await writeFile(path, ociArchive({ compression: "none", ...image }));
  const answer = await editor.request<OpenedAnswer>("dockwright/openImage", {
    ...{ source: { kind: "path", path }, deep: true, uri: editor.uri },
    ...more,
  });
  assert.ok(answer.image, answer.failure);
  return answer.image;
};

const layer = (name: string, bytes: number): Buffer => tar([{ name, content: Buffer.alloc(bytes, name) }]);

const run = (command: string): { readonly created_by: string } => ({
  created_by: `RUN /bin/sh -c ${command} # buildkit`,
});

const DOCKERFILE = `FROM debian:13
RUN make one
ENV A=b
RUN make two \\
    && make three
`;

const imageOf = (one: number, two: number): Made => ({
  layers: [layer("base", 3_000_000), layer("one", one), layer("two", two)],
  history: [
    { created_by: "/bin/sh -c #(nop) ADD file:0011 in / " },
    run("make one"),
    { created_by: "ENV A=b", empty_layer: true },
    run("make two     && make three"),
  ],
});

const hints = async (editor: Editor): Promise<readonly (readonly [number, string])[]> => {
  const found = await editor.request<readonly InlayHint[]>("textDocument/inlayHint", {
    textDocument: { uri: editor.uri },
    range: { start: { line: 0, character: 0 }, end: { line: 1_000, character: 0 } },
  });
  return found
    .map(({ position, label }) => [position.line, typeof label === "string" ? label : ""] as const)
    .toSorted(([a], [b]) => a - b);
};

const FRESH = [
  [0, "3.5 MB · 3.0 MB of it base"],
  [1, "200 kB"],
  [3, "300 kB"],
] as const;

test("hints say what each instruction weighs, and the FROM what all of it does", async () => {
  const editor = await startEditor();
  editor.open(DOCKERFILE);
  assert.deepEqual(await hints(editor), []);
  await open(editor, imageOf(200_000, 300_000));
  await editor.wire.until("workspace/inlayHint/refresh");
  await editor.wire.until("workspace/codeLens/refresh");
  assert.deepEqual(await hints(editor), FRESH);
  const all = await editor.request<readonly InlayHint[]>("textDocument/inlayHint", {
    textDocument: { uri: editor.uri },
    range: { start: { line: 3, character: 0 }, end: { line: 3, character: 20 } },
  });
  assert.deepEqual(
    all.map(({ position }) => position),
    [{ line: 3, character: 14 }],
  );
  const tooltip = (all[0]?.tooltip as MarkupContent | undefined)?.value ?? "";
  assert.match(tooltip, /^Layer 3 of 3, 8\.6 % of the image\n\n1 files: 1 added, 0 changed, 0 removed$/);
});

test("they are gone once the document is closed", async () => {
  const editor = await startEditor();
  editor.open(DOCKERFILE);
  await open(editor, imageOf(200_000, 300_000));
  editor.close();
  editor.open(DOCKERFILE);
  assert.deepEqual(await hints(editor), []);
});

test("lenses in place of hints, or nothing, by the setting", async () => {
  const editor = await startEditor({ settings: { layers: { sizes: "lens" } } });
  const lenses = async (): Promise<readonly (readonly [number, string])[]> =>
    (
      (await editor.request<readonly CodeLens[] | null>("textDocument/codeLens", {
        textDocument: { uri: editor.uri },
      })) ?? []
    ).map(({ range, command }) => [range.start.line, command?.title ?? ""] as const);
  editor.open(DOCKERFILE);
  await open(editor, imageOf(200_000, 300_000));
  assert.deepEqual(await hints(editor), []);
  assert.deepEqual(await lenses(), [
    [0, "3.5 MB · 3.0 MB of it base"],
    [1, "200 kB · 5.7 % of the image"],
    [3, "300 kB · 8.6 % of the image"],
  ]);
  editor.setSettings({ layers: { sizes: "off" } });
  assert.deepEqual([await hints(editor), await lenses()], [[], []]);
  editor.setSettings({ layers: { sizes: "somewhere" } });
  assert.deepEqual(await hints(editor), FRESH);
  assert.match(editor.logged(), /dockwright\.layers\.sizes = "somewhere"/);
});

test("what stores nothing has no hint, but for what it hides", async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nRUN make big\nWORKDIR /app\nRUN rm big\n");
  const layers = [layer("big", 200_000), tar([{ name: "app/", flag: "5" }]), tar([{ name: ".wh.big" }])];
  await open(editor, { layers, history: [run("make big"), { created_by: "WORKDIR /app" }, run("rm big")] });
  assert.deepEqual(await hints(editor), [
    [0, "200 kB"],
    [1, "200 kB"],
    [3, "0 B · hides 200 kB"],
  ]);
});

test("a layer that several instructions made is at the last of them", async () => {
  const editor = await startEditor();
  editor.open("FROM debian:13\nCOPY a /a\nRUN make b\nCMD c\n");
  const nop = (text: string): string => `/bin/sh -c #(nop) ${text}`;
  const history = [
    { created_by: nop("ADD file:0011 in / ") },
    { created_by: nop("COPY file:0022 in /a "), empty_layer: true, comment: "FROM docker.io/library/debian:13" },
    { created_by: "/bin/sh -c make b", empty_layer: true, comment: "FROM docker.io/library/debian:13" },
    { created_by: nop("CMD c"), comment: "FROM docker.io/library/debian:13" },
  ];
  await open(editor, { layers: [layer("base", 3_000_000), layer("both", 200_000)], history });
  assert.deepEqual(await hints(editor), [
    [0, "3.2 MB · 3.0 MB of it base"],
    [2, "200 kB"],
  ]);
});

const STALE = " before your edits";

test("from the first changed instruction on they say that they are of before", async () => {
  const editor = await startEditor();
  editor.open(DOCKERFILE);
  await open(editor, imageOf(200_000, 300_000));
  editor.type(0, 0, "# a comment\n\n");
  assert.deepEqual(
    await hints(editor),
    FRESH.map(([line, label]) => [line + 2, label]),
  );
  editor.type(editor.text().indexOf("A=b"), 3, "A=c");
  assert.deepEqual(await hints(editor), [
    [2, `3.5 MB · 3.0 MB of it base${STALE}`],
    [3, "200 kB"],
    [5, `300 kB${STALE}`],
  ]);
  editor.type(editor.text().indexOf("A=c"), 3, "A=b");
  assert.deepEqual(
    await hints(editor),
    FRESH.map(([line, label]) => [line + 2, label]),
  );
});

test("a file that was changed before the image was looked at is stale at once", async () => {
  const editor = await startEditor();
  editor.open(DOCKERFILE.replace("make two", "make four"));
  await open(editor, imageOf(200_000, 300_000));
  assert.deepEqual(await hints(editor), [
    [0, `3.5 MB · 3.0 MB of it base${STALE}`],
    [1, "200 kB"],
    [3, `300 kB${STALE}`],
  ]);
});

test("images of two targets stand beside each other", async () => {
  const editor = await startEditor();
  editor.open("FROM debian:13 AS one\nRUN make one\nFROM debian:13\nRUN make two && make three\n");
  const image = imageOf(200_000, 300_000);
  const two = {
    layers: [image.layers[0], image.layers[2]] as Made["layers"],
    history: [image.history?.[0], image.history?.[3]] as Made["history"] & {},
  };
  const one = { layers: image.layers.slice(0, 2), history: image.history?.slice(0, 2) ?? [] };
  await open(editor, two);
  await open(editor, one, { target: "one" });
  assert.deepEqual(await hints(editor), [
    [0, "3.2 MB · 3.0 MB of it base"],
    [1, "200 kB"],
    [2, "3.3 MB · 3.0 MB of it base"],
    [3, "300 kB"],
  ]);
});

test("layers that the base image's own are known to be are base, whatever their instructions look like", async () => {
  const editor = await startEditor();
  editor.open("FROM debian:13\nRUN make one\n");
  const base: Made = {
    layers: [layer("base", 3_000_000), layer("one", 200_000)],
    history: [run("make base"), run("make one")],
  };
  const opened = await open(editor, base, { uri: undefined });
  const image: Made = {
    layers: [...base.layers, layer("two", 300_000)],
    history: [run("make base"), run("make one"), run("make two")],
  };
  const labelled = {
    ...image,
    config: { config: { Labels: { "org.opencontainers.image.base.digest": opened.digest } } },
  };
  assert.deepEqual((await open(editor, labelled, { uri: undefined })).base, { layers: 2, bytes: 3_200_000 });
  assert.equal((await open(editor, image, { uri: undefined })).base, undefined);
});

const overBudget = (diagnostics: readonly Diagnostic[]): readonly unknown[] =>
  diagnostics
    .filter(({ code }) => code === "image-over-budget")
    .map(({ range, message, source, severity }) => [range.start.line, message, source, severity]);

for (const pull of [true, false])
  test(`over budget is a warning on the line that broke it, ${pull ? "pulled" : "pushed"}`, async () => {
    const editor = await startEditor({ can: { pull }, settings: { budget: { size: "3.3 MB", growth: "50 kB" } } });
    editor.open(DOCKERFILE);
    const looked = async (): Promise<readonly unknown[]> => {
      if (pull) return overBudget(await editor.diagnostics());
      await new Promise((resolve) => setTimeout(resolve, 400));
      const shown = editor.wire.received("textDocument/publishDiagnostics").at(-1) as { diagnostics: Diagnostic[] };
      return overBudget(shown.diagnostics);
    };
    assert.deepEqual(await looked(), []);
    const before = pull ? await editor.pull() : undefined;
    await open(editor, imageOf(200_000, 300_000));
    if (pull) await editor.wire.until("workspace/diagnostic/refresh");
    assert.deepEqual(await looked(), [[3, "The image has 3.5 MB, its budget is 3.3 MB", "dockwright", 2]]);
    if (pull) assert.equal((await editor.pull(before?.resultId)).kind, "full");
    await open(editor, imageOf(280_000, 10_000));
    assert.deepEqual(await looked(), [
      [1, "This layer grew by 80.0 kB, its budget is 50.0 kB from build to build", "dockwright", 2],
    ]);
    editor.type(editor.text().indexOf("make one"), 8, "make other");
    const [[line, message] = []] = (await looked()) as [unknown, unknown][];
    assert.equal(line, 1);
    assert.match(String(message), /\(\d+\.tar, before your edits\)$/);
    await open(editor, imageOf(270_000, 10_000));
    assert.deepEqual(await looked(), []);
  });

const SHOW_BASE = "dockwright.showBaseImageLayers";

test("a base image has one lens that shows its layers, where the client can", async () => {
  const text =
    "FROM --platform=linux/arm64 debian:13 AS one\nFROM debian:13\nFROM one\nARG X\nFROM scratch\nFROM node:$Y\n";
  const lenses = async (editor: Editor): Promise<readonly CodeLens[]> => {
    editor.open(text);
    const all = await editor.request<readonly CodeLens[] | null>("textDocument/codeLens", {
      textDocument: { uri: editor.uri },
    });
    return (all ?? []).filter(({ command }) => command?.command === SHOW_BASE);
  };
  const initializationOptions = { commands: [SHOW_BASE] };
  const editor = await startEditor({ initializationOptions });
  assert.deepEqual(await lenses(editor), [
    {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 44 } },
      command: { title: "Show layers", command: SHOW_BASE, arguments: [editor.uri, "debian:13", "linux/arm64"] },
    },
  ]);
  assert.deepEqual(await lenses(await startEditor()), []);
  assert.deepEqual(await lenses(await startEditor({ initializationOptions, settings: { offline: true } })), []);
  assert.deepEqual(
    await lenses(await startEditor({ initializationOptions: { ...initializationOptions, trusted: false } })),
    [],
  );
});
