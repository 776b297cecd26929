/** Hover, hints and completions on image references, over the wire, with the real registry client and a registry on loopback. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { CompletionList, Hover, InlayHint } from "vscode-languageserver/node";
import type { Rule } from "../../server/src/core/rule.ts";
import staleDigests from "../../server/src/core/rules/dockerfile/base-digest-stale.ts";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { registryFinders } from "../../server/src/effects/finders.ts";
import { recallFinders } from "../../server/src/effects/registry/recalled.ts";
import { createRegistry, type RegistryOptions } from "../../server/src/effects/registry/registry.ts";
import { ownPlatform } from "../../server/src/lsp/image-facts.ts";
import type { LookedUpImage } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";
import { type LoopbackImages, serveImages } from "./loopback-images.ts";

const LOOK_UP = "dockwright.lookUpImage";

interface World {
  readonly images: LoopbackImages;
  /** Another server, as after a restart of the editor, with what was kept on disk. */
  readonly start: (options?: {
    readonly settings?: unknown;
    readonly trusted?: boolean;
    readonly commands?: readonly string[];
    readonly mirrors?: RegistryOptions["mirrors"];
    readonly rules?: readonly Rule[];
  }) => Promise<Editor>;
}

async function world(t: TestContext): Promise<World> {
  const images = await serveImages();
  const folder = mkdtempSync(join(tmpdir(), "dockwright-image-references-"));
  t.after(async () => {
    await images[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    images,
    start: ({ settings = {}, trusted = true, commands = [LOOK_UP], mirrors = {}, rules = [] } = {}) =>
      startEditor({
        ...{ rules, settings, initializationOptions: { trusted, commands } },
        answers: () => {
          const options = { trusted: true, cache: { folder }, env: {}, home: "/nonexistent", mirrors };
          return createAnswers({ ...registryFinders(createRegistry(options)), ...recallFinders(options) });
        },
      }),
  };
}

type Place = readonly [line: number, character: number];
const at = (editor: Editor, [line, character]: Place) => ({
  textDocument: { uri: editor.uri },
  position: { line, character },
});

const hoverAt = async (editor: Editor, place: Place): Promise<string> => {
  const found = await editor.request<Hover | null>("textDocument/hover", at(editor, place));
  return found && typeof found.contents === "object" && "value" in found.contents ? found.contents.value : "";
};

const lookUp = (editor: Editor, [line, character]: Place, tagsOf?: string): Promise<LookedUpImage> =>
  editor.request("dockwright/lookUpImage", {
    ...{ uri: editor.uri, position: { line, character } },
    ...(tagsOf !== undefined && { tagsOf }),
  });

const hintsIn = (editor: Editor): Promise<readonly InlayHint[]> =>
  editor.request("textDocument/inlayHint", {
    textDocument: { uri: editor.uri },
    range: { start: { line: 0, character: 0 }, end: { line: 1_000, character: 0 } },
  });
const labelOf = ({ label }: InlayHint): string =>
  typeof label === "string" ? label : label.map(({ value }) => value).join("");
const labelsIn = async (editor: Editor): Promise<readonly string[]> => (await hintsIn(editor)).map(labelOf);

const complete = (editor: Editor, place: Place, triggerKind = 3): Promise<CompletionList> =>
  editor.request("textDocument/completion", { ...at(editor, place), context: { triggerKind } });

/** What is asked in the background is there a little later. */
async function eventually<T>(look: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await look();
    if (isSo(found)) return found;
    assert.ok(tries < 100, JSON.stringify(found));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const sizeHere = ownPlatform() === "linux/arm64" ? "53.1 MB" : "52.1 MB";

test("by default pointing at an image asks nobody; the link asks, and then the hover says it, also after a restart", async (t) => {
  const { images, start } = await world(t);
  const digest = images.put("1", "2026-08-03");
  const editor = await start();
  editor.open(`FROM ${images.host}/team/app:1 AS a\nRUN true\n`);
  const before = await hoverAt(editor, [0, 9]);
  assert.match(before, /^`team\/app` of `127\.0\.0\.1:\d+`; tag `1`; no digest, so/);
  const [, command = "", args = ""] = /\[Ask the registry\]\(command:([\w.]+)\?([^)]*)\)/.exec(before) ?? [];
  assert.equal(command, LOOK_UP);
  assert.deepEqual(JSON.parse(decodeURIComponent(args)), [editor.uri, { line: 0, character: 5 }]);
  assert.equal(images.visits.join(), "");

  assert.deepEqual(await lookUp(editor, [0, 5]), { start: { line: 0, character: 5 } });
  assert.ok(images.visits.includes("HEAD manifests/1"), images.visits.join());
  const asked = images.visits.length;
  const after = await hoverAt(editor, [0, 9]);
  assert.ok(after.includes(`- \`1\` is \`${digest.slice(0, 19)}…\`, made on 2026-08-03, `), after);
  assert.match(
    after,
    /\| linux\/amd64.* \| 52\.1 MB \|\n\| linux\/arm64.* \| 53\.1 MB \||\| linux\/arm64.* \| 53\.1 MB \|\n/,
  );
  assert.match(after, /revision \[`0123456789ab`\]\(https:\/\/github\.com\/team\/app\/commit\/0123456789abcdef\)/);
  assert.match(after, /- Signature, SBOM, provenance: none found/);
  assert.match(after, /Said by `127\.0\.0\.1:\d+` a minute ago\. \[Ask the registry\]/);

  const again = await start();
  again.open(editor.text());
  assert.equal(await hoverAt(again, [0, 9]), after, "the same from the disk");
  assert.equal(images.visits.length, asked, "and nobody is asked for it");
});

test("who asks again hears what is so now: a tag that has moved, and a signature", async (t) => {
  const { images, start } = await world(t);
  const old = images.put("1", "2026-08-03");
  const editor = await start();
  editor.open(`FROM ${images.host}/team/app:1@${old}\nFROM ${images.host}/team/app:1\n`);
  for (const line of [0, 1]) await lookUp(editor, [line, 9]);
  assert.match(await hoverAt(editor, [0, 9]), /The digest is what `1` leads to/);
  assert.deepEqual(await labelsIn(editor), [sizeHere, sizeHere]);

  const now = images.put("1", "2026-11-20", 60_000_000);
  images.signed = true;
  const refreshed = editor.wire.received("workspace/inlayHint/refresh").length;
  for (const line of [0, 1]) await lookUp(editor, [line, 9]);
  await editor.wire.until("workspace/inlayHint/refresh", refreshed + 1);
  const pinned = await hoverAt(editor, [0, 9]);
  assert.ok(
    pinned.includes(`**The digest is behind its tag**: \`1\` is \`${now.slice(0, 19)}…\`, made on 2026-11-20`),
    pinned,
  );
  assert.match(pinned, /Found beside it, not verified: signature\. Not found: SBOM, provenance/);
  assert.ok((await hoverAt(editor, [1, 9])).includes(`\`1\` is \`${now.slice(0, 19)}…\``));

  const [behind, ...sizes] = await hintsIn(editor);
  assert.deepEqual(sizes.map(labelOf), [sizeHere, ownPlatform() === "linux/arm64" ? "61.0 MB" : "60.0 MB"]);
  assert.ok(behind && Array.isArray(behind.label));
  assert.deepEqual(behind.position, { line: 0, character: editor.text().indexOf("\n") });
  assert.deepEqual(
    behind.label.map(({ value, command }) => [value, command?.command, command?.arguments]),
    [["digest is behind its tag", "dockwright.updateDigest", [editor.uri, behind.position]]],
  );
  const [edit] = behind.textEdits ?? [];
  assert.equal(edit?.newText, now);

  for (const [hints, labels] of [
    ["behind", ["digest is behind its tag"]],
    ["sizes", sizes.map(labelOf)],
    ["off", []],
    ["wrong", ["digest is behind its tag", ...sizes.map(labelOf)]],
  ] as const) {
    editor.setSettings({ registry: { hints } });
    assert.deepEqual(await labelsIn(editor), labels, hints);
  }
});

test("what a person has asked for is known to the rules at once", async (t) => {
  const { images, start } = await world(t);
  const old = images.put("1", "2026-08-03");
  images.put("1", "2026-11-20");
  const editor = await start({ rules: [staleDigests] });
  editor.open(`FROM ${images.host}/team/app:1@${old}\n`);
  assert.deepEqual(await editor.diagnostics(), []);
  await lookUp(editor, [0, 9]);
  const [found] = await editor.diagnostics();
  assert.match(JSON.stringify(found?.message), /2026-11-20/);
});

test("hints are there when a file is opened that was looked at before, and nobody is asked for them", async (t) => {
  const { images, start } = await world(t);
  const digest = images.put("1", "2026-08-03");
  images.put("2", "2026-08-04");
  const first = await start();
  first.open(`FROM ${images.host}/team/app:1\n`);
  await lookUp(first, [0, 9]);
  const asked = images.visits.length;
  const editor = await start();
  editor.open(
    `services:\n  a:\n    image: ${images.host}/team/app:1\n  b:\n    image: ${images.host}/team/app:2\n`,
    "dockercompose",
  );
  await eventually(
    () => labelsIn(editor),
    (labels) => labels.length > 0,
  );
  assert.deepEqual(await labelsIn(editor), [sizeHere]);
  assert.ok((await hoverAt(editor, [2, 16])).includes(digest.slice(0, 19)));
  assert.match(await hoverAt(editor, [4, 16]), /Not looked up yet/);
  assert.equal(images.visits.length, asked);
});

test("with onOpen a file's images are looked at when it is opened, and pointing at one asks for the rest", async (t) => {
  const { images, start } = await world(t);
  images.put("1", "2026-08-03");
  const editor = await start({ settings: { registry: { lookups: "onOpen" } } });
  editor.open(`FROM --platform=linux/arm64 ${images.host}/team/app:1\n`);
  await eventually(
    () => labelsIn(editor),
    (labels) => labels.length > 0,
  );
  assert.deepEqual(await labelsIn(editor), ["53.1 MB"]);
  const text = await hoverAt(editor, [0, 40]);
  assert.match(text, /\| linux\/arm64, asked for here \| 53\.1 MB \|\n\| linux\/amd64/);
  assert.match(text, /Signature, SBOM, provenance: none found/);
  assert.ok(!text.includes("Ask the registry"));
});

test("a slow registry does not hold a hover up, and what it says later is there the next time", async (t) => {
  const { images, start } = await world(t);
  images.put("1", "2026-08-03");
  const editor = await start({ settings: { registry: { lookups: "onOpen" } } });
  const release = images.hold();
  editor.open(`FROM ${images.host}/team/app:1\n`);
  const begun = performance.now();
  assert.match(await hoverAt(editor, [0, 9]), /Asking `127\.0\.0\.1:\d+` …$/);
  assert.ok(performance.now() - begun < 5_000);
  release();
  await eventually(
    () => hoverAt(editor, [0, 9]),
    (text) => text.includes("made on 2026-08-03"),
  );
  assert.ok(!(await hoverAt(editor, [0, 9])).includes("Asking"));
});

for (const [why, options] of [
  ["this workspace is not trusted", { trusted: false }],
  ["the setting dockwright\\.registry\\.lookups is off", { settings: { registry: { lookups: "off" } } }],
] as const)
  test(`what is on disk stays there, and nobody is asked: ${why}`, async (t) => {
    const { images, start } = await world(t);
    images.put("1", "2026-08-03");
    const first = await start();
    const text = `FROM ${images.host}/team/app:1\n`;
    first.open(text);
    await lookUp(first, [0, 9]);
    await lookUp(first, [0, 9], `${images.host}/team/app`);
    const asked = images.visits.length;

    const editor = await start(options);
    editor.open(text);
    const shown = await hoverAt(editor, [0, 9]);
    assert.match(shown, /; tag `1`; /);
    assert.match(shown, new RegExp(`Not looked up: ${why}\\.$`));
    assert.deepEqual(await labelsIn(editor), []);
    assert.deepEqual(await lookUp(editor, [0, 9]), { failure: why.replaceAll("\\", "") });
    assert.deepEqual((await complete(editor, [0, text.length - 2], 1)).items, []);
    assert.equal(images.visits.length, asked);
  });

test("a mirror that has answered is named as one", async (t) => {
  const { images, start } = await world(t);
  images.put("1", "2026-08-03");
  const editor = await start({ mirrors: { "registry.example": [`http://${images.host}`] } });
  editor.open("FROM registry.example/team/app:1\n");
  await lookUp(editor, [0, 9]);
  assert.match(
    await hoverAt(editor, [0, 9]),
    /Said by `127\.0\.0\.1:\d+`, a mirror of `registry\.example`, a minute ago\./,
  );
});

test("what cannot be had is said with its reason", async (t) => {
  const { images, start } = await world(t);
  images.put("1", "2026-08-03");
  const editor = await start({ commands: [] });
  editor.open(`FROM ${images.host}/team/app:2\nRUN true\n`);
  assert.ok(
    (await hoverAt(editor, [0, 9])).endsWith("\n\nNot looked up yet."),
    "and there is no link without its command",
  );
  const { failure = "" } = await lookUp(editor, [0, 9]);
  assert.match(failure, /app:2/);
  assert.ok((await hoverAt(editor, [0, 9])).includes("Not found out: "));
  assert.deepEqual(await lookUp(editor, [1, 2]), { failure: "no image is named there" });
  await assert.rejects(editor.request("dockwright/lookUpImage", { uri: editor.uri }), /position/);
});

test("typing a tag asks nobody; the entry that asks, and Ctrl+Space right behind the colon, do", async (t) => {
  const { images, start } = await world(t);
  for (const tag of ["latest", "1.0", "1.10", "1.9", "1.10-alpine", "0.9-alpine"]) images.put(tag, "2026-08-03");
  const image = `${images.host}/team/app`;
  const text = `FROM ${image}:1.9 AS a\nFROM ${image}:\n`;
  const end: Place = [1, `FROM ${image}:`.length];
  const editor = await start();
  editor.open(text);
  for (const triggerKind of [2, 3]) {
    const { items } = await complete(editor, end, triggerKind);
    assert.deepEqual(
      items.map(({ label, detail, command }) => [label, detail, command?.command]),
      [
        ["1.9", "used in this file", undefined],
        [`Ask ${images.host} for the tags…`, image, LOOK_UP],
      ],
    );
    assert.deepEqual(items[1]?.command?.arguments, [editor.uri, { line: 1, character: end[1] }, image]);
  }
  editor.type(text.length - 1, 0, "1");
  assert.equal(
    (await complete(editor, [1, end[1] + 1], 1)).items.length,
    2,
    "a letter that is typed counts as invoked",
  );
  assert.deepEqual(images.visits, []);

  assert.deepEqual(await lookUp(editor, end, image), {});
  const known = await complete(editor, [1, end[1] + 1], 3);
  assert.deepEqual(
    known.items.map(({ label }) => label),
    ["1.10", "1.9", "1.0", "1.10-alpine"],
    "newest of the scheme that is used first, what does not begin so behind or not at all",
  );
  assert.equal(known.isIncomplete, false);
  assert.deepEqual(known.items[0]?.textEdit, {
    newText: "1.10",
    range: { start: { line: 1, character: end[1] }, end: { line: 1, character: end[1] + 1 } },
  });
  const asked = images.visits.length;
  const again = await start();
  again.open(text);
  // From the disk, which may take a letter longer.
  await eventually(
    () => complete(again, end),
    ({ items }) => items.at(-1)?.label === "latest",
  );
  assert.equal(images.visits.length, asked);
});

test("what is invoked right behind the colon is there with the next letter", async (t) => {
  const { images, start } = await world(t);
  for (const tag of ["1", "2"]) images.put(tag, "2026-08-03");
  const text = `services:\n  a:\n    image: ${images.host}/team/app:\n`;
  const editor = await start();
  editor.open(text, "dockercompose");
  const end: Place = [2, `    image: ${images.host}/team/app:`.length];
  const release = images.hold();
  const begun = performance.now();
  assert.deepEqual(await complete(editor, end, 1), { isIncomplete: true, items: [] });
  assert.ok(performance.now() - begun < 5_000, "it does not wait");
  release();
  const { items } = await eventually(
    () => complete(editor, end),
    ({ items: now }) => now.length > 1,
  );
  assert.deepEqual(
    items.map(({ label }) => label),
    ["2", "1"],
  );
});

test("with onOpen a colon is enough, also in other editors; behind an at sign comes the digest", async (t) => {
  const { images, start } = await world(t);
  const digest = images.put("1", "2026-08-03");
  const editor = await start({ settings: { registry: { lookups: "onOpen" } }, commands: [] });
  editor.open(`FROM a\nCOPY --from=${images.host}/team/app:\n`);
  const end: Place = [1, `COPY --from=${images.host}/team/app:`.length];
  assert.deepEqual(await complete(editor, end, 2), { isIncomplete: true, items: [] });
  await eventually(
    () => complete(editor, end),
    ({ items }) => items.length === 1,
  );
  editor.type(editor.text().length - 1, 0, "1@");
  const behind: Place = [1, end[1] + 2];
  await complete(editor, behind, 2);
  const { items } = await eventually(
    () => complete(editor, behind),
    ({ items: now }) => now.length === 1,
  );
  assert.equal(items[0]?.label, digest);
});

test("a tag takes the place of the whole one the cursor is in; the entry that asks leaves it as it is", async (t) => {
  const { images, start } = await world(t);
  for (const tag of ["22-alpine", "24-alpine"]) images.put(tag, "2026-08-03");
  const image = `${images.host}/team/app`;
  const editor = await start();
  editor.open(`FROM ${image}:22-alpine\n`);
  const from = `FROM ${image}:`.length;
  const range = (end: number) => ({ start: { line: 0, character: from }, end: { line: 0, character: end } });
  const [asking] = (await complete(editor, [0, from + 2])).items;
  assert.deepEqual(asking?.textEdit, { newText: "22", insert: range(from + 2), replace: range(from + 2) });
  await lookUp(editor, [0, from], image);
  const { items } = await complete(editor, [0, from + 1]);
  assert.deepEqual(
    items.map(({ textEdit }) => textEdit),
    [
      { newText: "24-alpine", range: range(from + 9) },
      { newText: "22-alpine", range: range(from + 9) },
    ],
  );
});

test("the name of an image that a service builds is told to nobody, unless a person asks", async (t) => {
  const { images, start } = await world(t);
  images.put("1", "2026-08-03");
  const editor = await start({ settings: { registry: { lookups: "onOpen" } } });
  editor.open(`services:\n  a:\n    build: .\n    image: ${images.host}/team/app:1\n`, "dockercompose");
  assert.match(await hoverAt(editor, [3, 16]), /Not looked up yet\. \[Ask the registry\]/);
  assert.equal(images.visits.join(), "");
  await lookUp(editor, [3, 16]);
  assert.match(await hoverAt(editor, [3, 16]), /made on 2026-08-03/);
});

test("a lookup that is cancelled ends, and says so", async (t) => {
  const { images, start } = await world(t);
  images.put("1", "2026-08-03");
  const editor = await start();
  editor.open(`FROM ${images.host}/team/app:1\n`);
  await hoverAt(editor, [0, 9]);
  const release = images.hold();
  const position = { line: 0, character: 9 };
  const { id, answer } = editor.wire.send("dockwright/lookUpImage", { uri: editor.uri, position });
  for (let tries = 0; images.visits.length === 0 && tries < 100; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  editor.wire.notify("$/cancelRequest", { id });
  assert.equal((await answer).error?.code, -32800);
  release();
  assert.match(await hoverAt(editor, [0, 9]), /Not looked up yet/);
});

test("names come from the file and from other open ones", async (t) => {
  const { images, start } = await world(t);
  const editor = await start();
  editor.wire.notify("textDocument/didOpen", {
    textDocument: { uri: "file:///other/Dockerfile", languageId: "dockerfile", version: 1, text: "FROM redis:8\n" },
  });
  editor.open("FROM node:22 AS a\nFROM \nFROM no\n");
  const { items } = await complete(editor, [1, 5], 1);
  const details = new Map(items.map(({ label, detail }) => [label, detail]));
  assert.equal(details.get("node:22"), "used in this file");
  assert.equal(details.get("redis:8"), "used in an open file");
  assert.ok(details.has("postgres"));
  assert.deepEqual(images.visits, []);
});
