/** Archives as the real GNU tar writes them, in each of its formats: what is read of them is what was there. */
import assert from "node:assert/strict";
import { link, mkdir, mkdtemp, open, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../../scripts/process.ts";
import type { Entry } from "../../server/src/core/image/image.ts";
import { readImage } from "../../server/src/effects/image/read.ts";
import { ociArchive, sha256 } from "./archives.ts";

const isGnu = await run("tar", ["--version"]).then(
  ({ stdout }) => stdout.includes("GNU tar"),
  () => false,
);
if (!isGnu && process.env["CI"] === "true") throw new Error("these tests need GNU tar, and CI has to have it");

const LONG = `${"folder-with-a-long-name/".repeat(8)}file`;
const TARGET = `${"x/".repeat(120)}target`;
const MIB = 1024 * 1024;
/** More pieces than fit into a header and one block behind it. */
const PIECES = 40;
const SPARSE_SIZE = PIECES * MIB;

let folder = "";
let count = 0;

describe("GNU tar", { skip: isGnu ? false : "no GNU tar on this machine" }, () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "dockwright-gnu-tar-"));
    const files = join(folder, "files");
    await mkdir(join(files, LONG, ".."), { recursive: true });
    await writeFile(join(files, "plain"), "plain\n");
    await link(join(files, "plain"), join(files, "second-name"));
    await symlink("plain", join(files, "link"));
    await symlink(TARGET, join(files, "far"));
    await writeFile(join(files, LONG), "long\n");
    await writeFile(join(files, "näme"), "");
    await writeFile(join(files, "old"), "old");
    const old = new Date(-86_400_000); // of a number below zero Node makes the time it is
    await utimes(join(files, "old"), old, old);
    await writeFile(join(files, "z-last"), "last\n");
    const sparse = await open(join(files, "sparse"), "w");
    for (let piece = 0; piece < PIECES; piece++) await sparse.write(`piece ${piece}`, piece * MIB);
    await sparse.truncate(SPARSE_SIZE);
    await sparse.close();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const read = async (...options: readonly string[]): Promise<ReadonlyMap<string, Entry>> => {
    const archive = join(folder, `${count++}.tar`);
    const { code, stderr } = await run("tar", ["--create", "--file", archive, ...options, "--sort=name", "."], {
      cwd: join(folder, "files"),
    });
    assert.equal(code, 0, stderr);
    const layer = await readFile(archive);
    const saved = join(folder, `${count++}.tar`);
    await writeFile(saved, ociArchive({ layers: [layer], compression: "none" }));
    const image = await readImage(saved);
    return new Map(image.layers[0]?.entries.map((entry) => [entry.path, entry]));
  };

  for (const format of ["gnu", "oldgnu", "posix"])
    test(`${format}: names, links, times and numbers of any size`, async () => {
      const entries = await read(`--format=${format}`, "--owner=x:3000000000", "--group=x:2097152");
      assert.equal(entries.get("")?.type, "directory");
      assert.deepEqual(
        [entries.get("plain")?.size, entries.get("plain")?.sha256, entries.get("plain")?.type],
        [6, sha256("plain\n"), "file"],
      );
      assert.deepEqual([entries.get("second-name")?.type, entries.get("second-name")?.link], ["hardlink", "plain"]);
      assert.deepEqual([entries.get("link")?.type, entries.get("link")?.link], ["symlink", "plain"]);
      assert.equal(entries.get("far")?.link, TARGET);
      assert.equal(entries.get(LONG)?.sha256, sha256("long\n"));
      assert.equal(entries.get("näme")?.size, 0);
      assert.equal(entries.get("old")?.mtime, -86_400);
      for (const { uid, gid } of entries.values()) assert.deepEqual([uid, gid], [3_000_000_000, 2_097_152]);
      assert.equal(entries.get("sparse")?.size, SPARSE_SIZE);
    });

  for (const format of ["v7", "ustar"])
    test(`${format}: what it can hold`, async () => {
      const entries = await read(`--format=${format}`, "--exclude=folder-*", "--exclude=far", "--exclude=old");
      assert.deepEqual([...entries.keys()], ["", "link", "näme", "plain", "second-name", "sparse", "z-last"]);
      assert.equal(entries.get("plain")?.sha256, sha256("plain\n"));
    });

  for (const options of [
    ["--format=gnu", "--sparse"],
    ["--format=oldgnu", "--sparse"],
    ["--format=posix", "--sparse", "--sparse-version=0.0"],
    ["--format=posix", "--sparse", "--sparse-version=0.1"],
    ["--format=posix", "--sparse", "--sparse-version=1.0"],
  ])
    test(`sparse files: ${options.join(" ")}`, async () => {
      const entries = await read(...options, "--exclude=folder-*");
      assert.equal(entries.get("sparse")?.size, SPARSE_SIZE);
      assert.equal(entries.get("sparse")?.type, "file");
      // What stands behind it is found, so what it stores was passed over.
      assert.deepEqual(
        [...entries.keys()],
        ["", "far", "link", "näme", "old", "plain", "second-name", "sparse", "z-last"],
      );
      assert.equal(entries.get("z-last")?.sha256, sha256("last\n"));
    });

  test("the same pieces at other places are another file", async () => {
    const files = join(folder, "files");
    const at = async (offset: number): Promise<string | undefined> => {
      const sparse = await open(join(files, "sparse"), "w");
      await sparse.write(Buffer.alloc(4_096, "x"), 0, 4_096, offset);
      await sparse.truncate(SPARSE_SIZE);
      await sparse.close();
      return (await read("--format=posix", "--sparse", "--sparse-version=0.1")).get("sparse")?.sha256;
    };
    const first = await at(MIB);
    assert.notEqual(await at(2 * MIB), first);
    assert.equal(await at(MIB), first);
  });
});
