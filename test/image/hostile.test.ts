/** Archives made to take all memory, all time, or to lead out of the image: a clear error or a result that is bounded, and nothing written. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustRun } from "../../scripts/process.ts";
import { costsOf } from "../../server/src/core/image/costs.ts";
import { readImage } from "../../server/src/effects/image/read.ts";
import { type File, ociArchive, tar } from "./archives.ts";
import type { Outcome } from "./hostile-child.ts";

const MB = 1_000_000;
/** Far below what any machine has, and above what a run takes: Node itself takes a hundred. */
const SMALL = 350 * MB;
const LARGE = 900 * MB;

interface Expected {
  readonly error?: RegExp;
  readonly entries?: number;
  readonly wastedBytes?: number;
  readonly below: number;
}

const CASES: Readonly<Record<string, Expected>> = {
  "ten million entries": { error: /more than 1500000 files in the layers/, below: LARGE },
  "ten million files around the layers": { error: /more than 50000 files around the layers/, below: SMALL },
  "names without end": { error: /more than 200000000 characters in the names of files/, below: LARGE },
  "attributes without end": { error: /more than 200000000 characters in the names of files/, below: LARGE },
  "a gzip bomb": { error: /more than 1073741824 uncompressed bytes/, below: SMALL },
  "a zstd bomb": { error: /more than 1073741824 uncompressed bytes/, below: SMALL },
  "a bomb in a bomb": { error: /more than 1073741824 uncompressed bytes/, below: SMALL },
  "a bomb around nothing": { error: /it is no tar archive/, below: SMALL },
  "many documents": { error: /more than 67108864 bytes of JSON/, below: SMALL },
  "as many entries as are read": { entries: 1_500_000, wastedBytes: 0, below: LARGE },
  "folders nobody has an entry of": { entries: 40_000, wastedBytes: 0, below: LARGE },
  "links through links": { entries: 100_040, wastedBytes: 100_000, below: LARGE },
};

describe("time and memory, each in a process of its own", { concurrency: 2 }, () => {
  for (const [name, { error, entries, wastedBytes, below }] of Object.entries(CASES))
    test(name, async () => {
      const { stdout } = await mustRun(process.execPath, [join(import.meta.dirname, "hostile-child.ts"), name], {
        timeoutMs: 180_000,
      });
      const found = JSON.parse(stdout) as Outcome;
      if (error) assert.match(found.error ?? "", error);
      else assert.deepEqual([found.error, found.entries, found.wastedBytes], [undefined, entries, wastedBytes]);
      assert.ok(found.peakBytes < below, `${found.peakBytes} bytes of memory`);
    });
});

describe("ways out of the image", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "dockwright-hostile-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test("paths and links that lead out: read as what they are in the image, nothing written", async () => {
    const files: readonly File[] = [
      { name: "../../escaped", content: "x" },
      { name: "/absolute", content: "y" },
      { name: "out", flag: "2", link: "../../../.." },
      { name: "out/through", content: "z" },
      { name: "up", flag: "1", link: "../../../../etc/passwd" },
      { name: "a/../../.wh.absolute" },
    ];
    const inner = join(folder, "inner", "most");
    await mkdir(inner, { recursive: true });
    const path = join(inner, "image.tar");
    await writeFile(path, ociArchive({ layers: [tar(files), tar([{ name: "x/../../.wh.escaped" }])] }));
    const image = await readImage(path);
    assert.deepEqual(
      image.layers[0]?.entries.map((entry) => entry.path),
      ["escaped", "absolute", "out", "out/through", "up", ".wh.absolute"],
    );
    const { wasted, visibleBytes } = costsOf(image);
    assert.deepEqual(
      wasted.map((each) => each.path),
      ["escaped"],
    );
    assert.equal(visibleBytes, 2);
    assert.deepEqual((await readdir(folder, { recursive: true })).sort(), [
      "inner",
      join("inner", "most"),
      join("inner", "most", "image.tar"),
    ]);
  });

  test("a path with a million folders", async () => {
    const path = join(folder, "deep.tar");
    await writeFile(path, ociArchive({ layers: [tar([{ name: "a", pax: { path: "d/".repeat(1_000_000) } }])] }));
    await assert.rejects(readImage(path), /an extension header of a tar entry is larger than 1048576 bytes/);
    await writeFile(path, ociArchive({ layers: [tar([{ name: "a", pax: { path: "d/".repeat(100_000) } }])] }));
    await assert.rejects(readImage(path), /a path of more than 4096 characters/);
  });
});
