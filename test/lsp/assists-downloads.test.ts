/** Refactorings that download: nothing is asked before somebody has chosen one, and never offline or without trust. */
import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";
import type { ShowMessageParams } from "vscode-languageserver/node";
import type { Answer, Question } from "../../server/src/core/rule.ts";
import { checksumOf } from "../../server/src/effects/downloads/checksum.ts";
import { createFetch } from "../../server/src/effects/downloads/fetch.ts";
import { serve } from "../effects/local-server.ts";
import { type Editor, startEditor } from "./editor.ts";

const fetch = createFetch({ ca: [], env: {}, home: homedir(), trusted: false });
const world = async (question: Question, signal: AbortSignal): Promise<Answer> =>
  question.ask === "checksum" ? checksumOf(fetch, question.url, signal) : { unknown: "nobody knows" };

async function open(text: string, options: Parameters<typeof startEditor>[0] = {}): Promise<Editor> {
  const editor = await startEditor({ rules: [], world, ...options });
  editor.open(text);
  return editor;
}

const messages = ({ wire }: Editor): string =>
  (wire.received("window/showMessage") as ShowMessageParams[]).map(({ message }) => message).join("\n");

/** SHA-256 of `hello`. */
const HELLO = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

test("choosing it downloads the file, once, and writes its checksum", async () => {
  let requests = 0;
  await using server = await serve((_request, response) => {
    requests++;
    response.end("hello");
  });
  const url = `http://${server.host}/tool-1.0.tgz`;
  const editor = await open(`FROM debian:13\nADD ${url} /tmp/\n`);
  const action = await editor.action("ADD", `Download tool-1.0.tgz from ${server.host} and add its checksum`);
  await editor.actions("ADD");
  assert.equal(requests, 0);
  assert.deepEqual(editor.asked, []);
  const { edit } = await editor.resolve(action);
  assert.equal(editor.apply(edit), `FROM debian:13\nADD --checksum=${HELLO} ${url} /tmp/\n`);
  assert.equal(requests, 1);
});

test("a download that fails is told, and nothing is edited", async () => {
  await using server = await serve((_request, response) => response.writeHead(404).end());
  const editor = await open(`FROM debian:13\nADD http://${server.host}/tool-1.0.tgz /tmp/\n`);
  const { edit } = await editor.resolve(
    await editor.action("ADD", `Download tool-1.0.tgz from ${server.host} and add its checksum`),
  );
  assert.equal(edit, undefined);
  assert.match(messages(editor), /not possible, .*answered 404/);
});

for (const [when, options, reason] of [
  ["offline", { settings: { offline: true } }, /dockwright\.registry\.lookups is off/],
  ["the workspace is not trusted", { initializationOptions: { trusted: false } }, /not trusted/],
] as const)
  test(`nothing is downloaded: ${when}`, async () => {
    let requests = 0;
    await using server = await serve((_request, response) => {
      requests++;
      response.end("hello");
    });
    const editor = await open(`FROM debian:13\nADD http://${server.host}/tool-1.0.tgz /tmp/\n`, options);
    const { edit } = await editor.resolve(
      await editor.action("ADD", `Download tool-1.0.tgz from ${server.host} and add its checksum`),
    );
    assert.equal(edit, undefined);
    assert.equal(requests, 0);
    assert.deepEqual(editor.asked, []);
    assert.match(messages(editor), reason);
  });

test("who waits for a download sees from where, and can cancel it", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = await serve((_request, response) => response.on("close", () => gone.resolve()));
  const editor = await open(`FROM debian:13\nADD http://${server.host}/tool-1.0.tgz /tmp/\n`);
  const resolving = editor.resolve(
    await editor.action("ADD", `Download tool-1.0.tgz from ${server.host} and add its checksum`),
  );
  const [created] = (await editor.wire.until("window/workDoneProgress/create")) as { token: string }[];
  const [begun] = (await editor.wire.until("$/progress")) as { value: object }[];
  assert.deepEqual(begun?.value, { kind: "begin", title: `Downloading from ${server.host}`, cancellable: true });
  editor.wire.notify("window/workDoneProgress/cancel", { token: created?.token });
  assert.equal((await resolving).edit, undefined);
  await gone.promise;
  assert.match(messages(editor), /not possible, .*it was cancelled/);
});

test("a change of the document gives the download up", async () => {
  const closed = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  await using server = await serve((_request, response) => {
    response.on("close", () => closed.resolve());
    response.write("hel");
    began.resolve();
  });
  const editor = await open(`FROM debian:13\nADD http://${server.host}/tool-1.0.tgz /tmp/\n`);
  const action = await editor.action("ADD", `Download tool-1.0.tgz from ${server.host} and add its checksum`);
  const resolved = editor.resolve(action);
  await began.promise;
  editor.type(0, 0, "# new\n");
  await assert.rejects(resolved, { code: -32801 });
  await closed.promise;
});

test("the versions of packages are asked for together", async () => {
  const versions: Readonly<Record<string, Answer>> = {
    curl: "8.14.1-2",
    git: "1:2.47.3-0",
    own: { unknown: "it has no own" },
  };
  const editor = await open("FROM debian:13\nRUN apt-get update && apt-get install -y curl git own\n", {
    world: async (question) =>
      question.ask === "package-version" ? (versions[question.name] ?? { unknown: "no" }) : { unknown: "nobody knows" },
  });
  const action = await editor.action("RUN", "Ask the distribution for the versions of today and pin curl, git and own");
  assert.deepEqual(editor.asked, []);
  const { edit } = await editor.resolve(action);
  assert.match(editor.apply(edit), /install -y curl=8\.14\.1-2 git=1:2\.47\.3-0 own\n$/);
  assert.match(messages(editor), /own: it has no own/);
});
