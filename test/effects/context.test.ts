/** Questions about the build context, asked of real folders. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { mustRun } from "../../scripts/process.ts";
import type { Answer } from "../../server/src/core/rule.ts";
import { existsInFolder, listFolder, listFolderAtOnce, readInFolder } from "../../server/src/effects/files/context.ts";
import { filesAtOnce } from "../../server/src/effects/finders.ts";

const windows = process.platform === "win32";
const never = new AbortController().signal;

function folderOf(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const outer = mkdtempSync(join(tmpdir(), "dockwright-context-"));
  t.after(() => rmSync(outer, { recursive: true, force: true }));
  const folder = join(outer, "context");
  mkdirSync(folder);
  writeFileSync(join(outer, "outside.txt"), "not yours");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const why = (answer: Answer): string => (typeof answer === "string" ? `known: ${answer}` : answer.unknown);

test("files and folders that are there, and what is not", async (t) => {
  const folder = folderOf(t, { "package.json": "{}", "src/app.js": "" });
  for (const path of ["package.json", "src", "src/", "./src/app.js", "/package.json"])
    assert.equal(existsInFolder(folder, path), "yes", path);
  for (const path of ["yarn.lock", "src/other.js", "package.json/x"])
    assert.equal(existsInFolder(folder, path), "no", path);
  assert.equal(readInFolder(folder, "package.json"), "{}");
  assert.match(why(readInFolder(folder, "yarn.lock")), /^there is no yarn.lock$/);
});

test("a listing without waiting is the same listing", async (t) => {
  const folder = folderOf(t, { "b.txt": "", "a/c.txt": "", "node_modules/x/y.js": "" });
  assert.equal(listFolderAtOnce(folder), "a/\na/c.txt\nb.txt\nnode_modules/");
  assert.equal(await listFolder(folder, never), listFolderAtOnce(folder));
  assert.match(why(listFolderAtOnce(join(folder, "gone"))), /cannot be read/);
});

test("a run looks at each file once, and at files alone", (t) => {
  const folder = folderOf(t, { "a.txt": "before" });
  const lookAt = filesAtOnce();
  assert.equal(lookAt({ ask: "read", path: "a.txt" }, folder), "before");
  writeFileSync(join(folder, "a.txt"), "after");
  assert.equal(lookAt({ ask: "read", path: "a.txt" }, folder), "before");
  assert.equal(lookAt({ ask: "exists", path: "a.txt" }, folder), "yes");
  assert.equal(lookAt({ ask: "list" }, folder), "a.txt");
  assert.equal(lookAt({ ask: "digest", image: "node:24" }, folder), undefined);
});

test("a path with dots stays in the folder", async (t) => {
  const folder = folderOf(t, {});
  assert.equal(existsInFolder(folder, "../outside.txt"), "no");
  assert.match(why(readInFolder(folder, "../../outside.txt")), /^there is no /);
});

test("a link out of the folder is not followed", { skip: windows }, async (t) => {
  const folder = folderOf(t, { "real.txt": "mine" });
  symlinkSync("../outside.txt", join(folder, "out"));
  symlinkSync("..", join(folder, "up"));
  symlinkSync("real.txt", join(folder, "in"));
  assert.match(why(readInFolder(folder, "out")), /leads out/);
  assert.match(why(existsInFolder(folder, "up/outside.txt")), /leads out/);
  assert.equal(readInFolder(folder, "in"), "mine");
  assert.equal(await listFolder(folder, never), "in\nout\nreal.txt\nup");
});

test("what is no text, too large, a folder or a pipe cannot be read", async (t) => {
  const folder = folderOf(t, {
    "binary.bin": Uint8Array.of(0xff, 0xfe, 0x00, 0xd8),
    "large.txt": new Uint8Array(4 * 1024 * 1024 + 1).fill(0x20),
    "marked.txt": "\uFEFFtext",
    "folder/x": "",
  });
  assert.match(why(readInFolder(folder, "binary.bin")), /cannot be read/);
  assert.match(why(readInFolder(folder, "large.txt")), /larger than/);
  assert.match(why(readInFolder(folder, "folder")), /not a file/);
  assert.equal(readInFolder(folder, "marked.txt"), "text");
  if (windows) return;
  await mustRun("mkfifo", [join(folder, "pipe")]);
  assert.match(why(readInFolder(folder, "pipe")), /not a file/);
});

test("every path below, sorted, without what is in folders of tools", async (t) => {
  const folder = folderOf(t, {
    "b/two.txt": "",
    "a.txt": "",
    "b/c/three.txt": "",
    ".git/HEAD": "",
    "app/node_modules/x/index.js": "",
  });
  assert.deepEqual(
    why(await listFolder(folder, never))
      .slice("known: ".length)
      .split("\n"),
    [".git/", "a.txt", "app/", "app/node_modules/", "b/", "b/c/", "b/c/three.txt", "b/two.txt"],
  );
});

test("a folder with too many paths, and one that is not there", async (t) => {
  const folder = folderOf(t, { "a/1": "", "b/2": "" });
  assert.match(why(await listFolder(folder, never, 3)), /more than 3 paths/);
  assert.match(why(await listFolder(folder, never, 4)), /^known: /);
  assert.match(why(await listFolder(join(folder, "gone"), never)), /cannot be read/);
});

test("a listing that nobody waits for any more stops", async (t) => {
  const folder = folderOf(t, { "a.txt": "" });
  await assert.rejects(listFolder(folder, AbortSignal.abort(new Error("enough"))), /enough/);
});
