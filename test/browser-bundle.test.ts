/** The bundles for editors that run in a browser: nothing of Node and no effect is in them. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { MessageChannel } from "node:worker_threads";
import { buildAll } from "../scripts/build.ts";

let dist = "";
before(async () => {
  dist = await mkdtemp(join(tmpdir(), "dockwright-browser-"));
  await buildAll(dist);
});
after(() => rm(dist, { recursive: true, force: true }));

const sourcesOf = async (name: string): Promise<readonly string[]> =>
  (JSON.parse(await readFile(join(dist, "browser", `${name}.map`), "utf8")) as { sources: readonly string[] }).sources;

for (const name of ["server.js", "extension.cjs"]) {
  test(`${name} requires nothing but the editor`, async () => {
    const text = await readFile(join(dist, "browser", name), "utf8");
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module]) => module);
    assert.deepEqual([...new Set(required)], name === "server.js" ? [] : ["vscode"]);
  });

  test(`${name} has no module with an effect in it`, async () => {
    const effects = (await sourcesOf(name)).filter((source) =>
      /^(?!not here:).*server\/src\/effects\/(?!answers\.ts$)/.test(source),
    );
    assert.deepEqual(effects, []);
  });
}

test("the server checks a text in a context that has what a worker has, and no more", async () => {
  const { port1: client, port2: self } = new MessageChannel();
  const answered = Promise.withResolvers<unknown>();
  const send = (message: object): void => client.postMessage({ jsonrpc: "2.0", ...message });
  client.on("message", (data: { readonly id?: number }) => {
    if (data.id === 1) {
      const textDocument = { uri: "untitled:one", languageId: "dockerfile", version: 1, text: "FROM scratch\nrun x\n" };
      send({ method: "initialized", params: {} });
      send({ method: "textDocument/didOpen", params: { textDocument } });
      send({ id: 2, method: "textDocument/diagnostic", params: { textDocument } });
    }
    if (data.id === 2) answered.resolve(data);
  });
  const timers = { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask };
  runInNewContext(await readFile(join(dist, "browser", "server.js"), "utf8"), {
    ...{ self, console, URL, TextEncoder, TextDecoder, performance, AbortController, AbortSignal, ...timers },
  });
  self.start();
  send({
    id: 1,
    method: "initialize",
    params: { processId: null, capabilities: { textDocument: { diagnostic: {} } } },
  });
  assert.match(JSON.stringify(await answered.promise), /"instruction-case"/);
  client.close();
});
