/** The thread that reads images is a file of its own beside the bundle, and the bundled server finds it. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildAll } from "../../scripts/build.ts";
import type { OpenedAnswer } from "../../server/src/lsp/messages.ts";
import { ociArchive, tar } from "../image/archives.ts";
import { introduce } from "./editor.ts";
import { startOverPipes } from "./process.ts";

test("the bundled server reads an image", { timeout: 60_000 }, async (t) => {
  const dist = await mkdtemp(join(tmpdir(), "dockwright-bundle-"));
  t.after(() => rm(dist, { recursive: true, force: true }));
  await buildAll(dist);
  // Large enough for every thread that has a part in it.
  const content = Buffer.alloc(20_000_000, "x");
  const path = join(dist, "image.tar");
  await writeFile(path, ociArchive({ layers: [tar([{ name: "large", content }])], compression: "none" }));
  const { wire, stderr } = startOverPipes(t, [join(dist, "server.js"), "--stdio"]);
  const editor = await introduce(wire, {});
  const { image, failure } = await editor.request<OpenedAnswer>("dockwright/openImage", {
    ...{ source: { kind: "path", path }, deep: true },
  });
  assert.equal(failure, undefined);
  assert.equal(image?.totals.bytes, content.length);
  assert.equal(stderr(), "");
});
