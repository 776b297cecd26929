/** Digests of large parts, which another thread computes: the right ones, whatever happens beside them. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustRun } from "../../scripts/process.ts";
import { digesting } from "../../server/src/effects/image/digest.ts";
import { readImage } from "../../server/src/effects/image/read.ts";
import { ociArchive, ociFiles, sha256, tar, tarOf } from "./archives.ts";

const LARGE = 20 * 1024 * 1024;
const bytes = randomBytes(LARGE);
const expected = (algorithm: string): string => createHash(algorithm).update(bytes).digest("hex");

async function digest(algorithm: "sha256" | "sha512", size: number | undefined, piece: number): Promise<string> {
  const digested = digesting(algorithm, size);
  for (let at = 0; at < bytes.length; at += piece) {
    // It is the caller's again afterwards.
    const own = Uint8Array.from(bytes.subarray(at, at + piece));
    await digested.update(own);
    own.fill(0);
  }
  return digested.end();
}

describe("a digest", () => {
  for (const algorithm of ["sha256", "sha512"] as const)
    for (const piece of [1_000_003, 5 * 1024 * 1024, LARGE])
      test(`${algorithm}, pieces of ${piece} bytes`, async () => {
        assert.equal(await digest(algorithm, LARGE, piece), expected(algorithm));
        assert.equal(await digest(algorithm, undefined, piece), expected(algorithm));
      });

  test("of nothing, though much was expected", async () => {
    assert.equal(await digesting("sha256", LARGE).end(), sha256(""));
  });

  test("several at a time, one of them given up", async () => {
    const givenUp = digesting("sha256", LARGE);
    await givenUp.update(bytes.subarray(0, 3_000_000));
    const others = [1_000_000, 2_000_000, 3_000_000].map((piece) => digest("sha256", LARGE, piece));
    givenUp.destroy();
    givenUp.destroy();
    assert.deepEqual(
      await Promise.all(others),
      others.map(() => expected("sha256")),
    );
  });
});

describe("large layers", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "dockwright-digest-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const layer = tar([{ name: "large", content: bytes }]);
  const saved = async (name: string, content: Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  for (const compression of ["none", "gzip", "zstd"] as const)
    test(`${compression}: read, and refused where a byte of it is another`, async () => {
      const image = await readImage(await saved("whole.tar", ociArchive({ layers: [layer], compression })));
      assert.equal(image.layers[0]?.diffId, `sha256:${sha256(layer)}`);
      assert.equal(image.layers[0].entries[0]?.sha256, expected("sha256"));
      const files = ociFiles({ layers: [layer], compression });
      const [name = "", blob = new Uint8Array()] = [...files].find(([, content]) => content.length > LARGE / 2) ?? [];
      const other = Buffer.from(blob);
      const at = compression === "none" ? LARGE - 1 : other.length - 1;
      other[at] = (other[at] ?? 0) ^ 1;
      await assert.rejects(readImage(await saved("other.tar", tarOf(files.set(name, other)))), /damaged/);
    });

  test("a reading that is stopped, and one after it", async () => {
    const path = await saved("stopped.tar", ociArchive({ layers: [layer], compression: "none" }));
    const controller = new AbortController();
    const stop = (done: number): void => {
      if (done > LARGE / 2) controller.abort(new Error("enough"));
    };
    await assert.rejects(readImage(path, { signal: controller.signal, onProgress: stop }), /enough/);
    assert.equal((await readImage(path)).layers[0]?.tarSize, layer.length);
  });

  test("a process ends when its work is done, though the thread is still there", async () => {
    const path = await saved("ends.tar", ociArchive({ layers: [layer], compression: "none" }));
    const reader = join(import.meta.dirname, "../../server/src/effects/image/read.ts");
    const program = `const { readImage } = await import(${JSON.stringify(reader)});
      console.log((await readImage(${JSON.stringify(path)})).layers.length);`;
    const { stdout } = await mustRun(process.execPath, ["--input-type=module", "--eval", program], {
      timeoutMs: 20_000,
    });
    assert.equal(stdout.trim(), "1");
  });
});
