/** What the client asks the server around scans, over the wire: base images, newer tags, edits, ignore files, and the hover. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeLens, Hover } from "vscode-languageserver/node";
import type { AcceptedText, BaseImage, ImageAnswer, ImageEdit, ScanSummary } from "../../server/src/lsp/messages.ts";
import { startEditor } from "./editor.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const TEXT = `ARG VERSION=22
FROM node:\${VERSION} AS build
FROM --platform=linux/arm64 debian:12@${DIGEST}
COPY --from=debian:12@${DIGEST} /a /b
FROM build
FROM scratch
`;

test("the images a file is built on, each once, with the values of ARG", async () => {
  const editor = await startEditor();
  editor.open(TEXT);
  assert.deepEqual(await editor.request<readonly BaseImage[]>("dockwright/baseImages", { uri: editor.uri }), [
    { image: "node:22", line: 1 },
    { image: `debian:12@${DIGEST}`, line: 2, platform: "linux/arm64" },
  ]);
  assert.deepEqual(await editor.request("dockwright/baseImages", { uri: "file:///closed/Dockerfile" }), []);
});

const COMPOSE = `x-app: &app
  image: app:\${TAG:-1}
services:
  web: { image: "nginx:1.27", platform: linux/arm64 }
  one: *app
  two: *app
  built: { build: ., image: registry.example:5000/team/built }
  hidden: { image: "$REGISTRY/x" }
  empty: { image: }
`;

test("the images services name, with a lens over each where the client can scan", async () => {
  const start = (initializationOptions: Readonly<Record<string, unknown>> = {}) =>
    startEditor({ rules: [], uri: "file:///p/compose.yaml", initializationOptions });
  const lensesOf = async (editor: Awaited<ReturnType<typeof start>>): Promise<unknown> =>
    (await editor.request<CodeLens[] | null>("textDocument/codeLens", { textDocument: { uri: editor.uri } }))?.map(
      ({ range, command }) => [range.start.line, command?.title, ...(command?.arguments ?? [])],
    ) ?? null;
  const editor = await start({ commands: ["dockwright.scanImage"] });
  editor.open(COMPOSE, "dockercompose");
  assert.deepEqual(await editor.request<readonly BaseImage[]>("dockwright/baseImages", { uri: editor.uri }), [
    { image: "app:1", line: 1 },
    { image: "nginx:1.27", line: 3, platform: "linux/arm64" },
    { image: "registry.example:5000/team/built", line: 6 },
  ]);
  assert.deepEqual(await lensesOf(editor), [
    [1, "Scan image", "app:1", editor.uri, 1],
    [3, "Scan image", "nginx:1.27", editor.uri, 3, "linux/arm64"],
    [6, "Scan image", "registry.example:5000/team/built", editor.uri, 6],
  ]);
  for (const options of [{}, { commands: ["dockwright.scanImage"], trusted: false }]) {
    const other = await start(options);
    other.open(COMPOSE, "dockercompose");
    assert.equal(await lensesOf(other), null);
  }
});

test("what a registry says is asked once a person asks, and not in a workspace that is not trusted", async () => {
  const world = async (): Promise<string> => "12.1 13";
  const ask = { ask: "newer-tags", image: "debian:12" };
  const editor = await startEditor({ world, rules: [] });
  editor.open(TEXT);
  assert.deepEqual(editor.asked, []);
  const params = { uri: editor.uri, ...ask };
  assert.deepEqual(await editor.request<ImageAnswer>("dockwright/imageAnswer", params), { value: "12.1 13" });
  for (const [options, why] of [
    [{ initializationOptions: { trusted: false } }, "this workspace is not trusted"],
    [{ settings: { offline: true } }, "the setting dockwright.registry.lookups is off"],
  ] as const) {
    const other = await startEditor({ world, rules: [], ...options });
    other.open(TEXT);
    assert.deepEqual(await other.request("dockwright/imageAnswer", { uri: other.uri, ...ask }), { unknown: why });
    assert.deepEqual(other.asked, []);
  }
});

test("another tag wherever the image is named; the digest with it, or gone", async () => {
  const editor = await startEditor();
  editor.open(TEXT);
  const edit = (image: string, more: object): Promise<ImageEdit> =>
    editor.request("dockwright/imageEdit", { uri: editor.uri, image, tag: "13", ...more });
  const other = `sha256:${"b".repeat(64)}`;
  const image = `debian:12@${DIGEST}`;
  assert.deepEqual(
    (await edit(image, { digest: other })).edits.map(({ newText }) => newText),
    [`debian:13@${other}`, `debian:13@${other}`],
  );
  assert.deepEqual(
    (await edit(image, {})).edits.map(({ newText }) => newText),
    ["debian:13", "debian:13"],
  );
  assert.deepEqual((await edit(image, {})).edits[0]?.range, {
    start: { line: 2, character: 28 },
    end: { line: 2, character: 28 + image.length },
  });
  assert.deepEqual(await edit("node:22", {}), {
    edits: [],
    refusal: "a variable has a part in node:22; change its value",
  });
  assert.match((await edit("gone:1", {})).refusal ?? "", /is not in the file any more/);
});

test("an entry for an ignore file; parameters that are none", async () => {
  const editor = await startEditor();
  const entry = { kind: "vulnerability", id: "CVE-1", reason: "why" };
  const accepted = await editor.request<AcceptedText>("dockwright/acceptFinding", {
    file: "trivy-list",
    text: "",
    entry,
  });
  assert.equal(accepted.text, "# why\nCVE-1\n");
  await assert.rejects(
    editor.request("dockwright/acceptFinding", { file: "other", text: "", entry }),
    /A kind of file, its text and an entry/,
  );
  await assert.rejects(editor.request("dockwright/imageEdit", { uri: editor.uri }), /An image and a tag are needed/);
});

const at = (line: number, character: number, uri: string) => ({ textDocument: { uri }, position: { line, character } });
const summary: ScanSummary = {
  image: "docker.io/library/node:22",
  scanner: "Trivy 0.68 [x](command:evil)",
  scanned: "today",
  counts: { critical: 1, high: 0, medium: 3 },
  fixable: 2,
  database: "2026-11-20",
};

test("a hover over an image says what a scan found in it, and only while the client wants that", async () => {
  const editor = await startEditor({ rules: [], initializationOptions: { commands: ["dockwrightFindings.focus"] } });
  editor.open(TEXT);
  const hover = (): Promise<Hover | null> => editor.request<Hover | null>("textDocument/hover", at(1, 8, editor.uri));
  assert.doesNotMatch(JSON.stringify(await hover()), /Scan/);
  editor.wire.notify("dockwright/scanSummary", { summaries: [summary, { image: "half" }, 5] });
  const found = await hover();
  assert.deepEqual(found?.range, { start: { line: 1, character: 5 }, end: { line: 1, character: 20 } });
  assert.equal(
    (found?.contents as { value: string } | undefined)?.value.split("\n\n---\n\n").at(-1),
    "**Scan of `docker.io/library/node:22`**: 1 critical, 3 medium; 2 with a fix\n\nTrivy 0.68 \\[x\\]\\(command:evil\\), today, database of 2026-11-20\n\n[Show findings](command:dockwrightFindings.focus)",
  );
  const stage = await editor.request("textDocument/hover", at(4, 6, editor.uri));
  assert.doesNotMatch(JSON.stringify(stage), /Scan/, "a stage is no image");
  editor.wire.notify("dockwright/scanSummary", { summaries: [{ ...summary, secrets: 1, misconfigurations: 2 }] });
  assert.match(JSON.stringify(await hover()), /1 critical, 3 medium, 1 secret, 2 misconfigurations; 2 with a fix/);
  editor.wire.notify("dockwright/scanSummary", { summaries: [] });
  assert.doesNotMatch(JSON.stringify(await hover()), /Scan/);
});

test("an editor without the view has no link to it", async () => {
  const editor = await startEditor({ rules: [] });
  editor.open(TEXT);
  editor.wire.notify("dockwright/scanSummary", { summaries: [{ ...summary, counts: {} }] });
  const { contents } = await editor.request<Hover>("textDocument/hover", at(1, 8, editor.uri));
  assert.match((contents as { value: string }).value, /: nothing found; 2 with a fix/);
  assert.ok(!(contents as { value: string }).value.includes("Show findings"));
});
