/** `dockwright/verifyRefactoring` over the wire: trust, progress, the table, cancelling and the server's end. The engine is a stand-in. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { VerifiedRefactoring } from "../../server/src/lsp/messages.ts";
import { fakeDocker } from "../effects/fake-docker.ts";
import { startEditor } from "./editor.ts";

const METHOD = "dockwright/verifyRefactoring";
const TEXT = "FROM scratch\nLABEL a=b\n";

/** First on PATH as long as the test runs. */
function engine(t: TestContext, options: Parameters<typeof fakeDocker>[1] = {}) {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-verify-test-"));
  const docker = fakeDocker(folder, options);
  const before = process.env["PATH"];
  process.env["PATH"] = docker.path;
  t.after(() => {
    process.env["PATH"] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  const params = { original: TEXT, result: TEXT, engine: { name: "docker" }, path: join(folder, "Dockerfile") };
  return { ...docker, folder, params };
}

async function untilCalled(calls: () => readonly string[], beginning: string): Promise<void> {
  while (!calls().some((line) => line.startsWith(beginning))) await new Promise((done) => setTimeout(done, 20));
}

test("the table as data, with progress under the token that was given", async (t) => {
  const { params, calls, folder } = engine(t, { result: "something else" });
  writeFileSync(join(folder, "Dockerfile.dockerignore"), "*.log\n");
  const editor = await startEditor();
  const { verification, failure } = await editor.request<VerifiedRefactoring>(METHOD, {
    ...params,
    ...{ environment: { A: "b", number: 5 }, progress: "mine", network: "shop_default", paths: ["/api", "nonsense"] },
  });
  assert.equal(failure, undefined);
  assert.equal(verification?.outcome, "differs");
  assert.deepEqual(
    verification?.rows.filter(({ verdict }) => verdict === "different").map(({ what, after }) => [what, after]),
    [["output, line 1", "something else"]],
  );
  const said = editor.wire.received("$/progress") as readonly { readonly token: string; readonly value: object }[];
  assert.deepEqual(said[0], { token: "mine", value: { message: "Building the original" } });
  assert.equal(said.length, 5);
  assert.ok(
    calls().some((line) => line.startsWith(`buildx build `) && line.endsWith(` ${folder}`)),
    "its own folder",
  );
  assert.ok(calls().some((line) => /^create .*--network shop_default/.test(line)));
});

test("nothing is started before the workspace is trusted", async (t) => {
  const { params, calls } = engine(t);
  const editor = await startEditor({ initializationOptions: { trusted: false } });
  const answer = await editor.request<VerifiedRefactoring>(METHOD, params);
  assert.match(answer.failure ?? "", /until the workspace is trusted/);
  assert.deepEqual(calls(), []);
});

test("two texts and a folder are needed", async (t) => {
  const { params, calls } = engine(t);
  const editor = await startEditor();
  for (const wrong of [
    { ...params, result: undefined },
    { ...params, path: undefined },
    { ...params, context: "relative" },
  ])
    assert.equal((await editor.wire.send(METHOD, wrong).answer).error?.code, -32602);
  assert.deepEqual(calls(), []);
});

test("cancelled, the container and the images go", async (t) => {
  const { params, calls } = engine(t, { waits: true });
  const editor = await startEditor();
  const { id, answer } = editor.wire.send(METHOD, params);
  await untilCalled(calls, "start --attach");
  editor.wire.notify("$/cancelRequest", { id });
  assert.match((await answer).error?.message ?? "", /was cancelled/);
  await untilCalled(calls, "rm --force");
  await untilCalled(calls, "image rm --force");
});

test("when the server ends they are gone before it says so", async (t) => {
  const { params, calls } = engine(t, { waits: true });
  const editor = await startEditor();
  const { answer } = editor.wire.send(METHOD, params);
  answer.catch(() => {});
  await untilCalled(calls, "start --attach");
  assert.equal(await editor.request("shutdown", undefined), null);
  assert.equal(calls().filter((line) => /^image rm --force .*-(?:original|result)$/.test(line)).length >= 2, true);
  assert.ok(calls().some((line) => line.startsWith("rm --force")));
});
