/** Pinning and updating all images of a file, and of a workspace on disk: what is asked, what is confirmed, and the one edit. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type {
  ApplyWorkspaceEditParams,
  ShowMessageParams,
  ShowMessageRequestParams,
  TextDocumentEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { rules } from "../../server/src/core/rules/index.ts";
import type { Answer, Question } from "../../server/src/core/rule.ts";
import { createConfigs } from "../../server/src/effects/config/load.ts";
import type { CommandSummary, ConfirmPinsParams, WorkspacePins } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";

const OLD = `sha256:${"1".repeat(64)}`;
const NEW = `sha256:${"2".repeat(64)}`;
const written = (text: string): string => text.replaceAll("@1", `@${OLD}`).replaceAll("@2", `@${NEW}`);

const world = async (question: Question): Promise<Answer> => {
  if (!("image" in question)) return { unknown: "nobody knows" };
  return question.image.startsWith("private/") ? { unknown: "it wants a login" } : NEW;
};

const run = (editor: Editor, command: string, argument: unknown): Promise<CommandSummary> =>
  editor.request("workspace/executeCommand", { command, arguments: [argument] });

const FILES: readonly {
  readonly name: string;
  readonly command: string;
  readonly settings?: object;
  readonly text: string;
  readonly after: string;
  readonly says: string;
  readonly asked: readonly string[];
}[] = [
  {
    name: "pinning counts what has a digest already",
    command: "dockwright.pinAllBaseImages",
    text: "FROM node:22\nFROM debian:13@1\nCOPY --from=node:22 /a /b\n",
    after: "FROM node:22@2\nFROM debian:13@1\nCOPY --from=node:22@2 /a /b\n",
    says: "Pinned 2 images; 1 was pinned already",
    asked: ["node:22"],
  },
  {
    name: "pinning leaves alone what comments and settings say",
    command: "dockwright.pinAllBaseImages",
    settings: { options: { "base-digest-unpinned": { except: ["ghcr.io/acme/*"] } } },
    text: "FROM ghcr.io/acme/base:1\n# dockwright ignore=base-digest-unpinned nightly\nFROM node:22\nFROM debian:13\n",
    after:
      "FROM ghcr.io/acme/base:1\n# dockwright ignore=base-digest-unpinned nightly\nFROM node:22\nFROM debian:13@2\n",
    says: "Pinned 1 image; 2 left alone, as comments or settings say",
    asked: ["debian:13"],
  },
  {
    name: "pinning says what it cannot do",
    command: "dockwright.pinAllBaseImages",
    text: "ARG V=22\nFROM node:$V\nFROM private/app:1\nFROM debian:13\n",
    after: "ARG V=22\nFROM node:$V\nFROM private/app:1\nFROM debian:13@2\n",
    says:
      "Pinned 1 image; not pinned: node:22 (a variable decides which image this is: what it is set to would need the digest), " +
      "private/app:1 (it wants a login)",
    asked: ["private/app:1", "debian:13"],
  },
  {
    name: "a message names three, and the log has all",
    command: "dockwright.pinAllBaseImages",
    text: [1, 2, 3, 4, 5].map((at) => `FROM private/app:${at}\n`).join(""),
    after: [1, 2, 3, 4, 5].map((at) => `FROM private/app:${at}\n`).join(""),
    says:
      "No image was pinned; not pinned: private/app:1 (it wants a login), private/app:2 (it wants a login), " +
      "private/app:3 (it wants a login) and 2 more, see the log",
    asked: [1, 2, 3, 4, 5].map((at) => `private/app:${at}`),
  },
  {
    name: "everything is pinned",
    command: "dockwright.pinAllBaseImages",
    text: "FROM node:22@1\n",
    after: "FROM node:22@1\n",
    says: "Every image is pinned already",
    asked: [],
  },
  {
    name: "nothing is there to pin",
    command: "dockwright.pinAllBaseImages",
    text: "FROM scratch\n",
    after: "FROM scratch\n",
    says: "There is no image to pin",
    asked: [],
  },
  {
    name: "updating renews what its tag has left, and touches nothing else",
    command: "dockwright.updateAllDigests",
    text: "FROM node:22@1\nFROM debian:13@2\nFROM alpine:3\nFROM busybox@1\n",
    after: "FROM node:22@2\nFROM debian:13@2\nFROM alpine:3\nFROM busybox@1\n",
    says: "Updated 1 digest; 1 was up to date",
    asked: ["node:22", "debian:13"],
  },
  {
    name: "no digest is there to update",
    command: "dockwright.updateAllDigests",
    text: "FROM node:22\n",
    after: "FROM node:22\n",
    says: "No image has a digest to update",
    asked: [],
  },
];
for (const { name, command, settings = {}, text, after: result, says, asked } of FILES)
  test(`in a file: ${name}`, async () => {
    const editor = await startEditor({ rules, world, settings });
    editor.open(written(text));
    const { message, failed } = await run(editor, command, editor.uri);
    assert.equal(message, says);
    assert.equal(editor.text(), written(result));
    assert.deepEqual(
      editor.asked.map((question) => ("image" in question ? question.image : "")),
      asked,
    );
    assert.ok(
      editor.asked.every((question) => "anew" in question === (command === "dockwright.updateAllDigests")),
      "updating asks anew",
    );
    for (const { what, why } of failed) assert.ok(editor.logged().includes(`${what}: ${why}`));
  });

describe("in a workspace", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "dockwright-pins-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const TREE: Readonly<Record<string, string>> = {
    Dockerfile: "FROM node:22\nFROM node:22@1\n",
    "api/Dockerfile": "\uFEFFFROM debian:13\r\nFROM private/app:1\r\n",
    "api/compose.yaml": "services:\n  db:\n    image: postgres:18\n  own:\n    build: .\n    image: own\n",
    "api/Dockerfile.dockerignore": "*.log\n",
    "old/Dockerfile": "FROM ignored-by-config:1\n",
    "out/Dockerfile": "FROM ignored-by-git:1\n",
    "node_modules/a/Dockerfile": "FROM ignored-by-name:1\n",
    "broken/Dockerfile": "FROM a\0b\n",
    ".gitignore": "out/\n",
    ".dockwright.yaml": "ignore: [old/]\n",
  };
  const AFTER: Readonly<Record<string, string>> = {
    Dockerfile: "FROM node:22@2\nFROM node:22@1\n",
    "api/Dockerfile": "FROM debian:13@2\r\nFROM private/app:1\r\n",
    "api/compose.yaml": "services:\n  db:\n    image: postgres:18@2\n  own:\n    build: .\n    image: own\n",
  };

  interface Done {
    readonly editor: Editor;
    readonly edits: readonly ApplyWorkspaceEditParams[];
    /** The texts as they are then, by name. */
    readonly texts: Readonly<Record<string, string>>;
  }

  /** The tree anew, an editor over it, and what applies edits to several documents. */
  async function workspace(
    options: Parameters<typeof startEditor>[0] = {},
  ): Promise<Pick<Done, "editor"> & { readonly root: string; readonly done: () => Promise<Done> }> {
    const root = await mkdtemp(join(folder, "w-"));
    for (const [name, text] of Object.entries(TREE)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), written(text));
    }
    const editor = await startEditor({
      ...{ rules, world, disk: true, roots: [pathToFileURL(root).href] },
      ...{ uri: pathToFileURL(join(root, "Dockerfile")).href, configs: () => createConfigs(rules, {}) },
      ...options,
    });
    editor.wire.handle("workspace/applyEdit", () => ({ applied: true }));
    const done = async (): Promise<Done> => {
      const edits = editor.wire.received("workspace/applyEdit") as ApplyWorkspaceEditParams[];
      const texts: Record<string, string> = {};
      for (const change of (edits[0]?.edit.documentChanges ?? []) as TextDocumentEdit[]) {
        const { uri, version } = change.textDocument;
        const path = fileURLToPath(uri);
        assert.equal(version, uri === editor.uri && editor.text() !== "" ? 1 : null);
        const text =
          uri === editor.uri && version !== null ? editor.text() : (await readFile(path, "utf8")).replace("\uFEFF", "");
        const document = TextDocument.create(uri, "", 0, text);
        texts[path.slice(root.length + 1)] = TextDocument.applyEdits(document, change.edits as never);
      }
      return { editor, edits, texts };
    };
    return { editor, root, done };
  }

  const confirming = (editor: Editor, choose: (params: ShowMessageRequestParams) => string | undefined): void =>
    editor.wire.handle("window/showMessageRequest", (params) => {
      const title = choose(params as ShowMessageRequestParams);
      return title === undefined ? null : { title };
    });

  test("all files that are found are one edit, once the counts are confirmed", async () => {
    const { editor, done } = await workspace();
    let asked: ShowMessageRequestParams | undefined;
    confirming(editor, (params) => (asked = params).actions?.[0]?.title);
    const summary = await run(editor, "dockwright.pinWorkspace", {});
    assert.equal(
      asked?.message,
      "Pin 3 images in 3 files? Dockerfile: 1, api/Dockerfile: 1, api/compose.yaml: 1, Pinned already: 1, Not possible: 2; the log says why",
    );
    assert.deepEqual(asked?.actions, [{ title: "Pin 3 Images" }]);
    const { edits, texts } = await done();
    assert.equal(edits.length, 1);
    assert.deepEqual(edits[0]?.metadata, { isRefactoring: true });
    assert.deepEqual(texts, Object.fromEntries(Object.entries(AFTER).map(([name, text]) => [name, written(text)])));
    assert.equal(summary.applied, 3);
    assert.match(
      summary.message,
      /^Pinned 3 images in 3 files; 1 was pinned already; not pinned: private\/app:1 \(it wants a login; in api\/Dockerfile\), broken\/Dockerfile \(is a binary file/,
    );
    assert.deepEqual(editor.asked.flatMap((question) => ("image" in question ? [question.image] : [])).toSorted(), [
      "debian:13",
      "node:22",
      "postgres:18",
      "private/app:1",
    ]);
  });

  test("what is open and not saved is changed as it is open, also when it is typed into while somebody decides", async () => {
    const { editor, done } = await workspace();
    editor.open(written("FROM unsaved:1\n"));
    await editor.diagnostics();
    confirming(editor, ({ actions }) => actions?.[0]?.title);
    await run(editor, "dockwright.pinWorkspace", {});
    assert.equal((await done()).texts["Dockerfile"], written("FROM unsaved:1@2\n"));

    const second = await workspace();
    second.editor.open(written("FROM unsaved:1\n"));
    await second.editor.diagnostics();
    second.editor.wire.handle("window/showMessageRequest", async (params) => {
      second.editor.type(0, 0, "# typed\n");
      await second.editor.diagnostics();
      return (params as ShowMessageRequestParams).actions?.[0];
    });
    await run(second.editor, "dockwright.pinWorkspace", {});
    const [edit] = second.editor.wire.received("workspace/applyEdit") as ApplyWorkspaceEditParams[];
    const own = ((edit?.edit.documentChanges ?? []) as TextDocumentEdit[]).find(
      ({ textDocument }) => textDocument.uri === second.editor.uri,
    );
    assert.equal(own?.textDocument.version, 2);
    assert.deepEqual(own?.edits[0]?.range.start, { line: 1, character: 14 });
  });

  test("our client shows the question itself, and may have each change confirmed", async () => {
    const { editor, root } = await workspace({
      can: { annotations: true },
      initializationOptions: { commands: ["dockwright.pinWorkspace"] },
    });
    let asked: ConfirmPinsParams | undefined;
    editor.wire.handle("dockwright/confirmPins", (params) => {
      asked = params as ConfirmPinsParams;
      return "preview";
    });
    const pins: WorkspacePins = { folders: [pathToFileURL(join(root, "api")).href], progress: "mine" };
    const { message } = await run(editor, "dockwright.pinWorkspace", pins);
    assert.equal(message, "Changed what was ticked of 2 images in 2 files");
    assert.deepEqual(asked, {
      message: "Pin 2 images in 2 files?",
      detail: "Dockerfile: 1\ncompose.yaml: 1\nNot possible: 1; the log says why",
      action: "Pin 2 Images",
    });
    const [edit] = editor.wire.received("workspace/applyEdit") as ApplyWorkspaceEditParams[];
    assert.deepEqual(edit?.edit.changeAnnotations, {
      "dockwright.pins": { label: "Pin all images", needsConfirmation: true },
    });
    const progress = editor.wire.received("$/progress") as { token: string; value: { of: number; image: string } }[];
    assert.ok(progress.every(({ token, value }) => token === "mine" && value.of === 3));
    assert.deepEqual(
      progress.map(({ value }) => value.image),
      ["debian:13", "private/app:1", "postgres:18"],
    );
    assert.deepEqual(editor.wire.received("window/showMessage"), [], "it tells the outcome, too");
  });

  test("who says no changes nothing, and neither does who cancels the progress", async () => {
    const { editor } = await workspace();
    confirming(editor, () => undefined);
    assert.equal((await run(editor, "dockwright.pinWorkspace", {})).message, "Nothing was changed");
    assert.deepEqual(editor.wire.received("workspace/applyEdit"), []);

    const slow = await workspace({
      world: (_question, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const running = run(slow.editor, "dockwright.pinWorkspace", {});
    const [created] = (await slow.editor.wire.until("window/workDoneProgress/create")) as { token: string }[];
    const [, report] = (await slow.editor.wire.until("$/progress", 2)) as { value: { message: string } }[];
    assert.equal(report?.value.message, "0 of 4: node:22");
    slow.editor.wire.notify("window/workDoneProgress/cancel", { token: created?.token });
    assert.equal((await running).message, "No image was pinned: it was cancelled");
    assert.deepEqual(slow.editor.wire.received("workspace/applyEdit"), []);
    assert.deepEqual(slow.editor.wire.received("window/showMessageRequest"), []);
  });

  test("updating asks anew for what has a digest", async () => {
    const { editor, done } = await workspace();
    confirming(editor, ({ actions }) => actions?.[0]?.title);
    const summary = await run(editor, "dockwright.updateWorkspaceDigests", {});
    assert.match(summary.message, /^Updated 1 digest in 1 file; not updated: broken\/Dockerfile/);
    assert.deepEqual((await done()).texts, { Dockerfile: written("FROM node:22\nFROM node:22@2\n") });
    assert.deepEqual(
      editor.asked.filter((question) => "image" in question),
      [{ ask: "digest-today", image: "node:22", anew: true }],
    );
  });

  test("nothing is read or asked in a workspace that is not trusted, and nobody is asked where that is switched off", async () => {
    const { editor } = await workspace({ initializationOptions: { trusted: false } });
    const { message } = await run(editor, "dockwright.pinWorkspace", {});
    assert.equal(message, "No image was pinned: this workspace is not trusted");
    const off = await workspace({ settings: { registry: { lookups: "off" } } });
    const summary = await run(off.editor, "dockwright.pinWorkspace", {});
    assert.match(
      summary.message,
      /^No image was pinned; .*node:22 \(the setting dockwright\.registry\.lookups is off; in Dockerfile\)/,
    );
    for (const each of [editor, off.editor])
      assert.deepEqual(
        each.asked.filter((question) => "image" in question),
        [],
      );
  });

  test("an edit the editor does not take is not counted", async () => {
    const { editor } = await workspace();
    editor.wire.handle("workspace/applyEdit", () => ({ applied: false, failureReason: "read-only" }));
    confirming(editor, ({ actions }) => actions?.[0]?.title);
    const summary = await run(editor, "dockwright.pinWorkspace", {});
    assert.equal(summary.message, "No image was pinned: the editor did not apply the change: read-only");
    assert.equal(summary.applied, 0);
    const [shown] = (await editor.wire.until("window/showMessage")) as ShowMessageParams[];
    assert.equal(shown?.type, 2);
  });
});

test("a request that is cancelled stops asking and changes nothing", async () => {
  const asked = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const editor = await startEditor({
    rules,
    world: (_question, signal) => {
      asked.resolve();
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => {
          stopped.resolve();
          reject(signal.reason);
        }),
      );
    },
  });
  editor.open("FROM node:22\n");
  const { id, answer } = editor.wire.send("workspace/executeCommand", {
    ...{ command: "dockwright.pinAllBaseImages", arguments: [editor.uri] },
  });
  await asked.promise;
  editor.wire.notify("$/cancelRequest", { id });
  assert.equal((await answer).error?.code, -32800);
  await stopped.promise;
  assert.equal(editor.text(), "FROM node:22\n");
  assert.deepEqual(editor.wire.received("workspace/applyEdit"), []);
});
