/** What whoever builds a Dockerfile asks the server, over the wire. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeLens } from "vscode-languageserver/node";
import { rules } from "../../server/src/core/rules/index.ts";
import type { BuildFacts } from "../../server/src/lsp/messages.ts";
import { type Editor, startEditor } from "./editor.ts";

const TEXT = `ARG BASE=alpine
FROM $BASE AS build
RUN --mount=type=secret,id=npm,required=true \\
    true

FROM scratch
COPY --from=build / /
`;

const top = realpathSync(mkdtempSync(join(tmpdir(), "dockwright-build-facts-")));
after(() => rmSync(top, { recursive: true }));
mkdirSync(join(top, "api files"));
mkdirSync(join(top, ".git"));
writeFileSync(
  join(top, "compose.yaml"),
  "services:\n  api:\n    build: {context: ., dockerfile: 'api files/Dockerfile', target: build, args: {A: 1}}\n",
);
writeFileSync(join(top, "api files", "Dockerfile"), TEXT);
const uri = pathToFileURL(join(top, "api files", "Dockerfile")).href;

const factsOf = (editor: Editor): Promise<BuildFacts | null> =>
  editor.request("dockwright/buildFacts", { uri: editor.uri });

async function open(options: Parameters<typeof startEditor>[0] = {}, text = TEXT): Promise<Editor> {
  const editor = await startEditor({ rules, uri, disk: true, ...options });
  editor.open(text);
  return editor;
}

test("stages, instructions, arguments, secrets and the services that build it", async () => {
  const facts = await factsOf(await open());
  assert.deepEqual(facts, {
    stages: [
      { index: 0, name: "build", base: "$BASE", line: 1, endLine: 3 },
      { index: 1, base: "scratch", line: 5, endLine: 6 },
    ],
    instructions: [
      { stage: -1, keyword: "ARG", text: "BASE=alpine", line: 0, endLine: 0 },
      { stage: 0, keyword: "FROM", text: "$BASE AS build", line: 1, endLine: 1 },
      { stage: 0, keyword: "RUN", text: "--mount=type=secret,id=npm,required=true     true", line: 2, endLine: 3 },
      { stage: 1, keyword: "FROM", text: "scratch", line: 5, endLine: 5 },
      { stage: 1, keyword: "COPY", text: "--from=build / /", line: 6, endLine: 6 },
    ],
    args: [{ name: "BASE", default: "alpine", line: 0 }],
    secrets: [{ id: "npm", required: true, line: 2 }],
    ssh: [],
    services: [{ service: "api", target: "build", args: ["A"], context: top }],
  });
});

test("without trust no compose file is looked at", async () => {
  const facts = await factsOf(await open({ initializationOptions: { trusted: false } }));
  assert.deepEqual([facts?.services, facts?.stages.length], [[], 2]);
});

test("nothing is known of what is not open, and of what is no Dockerfile", async () => {
  const editor = await open();
  assert.equal(await editor.request("dockwright/buildFacts", { uri: "file:///elsewhere/Dockerfile" }), null);
  await assert.rejects(editor.request("dockwright/buildFacts", { uri: 5 }), { code: -32602 });
  const compose = await startEditor({ rules, uri: "file:///p/compose.yaml" });
  compose.open("services: {}\n", "dockercompose");
  assert.equal(await factsOf(compose), null);
});

for (const text of [
  "",
  "FROM",
  "RUN x\n",
  "FROM a AS\nARG\nRUN --mount=type=secret x\nRUN --mount",
  "\0",
  "ARG A=${B:-'\nFROM $A",
])
  test(`odd text: ${JSON.stringify(text)}`, async () => {
    const facts = await factsOf(await open({}, text));
    assert.ok(facts === null || Array.isArray(facts.stages));
  });

const lensesOf = async (editor: Editor): Promise<unknown> =>
  (await editor.request<CodeLens[] | null>("textDocument/codeLens", { textDocument: { uri: editor.uri } }))?.map(
    ({ range, command }) => [range.start.line, command?.title, ...(command?.arguments?.slice(1) ?? [])],
  );

test("a lens over each stage, where the client can build", async () => {
  const initializationOptions = { commands: ["dockwright.buildImage"] };
  assert.deepEqual(await lensesOf(await open({ initializationOptions })), [
    [1, "Build stage build", "build"],
    [5, "Build image"],
  ]);
  assert.equal(await lensesOf(await open()), undefined);
  assert.equal(
    await lensesOf(await open({ initializationOptions: { ...initializationOptions, trusted: false } })),
    undefined,
  );
});

const CHECKS = [
  { code: "MaintainerDeprecated", line: 1, endLine: 1 },
  { code: "MaintainerDeprecated", line: 2, endLine: 2 },
  { code: "CheckOfTheFuture", line: 1, endLine: 1 },
];
const newChecks = async (text: string, settings: unknown = {}): Promise<unknown> => {
  const editor = await open({ settings }, text);
  return editor.request("dockwright/newChecks", { uri: editor.uri, checks: CHECKS });
};

test("what a rule of ours reports is not new; on another line, and of a check we have no rule for, it is", async () => {
  assert.deepEqual(await newChecks("FROM scratch\nMAINTAINER me\n"), [1, 2]);
});

test("what a person has switched off, or told to be silent, is not new either", async () => {
  assert.deepEqual(await newChecks("FROM scratch\n", { rules: { "maintainer-deprecated": "off" } }), [2]);
  assert.deepEqual(await newChecks("FROM scratch\nMAINTAINER me # dockwright ignore=x\n"), [1, 2]);
  assert.deepEqual(await newChecks("# hadolint ignore=DL4000\nMAINTAINER me\n"), [1, 2]);
});

test("checks of any shape", async () => {
  const editor = await open();
  const ask = (checks: unknown): Promise<unknown> =>
    editor.request("dockwright/newChecks", { uri: editor.uri, checks });
  assert.deepEqual(await ask([null, 5, {}, { code: 1, line: "x" }]), [0, 1, 2, 3]);
  await assert.rejects(ask("x"), { code: -32602 });
});
