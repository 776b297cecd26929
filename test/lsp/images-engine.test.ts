/** `dockwright/openImage` of an engine's store, with a program in the engine's place: what it prints is streamed, a cancelled request ends it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { OpenedAnswer, OpenProgress } from "../../server/src/lsp/messages.ts";
import { dockerArchive, type Made, sha256, tar } from "../image/archives.ts";
import { startEditor } from "./editor.ts";

const IMAGE: Made = {
  layers: [tar([{ name: "a", content: Buffer.alloc(3_000_000, "a") }]), tar([{ name: "b", content: "b" }])],
  history: [{ created_by: "ADD file:00 in / # buildkit" }, { created_by: "COPY b / # buildkit" }],
};

/** Prints what the real one prints, and for `endless` never comes to an end. */
const PROGRAM = `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const image = args.at(-1);
if (args[0] === "info") console.log("[]");
else if (image === "missing") { console.error("Error response from daemon: No such image: missing:latest"); process.exit(1); }
else if (args[1] === "inspect") {
  // What was read before is not saved again: this one has layers nobody has seen.
  const known = readFileSync(join(__dirname, "inspect.json"), "utf8");
  process.stdout.write(image === "endless" ? known.replaceAll(/sha256:../g, "sha256:ff") : known);
}
else if (args[0] === "history") process.stdout.write(readFileSync(join(__dirname, "history.json")));
else if (image === "endless") {
  writeFileSync(join(__dirname, "pid"), String(process.pid));
  setInterval(() => process.stdout.write(Buffer.alloc(512)), 50);
} else process.stdout.write(readFileSync(join(__dirname, "image.tar")));
`;

const unix = process.platform !== "win32";
let folder = "";
const path = process.env["PATH"];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-engine-"));
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
  const bin = join(folder, "bin");
  await mkdir(bin);
  const layers = IMAGE.layers.map((layer) => `sha256:${sha256(layer)}`);
  await writeFile(join(bin, "docker"), PROGRAM);
  await chmod(join(bin, "docker"), 0o755);
  await writeFile(join(bin, "package.json"), '{ "type": "commonjs" }');
  await writeFile(join(bin, "image.tar"), dockerArchive(IMAGE));
  await writeFile(
    join(bin, "inspect.json"),
    JSON.stringify({
      ...{ Id: `sha256:${"1".repeat(64)}`, Os: "linux", Architecture: "amd64", RepoTags: ["some/image:1"] },
      ...{ Size: 3_000_001, RootFS: { Type: "layers", Layers: layers } },
    }),
  );
  const sized = (CreatedBy: string, Size: string): string =>
    JSON.stringify({ CreatedBy, Size, CreatedAt: "2024-01-01T00:00:00Z", Comment: "buildkit.dockerfile.v0", ID: "" });
  const steps = [sized("COPY b / # buildkit", "1"), sized("ADD file:00 in / # buildkit", "3000000")];
  await writeFile(join(bin, "history.json"), `${steps.join("\n")}\n`);
  process.env["PATH"] = `${bin}${delimiter}${path ?? ""}`;
});
after(async () => {
  process.env["PATH"] = path;
  await rm(folder, { recursive: true, force: true });
});

const source = (image: string): object => ({ kind: "engine", engine: "docker", image });

test("its history says the sizes at once, its archive the files", { skip: !unix }, async () => {
  const editor = await startEditor();
  editor.open("FROM scratch\nADD a /\nCOPY b /\n");
  const ask = async (deep: boolean) => {
    const more = { deep, uri: editor.uri, progress: "mine" };
    const { image, failure } = await editor.request<OpenedAnswer>("dockwright/openImage", {
      ...{ source: source("some/image:1") },
      ...more,
    });
    assert.equal(failure, undefined);
    return image ?? assert.fail();
  };
  const outline = await ask(false);
  assert.deepEqual(
    [outline.deep, outline.layers.map(({ bytes, line }) => [bytes, line])],
    [
      false,
      [
        [3_000_000, 1],
        [1, 2],
      ],
    ],
  );
  const image = await ask(true);
  assert.deepEqual(
    [image.deep, image.layers.map(({ bytes, line }) => [bytes, line])],
    [
      true,
      [
        [3_000_000, 1],
        [1, 2],
      ],
    ],
  );
  assert.equal(image.history, undefined, "the same image is no earlier one");
  const said = editor.wire.received("$/progress") as readonly { readonly value: OpenProgress }[];
  assert.ok(said.every(({ value }) => value.bytes > 0));
});

test("an image it has not is a failure that says what to do", { skip: !unix }, async () => {
  const editor = await startEditor();
  const { failure } = await editor.request<OpenedAnswer>("dockwright/openImage", {
    source: source("missing"),
    deep: true,
  });
  assert.match(failure ?? "", /docker has no image missing/);
});

test("a cancelled request ends the engine's program", { skip: !unix }, async () => {
  const editor = await startEditor();
  const { id, answer } = editor.wire.send("dockwright/openImage", { source: source("endless"), deep: true });
  const pidFile = join(folder, "bin", "pid");
  while (!existsSync(pidFile)) await wait(20);
  const pid = Number(readFileSync(pidFile, "utf8"));
  assert.ok(isRunning(pid));
  editor.wire.notify("$/cancelRequest", { id });
  assert.match((await answer).error?.message ?? "", /was cancelled/);
  for (let tries = 0; tries < 250 && isRunning(pid); tries++) await wait(20);
  assert.ok(!isRunning(pid));
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch {
    return false;
  }
}
