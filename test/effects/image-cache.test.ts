/** Layers kept between readings: what comes back is what was put in, and what is damaged, old or too much is not there. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Entry, Image, Layer } from "../../server/src/core/image/image.ts";
import { packLayer, unpackImage, unpackLayer } from "../../server/src/effects/image/cache-format.ts";
import { createLayerCache, knownLayers, layerCacheFolder } from "../../server/src/effects/image/cache.ts";
import { sha256 } from "../image/archives.ts";

const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  ...{ path, type: "file", size: 3, mtime: 1.5, mode: 0o644, uid: 1, gid: 2, sha256: sha256(path) },
  ...{ link: undefined, device: undefined, attributes: undefined, ...more },
});

const layer = (name: string, entries: readonly Entry[] = [entry(name)]): Layer => ({
  ...{
    entries,
    digest: `sha256:${sha256(name)}`,
    diffId: `sha256:${sha256(`${name}, unpacked`)}`,
    compression: "gzip",
  },
  ...{ storedSize: 10, tarSize: 20, texts: new Map([["etc/os-release", `ID=${name}\n`]]) },
});

const ALL = layer("all", [
  entry("a"),
  entry("d", { type: "directory", size: 0, sha256: undefined }),
  entry("l", { type: "symlink", link: "../a", sha256: undefined }),
  entry("dev", { type: "character-device", device: "1:3", sha256: undefined }),
  entry('q"\n€', { attributes: "security.capability=\u0001\nuser.x=1" }),
]);

describe("the form of a kept layer", () => {
  const many = layer(
    "many",
    Array.from({ length: 10_000 }, (_each, at) => entry(`file ${at}`)),
  );

  test("gives back what was put in, however much it is", () => {
    for (const each of [ALL, many, layer("none", [])]) assert.deepEqual(unpackLayer(packLayer(each)), each);
    assert.ok([...packLayer(many)].length > 3, "in blocks");
  });

  test("anything else is none", () => {
    const [head = "", block = ""] = packLayer(ALL);
    const about: Record<string, unknown> = JSON.parse(head);
    const columns: readonly unknown[] = JSON.parse(block);
    const withBlock = (other: unknown): readonly string[] => [head, JSON.stringify(other)];
    const withHead = (other: object): readonly string[] => [JSON.stringify({ ...about, ...other }), block];
    for (const wrong of [
      ...[
        [],
        [""],
        ["null"],
        ["[]"],
        ["{}"],
        [head],
        [head, block, block],
        [head.slice(1), block],
        [head, block.slice(1)],
      ],
      withBlock(columns.slice(1)),
      withBlock([...columns, []]),
      withBlock(columns.with(0, [1, 2, 3, 4, 5])),
      withBlock(columns.with(1, ["file", "file", "file", "file", "socket"])),
      withBlock(columns.with(2, [1])),
      withHead({ compression: "xz" }),
      withHead({ texts: undefined }),
      withHead({ tarSize: "20" }),
      withHead({ count: 4 }),
    ])
      assert.equal(unpackLayer(wrong), undefined, JSON.stringify(wrong).slice(0, 80));
  });
});

describe("kept layers", () => {
  let root = "";
  let folder = "";
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "dockwright-cache-"));
  });
  after(() => rm(root, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = join(await mkdtemp(join(root, "of-")), "layers");
  });

  async function keep(...layers: readonly Layer[]): Promise<void> {
    const cache = createLayerCache({ folder });
    for (const each of layers) cache.add(each);
    await cache.settled();
  }
  const later = () => createLayerCache({ folder });

  test("are there for the next process, by either digest", async () => {
    await keep(ALL, layer("other"));
    assert.deepEqual(later().byDigest(ALL.digest), ALL);
    assert.deepEqual(later().byDiffId(ALL.diffId), ALL);
    assert.equal(later().byDigest(ALL.diffId), undefined);
    assert.equal(later().byDigest(`sha256:${sha256("another")}`), undefined);
    assert.equal((await readdir(folder)).length, 2);
    assert.equal((await stat(folder)).mode & 0o077, 0);
  });

  test("a damaged file is a layer that is not there, and goes", async () => {
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 1),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("x")]),
      (bytes: Buffer) => bytes.fill(0, 80, 90),
      () => Buffer.alloc(0),
      () => Buffer.from("no layer\n{}"),
    ]) {
      await keep(ALL);
      const [name = ""] = await readdir(folder);
      await writeFile(join(folder, name), damage(await readFile(join(folder, name))));
      assert.equal(later().byDigest(ALL.digest), undefined);
      assert.deepEqual(await readdir(folder), []);
    }
  });

  test("a file under another layer's name is none", async () => {
    await keep(ALL);
    const [name = ""] = await readdir(folder);
    const other = layer("other");
    const hex = (digest: string): string => digest.slice("sha256:".length);
    await writeFile(
      join(folder, `${hex(other.diffId)}-${hex(other.digest)}.layer`),
      await readFile(join(folder, name)),
    );
    assert.equal(later().byDigest(other.digest), undefined);
  });

  test("the least used go when there is no more room, and what a process left in the middle", async () => {
    const many = Array.from({ length: 5 }, (_each, at) => layer(`layer ${at}`));
    await keep(...many);
    const names = await readdir(folder);
    const size = (await stat(join(folder, names[0] ?? ""))).size;
    const hour = 3_600_000;
    for (const [at, { digest }] of many.entries()) {
      const name = names.find((each) => each.includes(digest.slice("sha256:".length))) ?? "";
      await utimes(join(folder, name), new Date(), new Date(Date.now() - (5 - at) * hour));
    }
    await writeFile(join(folder, "old.partial"), "");
    await utimes(join(folder, "old.partial"), new Date(), new Date(Date.now() - 2 * hour));
    await writeFile(join(folder, "young.partial"), "");
    assert.ok(later().byDigest(many[0]?.digest ?? ""), "looked at, so it is the last used");

    const small = createLayerCache({ folder, bytes: size * 3.5 });
    small.add(layer("layer 5"));
    await small.settled();
    assert.ok((await readdir(folder)).includes("young.partial"));
    assert.ok(!(await readdir(folder)).includes("old.partial"));
    const there = [...many, layer("layer 5")].map(({ digest }) => later().byDigest(digest) !== undefined);
    assert.deepEqual(there, [true, false, false, false, true, true]);
  });

  test("an image is there as long as all of its layers are", async () => {
    const other = layer("other");
    const key = sha256("an image");
    const image: Image = {
      ...{ digest: undefined, configDigest: `sha256:${sha256("config")}`, platform: "linux/amd64", names: ["a:1"] },
      ...{ layers: [other, ALL, other], config: { os: "linux", rootfs: [] } },
      history: [{ createdBy: "COPY a /", created: "2026-01-01T00:00:00Z", comment: undefined, empty: false }],
    };
    const cache = createLayerCache({ folder });
    for (const each of image.layers) cache.add(each);
    cache.addImage(key, image);
    await cache.settled();
    assert.deepEqual(cache.image(key), image);
    assert.deepEqual(later().image(key), image);
    assert.equal(later().image(sha256("another")), undefined);
    const names = await readdir(folder);
    assert.equal(names.length, 3);
    for (const name of names.filter((each) => each.includes(other.digest.slice("sha256:".length))))
      await rm(join(folder, name));
    assert.equal(later().image(key), undefined);

    for (const damage of ["", '{"names":1}', '{"names":[],"layers":[],"history":[{}]}'])
      assert.equal(unpackImage([damage]), undefined, damage);
  });

  test("memory is bounded too, and nothing is written without a folder", () => {
    const cache = createLayerCache({ folder: undefined, entries: 2 });
    const [a, b, c] = [layer("a"), layer("b"), layer("c")];
    for (const each of [a, b]) cache.add(each);
    assert.equal(cache.byDigest(a.digest), a);
    cache.add(c);
    assert.deepEqual(
      [a, b, c].map(({ digest }) => cache.byDigest(digest)),
      [a, undefined, c],
    );
  });

  test("a folder that cannot be written is no error", async () => {
    const file = join(root, "file");
    await writeFile(file, "");
    const cache = createLayerCache({ folder: join(file, "layers") });
    cache.add(ALL);
    await cache.settled();
    assert.equal(cache.byDigest(ALL.digest), ALL);
  });

  test("a layer of a registry is known when a graph driver saves it unpacked", () => {
    const cache = createLayerCache({ folder: undefined });
    cache.add(ALL);
    const { known, spared } = knownLayers(cache);
    assert.deepEqual(known.get(ALL.diffId), {
      ...ALL,
      digest: ALL.diffId,
      compression: "none",
      storedSize: ALL.tarSize,
    });
    assert.equal(known.get(`sha256:${sha256("none")}`), undefined);
    assert.deepEqual([...spared], [ALL.diffId]);
    const other = layer("other");
    known.set(other.digest, other);
    assert.equal(cache.byDigest(other.digest), other);
    assert.equal(known.get(other.digest), other);
    assert.deepEqual([...spared], [ALL.diffId], "what was read now was not spared");
  });

  test("the folder is the person's", () =>
    assert.equal(layerCacheFolder({ XDG_CACHE_HOME: "/c" }), join("/c", "dockwright", "layers", "v1")));
});
