/** `dockwright/compareImages`: reports with lines, rules, progress, cancelling; nothing without trust. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { rules } from "../../server/src/core/rules/index.ts";
import type { ComparedImages } from "../../server/src/lsp/messages.ts";
import { ociArchive, tar } from "../image/archives.ts";
import { startEditor } from "./editor.ts";

let folder = "";
const archive = async (name: string, date: string, size = 0): Promise<string> => {
  const path = join(folder, name);
  await writeFile(
    path,
    ociArchive({
      layers: [
        tar([{ name: "etc/base" }]),
        tar([
          { name: "etc/built", content: date },
          { name: "big", content: Buffer.alloc(size, date) },
        ]),
      ],
      history: [
        { created_by: "/bin/sh -c #(nop) ADD file:00 in / " },
        { created_by: "RUN /bin/sh -c date > /etc/built # buildkit" },
      ],
      compression: "none",
    }),
  );
  return path;
};
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-compare-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const DOCKERFILE = "FROM debian:13\n\nRUN date > /etc/built\n";

test("a file that differs has the line of the instruction that made it, and the rule that helps", async () => {
  const editor = await startEditor({ rules });
  editor.open(DOCKERFILE);
  const [a, b] = [await archive("a.tar", "1"), await archive("b.tar", "2")];
  const { report } = await editor.request<ComparedImages>("dockwright/compareImages", { a, b, uri: editor.uri });
  assert.deepEqual([report?.identical, report?.count, report?.by], [false, 1, "layers"]);
  assert.deepEqual(
    report?.layers.map(({ layer, madeBy, rules: helpful, files }) => [
      layer,
      madeBy,
      helpful,
      files.map(({ path }) => path),
    ]),
    [[1, [{ text: "RUN date > /etc/built", line: 2 }], ["timestamp-in-build"], ["etc/built"]]],
  );
  const without = await editor.request<ComparedImages>("dockwright/compareImages", { a, b });
  assert.deepEqual(without.report?.layers[0]?.madeBy, [{ text: "RUN date > /etc/built" }]);
});

test("progress comes under the token that was given", async () => {
  const editor = await startEditor();
  const [a, b] = [await archive("a.tar", "1", 8_000_000), await archive("b.tar", "2", 8_000_000)];
  await editor.request<ComparedImages>("dockwright/compareImages", { a, b, progress: "mine" });
  const shares = editor.wire.received("$/progress") as readonly { readonly token: string; readonly value: number }[];
  assert.ok(shares.length > 4);
  assert.ok(shares.every(({ token, value }) => token === "mine" && value >= 0 && value <= 1));
});

test("what cannot be read is a failure with the path, and no answer is missing", async () => {
  const editor = await startEditor();
  const a = await archive("a.tar", "1");
  const compared = await editor.request<ComparedImages>("dockwright/compareImages", { a, b: join(folder, "none.tar") });
  assert.match(compared.failure ?? "", /none\.tar does not exist/);
  assert.equal(compared.report, undefined);
});

test("it can be cancelled", async () => {
  const editor = await startEditor();
  const [a, b] = [await archive("a.tar", "1", 20_000_000), await archive("b.tar", "2", 20_000_000)];
  const { id, answer } = editor.wire.send("dockwright/compareImages", { a, b });
  editor.wire.notify("$/cancelRequest", { id });
  assert.match((await answer).error?.message ?? "", /was cancelled/);
});

test("nothing is read before the workspace is trusted", async () => {
  const editor = await startEditor({ initializationOptions: { trusted: false } });
  const a = await archive("a.tar", "1");
  const { failure } = await editor.request<ComparedImages>("dockwright/compareImages", { a, b: a });
  assert.equal(failure, "No file is read until the workspace is trusted");
});
