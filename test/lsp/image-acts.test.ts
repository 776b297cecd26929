/** Pin, update and unpin on single images: the menu on every kind of reference, and the commands at the cursor. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CodeAction, ShowMessageParams } from "vscode-languageserver/node";
import { rules as allRules } from "../../server/src/core/rules/index.ts";
import type { Answer, Question } from "../../server/src/core/rule.ts";
import type { CommandSummary, WaitingParams } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";

const OLD = `sha256:${"1".repeat(64)}`;
const NEW = `sha256:${"2".repeat(64)}`;
const MADE: Readonly<Record<string, string>> = { [OLD]: "2026-01-02T03:04:05.000Z", [NEW]: "2026-11-01T00:00:00.000Z" };

/** The tag points at `to`, and both images say when they were made. */
const world =
  (to: string) =>
  async (question: Question): Promise<Answer> => {
    if (question.ask === "created")
      return MADE[question.image.slice(question.image.indexOf("@") + 1)] ?? { unknown: "?" };
    return question.ask === "digest" || question.ask === "digest-today" ? to : { unknown: "nobody knows" };
  };

const ACT = /^(?:Pin|Update|Unpin) /;
const acts = (actions: readonly CodeAction[]): readonly string[] =>
  actions
    .filter(({ title }) => ACT.test(title))
    .map(({ title, kind, disabled }) => `${kind}: ${title}${disabled ? ` — ${disabled.reason}` : ""}`);

/** A text with `$0` where the cursor is, `@1` and `@2` for digests. */
const written = (text: string): string => text.replaceAll("@1", `@${OLD}`).replaceAll("@2", `@${NEW}`);

async function opened(marked: string, options: Parameters<typeof startEditor>[0] = {}): Promise<Editor> {
  const editor = await startEditor({ rules: [], world: world(NEW), ...options });
  editor.open(written(marked.replace("$0", "")), /^services:/m.test(marked) ? "dockercompose" : "dockerfile");
  return editor;
}

async function actionsAt(editor: Editor, marked: string): Promise<readonly CodeAction[]> {
  const before = written(marked.slice(0, marked.indexOf("$0"))).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return editor.request("textDocument/codeAction", {
    textDocument: { uri: editor.uri },
    range: { start: position, end: position },
    context: { diagnostics: [] },
  });
}

const VARIABLE = "a variable decides which image this is: what it is set to would need the digest";
const PIN = (image: string): string => `refactor.rewrite: Pin ${image} to its current digest`;
const RENEW = (image: string): readonly string[] => [
  `refactor.rewrite: Update the digest of ${image}`,
  `refactor.rewrite: Unpin ${image}`,
];

/** No rule is on. The text after the first act, and after *Unpin*. */
const PLACES: readonly {
  readonly at: string;
  readonly offered: readonly string[];
  readonly after?: string;
  readonly unpinned?: string;
}[] = [
  { at: "FROM no$0de:22 AS a\n", offered: [PIN("node:22")], after: "FROM node:22@2 AS a\n" },
  { at: "FROM node:22$0\n", offered: [PIN("node:22")], after: "FROM node:22@2\n" },
  { at: 'FROM "no$0de:22"\n', offered: [PIN("node:22")], after: 'FROM "node:22@2"\n' },
  { at: "FROM no$0de\n", offered: [PIN("node")], after: "FROM node@2\n" },
  {
    at: "FROM no$0de:22@1\n",
    offered: RENEW("node:22"),
    after: "FROM node:22@2\n",
    unpinned: "FROM node:22\n",
  },
  {
    at: "FROM scratch\nCOPY --from=ghcr.io/$0acme/tool:1@1 /a /b\n",
    offered: RENEW("ghcr.io/acme/tool:1"),
    after: "FROM scratch\nCOPY --from=ghcr.io/acme/tool:1@2 /a /b\n",
    unpinned: "FROM scratch\nCOPY --from=ghcr.io/acme/tool:1 /a /b\n",
  },
  {
    at: "FROM scratch\nRUN --mount=from=al$0pine:3,target=/a true\n",
    offered: [PIN("alpine:3")],
    after: "FROM scratch\nRUN --mount=from=alpine:3@2,target=/a true\n",
  },
  {
    at: "# syntax=docker/dock$0erfile:1\nFROM scratch\n",
    offered: [PIN("docker/dockerfile:1")],
    after: "# syntax=docker/dockerfile:1@2\nFROM scratch\n",
  },
  {
    at: "FROM scratch\nONBUILD COPY --from=al$0pine:3 /a /\n",
    offered: [PIN("alpine:3")],
    after: "FROM scratch\nONBUILD COPY --from=alpine:3@2 /a /\n",
  },
  {
    at: 'services:\n  db:\n    image: "postgr$0es:18@1" # ours\n',
    offered: RENEW("postgres:18"),
    after: 'services:\n  db:\n    image: "postgres:18@2" # ours\n',
    unpinned: 'services:\n  db:\n    image: "postgres:18" # ours\n',
  },
  {
    at: "x-i: &i red$0is:7\nservices:\n  a:\n    image: *i\n  b:\n    image: *i\n",
    offered: [PIN("redis:7")],
    after: "x-i: &i redis:7@2\nservices:\n  a:\n    image: *i\n  b:\n    image: *i\n",
  },
  {
    at: "FROM node$0@1\n",
    offered: [
      "refactor.rewrite: Update the digest of node — it has no tag that could have moved; write one before the digest",
      "refactor.rewrite: Unpin node — without its digest nothing says which image is meant; write a tag first",
    ],
  },
  { at: "ARG V=22\nFROM node:$0$V\n", offered: [`${PIN("node:22")} — ${VARIABLE}`] },
  { at: "ARG B\nFROM $0$B\n", offered: [`${PIN("$B")} — ${VARIABLE}`] },
  { at: "services:\n  a:\n    image: a$0:${V:-1}\n", offered: [`${PIN("a:${V:-1}")} — ${VARIABLE}`] },
  { at: "FROM no$0\\de:22\n", offered: [`${PIN("node:22")} — it is written in a form that is left alone`] },
  { at: "FROM scr$0atch\n", offered: [] },
  { at: "FROM node:22 AS bu$0ild\n", offered: [] },
  { at: "FROM scratch AS build\nFROM bui$0ld\n", offered: [] },
  { at: "FROM scratch\nCOPY --from=0$0 /a /b\n", offered: [] },
  { at: "FROM scratch\nRUN tr$0ue\n", offered: [] },
  { at: "FROM No$0de:22\n", offered: [] },
  { at: "services:\n  a:\n    build: .\n    image: min$0e:1\n", offered: [] },
];
for (const { at, offered, after, unpinned } of PLACES)
  test(`at ${JSON.stringify(at)}`, async () => {
    const editor = await opened(at);
    const actions = await actionsAt(editor, at);
    assert.deepEqual(acts(actions), offered);
    assert.deepEqual(editor.asked, [], "a menu asks nobody");
    const [first] = actions.filter(({ title }) => ACT.test(title));
    const unpin = actions.find(({ title }) => title.startsWith("Unpin "));
    if (unpinned !== undefined) {
      assert.equal(editor.apply(unpin?.edit), written(unpinned));
      assert.deepEqual(editor.asked, [], "taking a digest away asks nobody");
    } else if (first && after !== undefined)
      assert.equal(editor.apply((await editor.resolve(first)).edit), written(after));
    if (unpinned === undefined || after === undefined) return;
    const again = await opened(at);
    const update = (await actionsAt(again, at)).find(({ title }) => title.startsWith("Update "));
    assert.ok(update);
    assert.equal(again.apply((await again.resolve(update)).edit), written(after));
  });

test("where a rule offers the same, there is one entry, and it stands for both", async () => {
  for (const [at, expected] of [
    ["FROM no$0de:22\n", ["quickfix: Pin node:22 to its current digest"]],
    ["services:\n  a:\n    image: no$0de:22\n", ["quickfix: Pin node:22 to its current digest"]],
    ["FROM no$0de:22@1\n", RENEW("node:22")],
  ] as const) {
    const editor = await opened(at, { rules: allRules });
    assert.deepEqual(
      acts(await actionsAt(editor, at)).filter((title) => / (?:digest|Unpin)\b/.test(title)),
      expected,
    );
  }
});

test("a tag that is known to have moved has both digests and dates in one title", async () => {
  const at = "FROM no$0de:22@1\n";
  const editor = await opened(at, { rules: allRules, settings: { registry: { lookups: "onOpen" } } });
  const title = "Update node:22 from 1111111 (2026-01-02) to 2222222 (2026-11-01)";
  let found: readonly string[] = [];
  for (let tries = 0; tries < 100 && found.length < 2; tries += 1)
    found = acts(await actionsAt(editor, at)).filter(
      (each) => each.includes("from 1111111 (2026") || / Unpin /.test(each),
    );
  assert.deepEqual(found, [`quickfix: ${title}`, "refactor.rewrite: Unpin node:22"]);
  assert.ok(!acts(await actionsAt(editor, at)).some((each) => each.includes("Update the digest")));
});

const said = async (editor: Editor, count = 1): Promise<readonly string[]> =>
  ((await editor.wire.until("window/showMessage", count)) as ShowMessageParams[]).map(({ message }) => message);

test("updating asks anew, past what was answered a moment ago, and says what the tag has become", async () => {
  let to = OLD;
  const at = "FROM no$0de:22@1\n";
  const editor = await opened(at, { world: (question) => world(to)(question) });
  const update = async (): Promise<CodeAction> => {
    const action = (await actionsAt(editor, at)).find(({ title }) => title.startsWith("Update "));
    assert.ok(action);
    return editor.resolve(action);
  };
  assert.equal((await update()).edit, undefined);
  to = NEW;
  assert.equal(editor.apply((await update()).edit), written("FROM node:22@2\n"));
  assert.deepEqual(await said(editor, 2), [
    "node:22 still points at 1111111 (2026-01-02): there is nothing to update",
    "Updated node:22 from 1111111 (2026-01-02) to 2222222 (2026-11-01)",
  ]);
  assert.deepEqual(
    editor.asked.filter(({ ask }) => ask === "digest-today"),
    [1, 2].map(() => ({ ask: "digest-today", image: "node:22", anew: true })),
  );
});

test("a digest whose image is gone is told without its date, and nobody waits for it", async () => {
  const at = "FROM no$0de:22@1\n";
  const editor = await opened(at, {
    world: async (question, signal) => {
      if (question.ask !== "created" || !question.image.endsWith(OLD)) return world(NEW)(question);
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  const [update] = (await actionsAt(editor, at)).filter(({ title }) => title.startsWith("Update "));
  assert.ok(update);
  await editor.resolve(update);
  assert.deepEqual(await said(editor), ["Updated node:22 from 1111111 to 2222222 (2026-11-01)"]);
});

for (const [when, options, why] of [
  ["switched off", { settings: { registry: { lookups: "off" } } }, /dockwright\.registry\.lookups is off/],
  ["not trusted", { initializationOptions: { trusted: false } }, /not trusted/],
] as const)
  test(`while registries are ${when}, only what asks nobody is offered`, async () => {
    for (const [at, expected] of [
      ["FROM no$0de:22\n", []],
      ["FROM no$0de:22@1\n", ["refactor.rewrite: Unpin node:22"]],
    ] as const) {
      const editor = await opened(at, options);
      assert.deepEqual(acts(await actionsAt(editor, at)), expected);
      const summary = await run(editor, at.includes("@1") ? "dockwright.updateDigest" : "dockwright.pinImage", at);
      assert.match(summary.message, why);
      assert.equal(summary.applied, 0);
      assert.deepEqual(editor.asked, []);
    }
  });

test("an editor that wants edits at once is given the command instead, and asks nobody for a menu", async () => {
  const at = "FROM no$0de:22@1\n";
  const editor = await opened(at, { can: { resolve: false } });
  const actions = (await actionsAt(editor, at)).filter(({ title }) => ACT.test(title));
  assert.deepEqual(
    actions.map(({ command, edit }) => [command?.command, edit !== undefined]),
    [
      ["dockwright.updateDigest", false],
      [undefined, true],
    ],
  );
  assert.deepEqual(editor.asked, []);
  const { command = "", arguments: args = [] } = actions[0]?.command ?? {};
  await editor.request("workspace/executeCommand", { command, arguments: args });
  assert.equal(editor.text(), written("FROM node:22@2\n"));
});

/** A registry that answers when it is told to. */
function slowRegistry() {
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<string>();
  return {
    asked: asked.promise,
    answer: answered.resolve,
    world: (question: Question, signal: AbortSignal): Promise<Answer> => {
      if (question.ask === "created") return world(NEW)(question);
      asked.resolve();
      return Promise.race([
        answered.promise,
        new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      ]);
    },
  };
}

test("an action whose text changes while the registry is asked is refused", async () => {
  const at = "FROM no$0de:22@1\n";
  const registry = slowRegistry();
  const editor = await opened(at, { world: registry.world });
  const [update] = (await actionsAt(editor, at)).filter(({ title }) => title.startsWith("Update "));
  assert.ok(update);
  const resolving = editor.resolve(update);
  await registry.asked;
  editor.type(0, 0, "# mine\n");
  await assert.rejects(resolving, { code: -32801 });
  assert.deepEqual(editor.wire.received("window/showMessage"), []);
});

test("who waits sees which image is asked about, after a moment, and can cancel", async () => {
  const at = "FROM ghcr.io/ac$0me/app:1@1\n";
  const registry = slowRegistry();
  const editor = await opened(at, { world: registry.world });
  const [update] = (await actionsAt(editor, at)).filter(({ title }) => title.startsWith("Update "));
  assert.ok(update);
  const resolving = editor.resolve(update);
  await registry.asked;
  assert.deepEqual(editor.wire.received("window/workDoneProgress/create"), []);
  const [created] = (await editor.wire.until("window/workDoneProgress/create")) as { token: string }[];
  const [begun] = (await editor.wire.until("$/progress")) as { value: object }[];
  assert.deepEqual(begun?.value, {
    kind: "begin",
    title: "Asking ghcr.io about ghcr.io/acme/app:1",
    cancellable: true,
  });
  const [waiting] = (await editor.wire.until("dockwright/waiting")) as WaitingParams[];
  assert.deepEqual(waiting, { images: ["ghcr.io/acme/app:1"] });
  editor.wire.notify("window/workDoneProgress/cancel", { token: created?.token });
  assert.equal((await resolving).edit, undefined);
  assert.deepEqual(await said(editor), ["Update the digest of ghcr.io/acme/app:1: not possible, it was cancelled"]);
  assert.deepEqual((await editor.wire.until("dockwright/waiting", 2)).at(-1), { images: [] });
  const kinds = ((await editor.wire.until("$/progress", 2)) as { value: { kind: string } }[]).map(
    ({ value }) => value.kind,
  );
  assert.deepEqual(kinds, ["begin", "end"]);
});

test("an answer that is quick shows no progress, and neither does an offer of a rule", async () => {
  const at = "FROM no$0de:22\n";
  const editor = await opened(at, { rules: allRules });
  await editor.resolve(await editor.action("node", "Pin node:22 to its current digest"));
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.deepEqual(editor.wire.received("window/workDoneProgress/create"), []);
});

test("an offer of a rule shows that it waits, too", async () => {
  const registry = slowRegistry();
  const editor = await opened("FROM node:22$0\n", { rules: allRules, world: registry.world });
  const resolving = editor.resolve(await editor.action("node", "Pin node:22 to its current digest"));
  await editor.wire.until("window/workDoneProgress/create");
  registry.answer(NEW);
  assert.equal(editor.apply((await resolving).edit), written("FROM node:22@2\n"));
});

test("a client that shows no progress after all keeps nobody from the answer", async () => {
  const registry = slowRegistry();
  const editor = await opened("FROM node:22$0\n", { rules: allRules, world: registry.world });
  editor.wire.handle("window/workDoneProgress/create", () => {
    throw new Error("not now");
  });
  const resolving = editor.resolve(await editor.action("node", "Pin node:22 to its current digest"));
  await editor.wire.until("window/workDoneProgress/create");
  await new Promise((resolve) => setTimeout(resolve, 50));
  registry.answer(NEW);
  assert.equal(editor.apply((await resolving).edit), written("FROM node:22@2\n"));
});

/** A command at the cursor of a marked text. */
async function run(editor: Editor, command: string, marked: string): Promise<CommandSummary> {
  const before = written(marked.slice(0, marked.indexOf("$0"))).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return editor.request("workspace/executeCommand", { command, arguments: [editor.uri, position] });
}

const COMMANDS: readonly {
  readonly command: string;
  readonly at: string;
  readonly after: string;
  readonly says: string;
}[] = [
  {
    command: "dockwright.pinImage",
    at: "FROM node:22 AS bu$0ild\n",
    after: "FROM node:22@2 AS build\n",
    says: "Pinned node:22 to 2222222",
  },
  {
    command: "dockwright.pinImage",
    at: "FROM node:22@1$0\n",
    after: "FROM node:22@1\n",
    says: "Pin node:22 to its current digest: not possible: it has a digest already",
  },
  {
    command: "dockwright.updateDigest",
    at: "FR$0OM node:22@1\n",
    after: "FROM node:22@2\n",
    says: "Updated node:22 from 1111111 (2026-01-02) to 2222222 (2026-11-01)",
  },
  {
    command: "dockwright.updateDigest",
    at: "FROM node:22@2$0\n",
    after: "FROM node:22@2\n",
    says: "node:22 still points at 2222222 (2026-11-01): there is nothing to update",
  },
  {
    command: "dockwright.updateDigest",
    at: "FROM node:22$0\n",
    after: "FROM node:22\n",
    says: "Update the digest of node:22: not possible: it has no digest",
  },
  {
    command: "dockwright.unpinImage",
    at: "services:\n  a:\n    ima$0ge: node:22@1\n",
    after: "services:\n  a:\n    image: node:22\n",
    says: "Took the digest from node:22",
  },
  {
    command: "dockwright.unpinImage",
    at: "FROM node:22@1\nRUN tr$0ue\n",
    after: "FROM node:22@1\nRUN true\n",
    says: "Nothing was changed: there is no image at the cursor; put it on an image reference",
  },
];
for (const { command, at, after, says } of COMMANDS)
  test(`${command} at ${JSON.stringify(at)}`, async () => {
    const editor = await opened(at);
    const summary = await run(editor, command, at);
    assert.equal(summary.message, says);
    assert.deepEqual(await said(editor), [says]);
    assert.equal(editor.text(), written(after));
    assert.equal(summary.applied, at.replace("$0", "") === after ? 0 : 1);
  });

test("a client that has the commands tells their outcome itself", async () => {
  const at = "FROM no$0de:22\n";
  const editor = await opened(at, { initializationOptions: { commands: ["dockwright.pinImage"] } });
  assert.equal((await run(editor, "dockwright.pinImage", at)).applied, 1);
  assert.deepEqual(editor.wire.received("window/showMessage"), []);
});

for (const [what, typed, after] of [
  ["above it", "# mine\n", "# mine\nFROM node:22@2\n"],
  ["as one more of it", "FROM node:22@1\n", undefined],
] as const)
  test(`what is typed ${what} while the registry is asked`, async () => {
    const at = "FROM no$0de:22@1\n";
    const registry = slowRegistry();
    const editor = await opened(at, { world: registry.world });
    const running = run(editor, "dockwright.updateDigest", at);
    await registry.asked;
    editor.type(0, 0, written(typed));
    await editor.diagnostics();
    registry.answer(NEW);
    const { applied, message } = await running;
    assert.equal(applied, after === undefined ? 0 : 1);
    if (after === undefined) assert.match(message, /was changed meanwhile; run the command again$/);
    assert.equal(editor.text(), written(after ?? `${typed}FROM node:22@1\n`));
  });
