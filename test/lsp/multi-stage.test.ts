/** *Convert to Multi-Stage* over the wire: the request, what menus offer, and the edit for editors that have no preview. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  type CodeAction,
  CodeActionTriggerKind,
  LSPErrorCodes,
  type ShowMessageParams,
} from "vscode-languageserver/node";
import type { MultiStageAnswer, MultiStageResult } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";

const GO = `# The API.
FROM golang:1.22-bookworm
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/api ./cmd/api
EXPOSE 8080
CMD ["api"]
`;
const FILES: Readonly<Record<string, string>> = {
  "go.mod": "module example.test/api\n\ngo 1.22\n",
  "cmd/api/main.go": 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n',
};
const DIGEST = `sha256:${"5".repeat(64)}`;
const OURS = { commands: ["dockwright.convertToMultiStage"] };
const TITLE = "Convert to multi-stage";

interface Setting extends NonNullable<Parameters<typeof startEditor>[0]> {
  readonly files?: Readonly<Record<string, string>>;
  readonly text?: string;
}

async function open(t: TestContext, { files = FILES, text = GO, ...options }: Setting = {}): Promise<Editor> {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-multi-stage-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ ...files, Dockerfile: text })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  const editor = await startEditor({ rules: [], disk: true, uri, ...options });
  editor.open(text);
  return editor;
}

const ask = (editor: Editor, choices?: Readonly<Record<string, string>>): Promise<MultiStageAnswer> =>
  editor.request("dockwright/multiStage", { uri: editor.uri, choices });

async function converted(editor: Editor, choices?: Readonly<Record<string, string>>): Promise<MultiStageResult> {
  const answer = await ask(editor, choices);
  assert.equal(answer.outcome, "converted", JSON.stringify(answer));
  assert.ok(answer.outcome === "converted");
  return answer;
}

const stagesIn = (text: string): readonly string[] => text.split("\n").filter((line) => line.startsWith("FROM "));
const named = (actions: readonly CodeAction[]): readonly CodeAction[] =>
  actions.filter(({ title }) => title.startsWith(TITLE));

test("the conversion is plain data, with the context, the version and edits that come to the text", async (t) => {
  const editor = await open(t);
  const answer = await converted(editor);
  assert.equal(answer.ecosystem, "Go");
  assert.equal(answer.version, 1);
  assert.equal(answer.context, editor.uri.replace(/Dockerfile$/, ""));
  assert.deepEqual(stagesIn(answer.text)[0], "FROM golang:1.22-bookworm AS build");
  assert.match(answer.text, /^COPY --from=build \/usr\/local\/bin\/api /m);
  const edits = [...answer.edits];
  const { uri } = editor;
  assert.equal(
    editor.apply({ documentChanges: [{ textDocument: { uri, version: answer.version }, edits }] }),
    answer.text,
  );
  const cgo = answer.decisions.find(({ id }) => id === "cgo");
  assert.ok(cgo && cgo.why !== "" && cgo.alternatives.length > 0, JSON.stringify(answer.decisions));
});

test("what a person chooses instead is heeded", async (t) => {
  const editor = await open(t);
  const usual = await converted(editor);
  const other = await converted(editor, { cgo: "keep" });
  assert.match(usual.text, /^ENV CGO_ENABLED=0$/m);
  assert.doesNotMatch(other.text, /CGO_ENABLED/);
});

const digests = { world: async () => DIGEST };
test("the digest a registry says is written behind the tag, and no other", async (t) => {
  const { text } = await converted(await open(t, digests));
  const [, last = ""] = stagesIn(text);
  assert.ok(last.endsWith(`@${DIGEST}`), last);
  const [, offline = ""] = stagesIn((await converted(await open(t, { ...digests, settings: { offline: true } }))).text);
  assert.doesNotMatch(offline, /@/);
  const unknown = await converted(await open(t, { world: async () => ({ unknown: "no answer" }) }));
  assert.doesNotMatch(unknown.text, /@/);
});

test("in a workspace that is not trusted nothing is looked at", async (t) => {
  const editor = await open(t, { ...digests, initializationOptions: { trusted: false } });
  const isDoubtful = ({ decisions }: MultiStageResult): boolean | undefined =>
    decisions.find(({ id }) => id === "cgo")?.doubtful;
  const answer = await converted(editor);
  assert.doesNotMatch(answer.text, /@/);
  assert.equal(isDoubtful(answer), true);
  assert.equal(isDoubtful(await converted(await open(t))), false);
  assert.deepEqual(editor.asked, []);
});

test("a file that cannot be converted says why", async (t) => {
  const editor = await open(t, { text: GO.replace('CMD ["api"]', 'CMD ["supervisord"]') });
  const answer = await ask(editor);
  assert.equal(answer.outcome, "refused");
  assert.ok(answer.outcome === "refused");
  assert.match(answer.reason, /supervisord/);
  const several = await ask(await open(t, { text: "FROM a AS b\nFROM c\nCOPY --from=b / /\n" }));
  assert.equal(several.outcome, "no benefit");
});

test("our client's menu leads to its preview", async (t) => {
  const editor = await open(t, { initializationOptions: OURS });
  const [action, ...more] = named(await editor.actions("COPY"));
  assert.deepEqual(more, []);
  assert.deepEqual(
    { title: action?.title, kind: action?.kind, command: action?.command?.command, of: action?.command?.arguments },
    {
      title: `${TITLE}…`,
      kind: "refactor.rewrite",
      command: "dockwright.convertToMultiStage",
      of: [editor.uri],
    },
  );
  assert.equal(action?.edit, undefined);
});

test("a menu that follows the cursor has it at FROM only", async (t) => {
  const editor = await open(t, { initializationOptions: OURS });
  const idle = { triggerKind: CodeActionTriggerKind.Automatic };
  assert.equal(named(await editor.actions("golang", idle)).length, 1);
  assert.equal(named(await editor.actions("EXPOSE", idle)).length, 0);
  assert.equal(named(await editor.actions("golang", { only: ["quickfix"] })).length, 0);
});

const NOT_OFFERED: readonly { readonly what: string; readonly text: string }[] = [
  { what: "nothing is built", text: "FROM nginx:1.27\nRUN echo hello > /usr/share/nginx/html/index.html\n" },
  {
    what: "several stages",
    text: "FROM golang:1.22 AS build\nRUN go build -o /a .\nFROM scratch\nCOPY --from=build /a /a\n",
  },
  { what: "a supervisor", text: GO.replace('CMD ["api"]', 'CMD ["supervisord"]') },
];
for (const { what, text } of NOT_OFFERED)
  test(`not offered: ${what}`, async (t) => {
    const editor = await open(t, { text, initializationOptions: OURS });
    assert.deepEqual(named(await editor.actions("FROM")), []);
    assert.deepEqual(editor.asked, []);
  });

test("who asks for refactorings by name is told why not, and no registry is asked", async (t) => {
  const text = GO.replace('CMD ["api"]', 'CMD ["supervisord"]');
  for (const disabled of [true, false]) {
    const editor = await open(t, { ...digests, text, initializationOptions: OURS, can: { disabled } });
    const [action] = named(await editor.actions("FROM", { only: ["refactor"] }));
    if (disabled) assert.match(action?.disabled?.reason ?? "", /supervisord/);
    else assert.equal(action, undefined);
    assert.deepEqual(editor.asked, []);
  }
  const editor = await open(t, { ...digests, initializationOptions: OURS });
  const [action] = named(await editor.actions("FROM", { only: ["refactor.rewrite"] }));
  assert.equal(action?.disabled, undefined);
  assert.equal(action?.command?.command, "dockwright.convertToMultiStage");
  assert.deepEqual(editor.asked, []);
});

for (const resolve of [true, false])
  test(`an editor without our preview gets the edit, ${resolve ? "resolved" : "at once"}`, async (t) => {
    const editor = await open(t, { can: { resolve } });
    const [action] = named(await editor.actions("FROM"));
    assert.ok(action);
    assert.equal(action.title, TITLE);
    assert.equal(action.edit === undefined, resolve);
    const { text } = await converted(editor);
    const { edit } = resolve ? await editor.resolve(action) : action;
    assert.equal(editor.apply(edit), text);
    if (!resolve) return;
    const [message] = editor.wire.received("window/showMessage") as ShowMessageParams[];
    assert.match(message?.message ?? "", /^Convert to multi-stage: .*CGO_ENABLED/);
  });

test("once chosen it is worked out for the text that is open, or not at all", async (t) => {
  const editor = await open(t);
  const [action] = named(await editor.actions("FROM"));
  assert.ok(action);
  editor.type(0, 0, "# new\n");
  await assert.rejects(editor.resolve(action), { code: -32801 });
});

test("a person need not wait for a registry: cancelled, it is over", async (t) => {
  const editor = await open(t, { world: () => new Promise(() => {}) });
  const { id, answer } = editor.wire.send("dockwright/multiStage", { uri: editor.uri });
  while (editor.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  editor.wire.notify("$/cancelRequest", { id });
  assert.equal((await answer).error?.code, LSPErrorCodes.RequestCancelled);
});
