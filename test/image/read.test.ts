/** Images read from archives and folders, also from such as were made to do harm. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Entry, Image } from "../../server/src/core/image/image.ts";
import { lookUp, treeOf } from "../../server/src/core/image/tree.ts";
import { ImageError, type ImageErrorKind } from "../../server/src/effects/image/error.ts";
import { readImage, type ReadOptions } from "../../server/src/effects/image/read.ts";
import {
  dockerArchive,
  END,
  type File,
  type Made,
  ociArchive,
  ociFiles,
  sha256,
  tar,
  tarEntry,
  tarOf,
} from "./archives.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-image-"));
});
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function saved(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `${count++}.tar`);
  await writeFile(path, bytes);
  return path;
}
const read = async (bytes: Uint8Array, options?: ReadOptions): Promise<Image> => readImage(await saved(bytes), options);
/** The entries of a layer with these files. */
const entriesOf = async (files: readonly File[]): Promise<readonly Entry[]> =>
  (await read(ociArchive({ layers: [tar(files)] }))).layers[0]?.entries ?? [];
const fails = (promise: Promise<unknown>, kind: ImageErrorKind, message: RegExp): Promise<void> =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof ImageError, String(error));
    assert.match(error.message, message);
    assert.equal(error.kind, kind, error.message);
    return true;
  });

const HELLO = tar([{ name: "hello", content: "hello\n", mode: 0o600, uid: 7, gid: 8, mtime: 1_600_000_000 }]);

describe("forms of archives", () => {
  for (const compression of ["none", "gzip", "zstd"] as const) {
    test(`an OCI archive with ${compression} layers`, async () => {
      const { layers, platform, digest } = await read(ociArchive({ layers: [HELLO], compression }));
      assert.equal(layers[0]?.compression, compression);
      assert.deepEqual(layers[0].entries, [
        {
          path: "hello",
          type: "file",
          size: 6,
          mtime: 1_600_000_000,
          mode: 0o600,
          uid: 7,
          gid: 8,
          link: undefined,
          device: undefined,
          sha256: sha256("hello\n"),
          attributes: undefined,
        },
      ]);
      assert.equal(layers[0].diffId, `sha256:${sha256(HELLO)}`);
      assert.equal(layers[0].tarSize, HELLO.length);
      assert.equal(platform, "linux/amd64");
      assert.match(digest ?? "", /^sha256:/);
    });
  }

  test("an OCI layout in a folder", async () => {
    const path = await layout(ociFiles({ layers: [HELLO, tar([])] }));
    const { layers } = await readImage(path);
    assert.deepEqual(
      layers.map(({ entries }) => entries.map((entry) => entry.path)),
      [["hello"], []],
    );
  });

  test("a docker-archive, a repeated layer of which is a link", async () => {
    const image = await read(dockerArchive({ layers: [HELLO, tar([{ name: "a" }]), HELLO] }));
    assert.deepEqual(
      image.layers.map(({ entries }) => entries[0]?.path),
      ["hello", "a", "hello"],
    );
    assert.deepEqual(image.names, ["some/image:1"]);
  });

  test("an archive compressed as a whole", async () => {
    assert.equal((await read(gzipSync(ociArchive({ layers: [HELLO] })))).layers.length, 1);
    assert.equal((await read(zstdCompressSync(ociArchive({ layers: [HELLO] })))).layers.length, 1);
  });

  test("one of several platforms", async () => {
    const archive = ociArchive({ layers: [HELLO] }, { layers: [tar([{ name: "arm" }])], architecture: "arm64" });
    assert.equal((await read(archive)).platform, "linux/amd64");
    const arm = await read(archive, { platform: "linux/arm64/v8" });
    assert.equal(arm.layers[0]?.entries[0]?.path, "arm");
    await fails(
      read(archive, { platform: "linux/s390x" }),
      "no-image",
      /no image for linux\/s390x; it has linux\/amd64/,
    );
  });

  test("an index below the index, and an attestation beside the image, as containerd saves them", async () => {
    const files = ociFiles({ layers: [HELLO] });
    const inner = JSON.parse(Buffer.from(files.get("index.json") ?? "").toString()) as { manifests: object[] };
    const put = (value: object): string => {
      const bytes = Buffer.from(JSON.stringify(value));
      files.set(`blobs/sha256/${sha256(bytes)}`, bytes);
      return `sha256:${sha256(bytes)}`;
    };
    const attestation = put({ config: {}, layers: [] });
    const index = put({
      ...inner,
      manifests: [
        { digest: attestation, annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
        ...inner.manifests,
      ],
    });
    const annotations = { "io.containerd.image.name": "some/image:2" };
    files.set("index.json", Buffer.from(JSON.stringify({ manifests: [{ digest: index, annotations }] })));
    const image = await read(tarOf(files));
    assert.deepEqual([image.layers.length, image.names], [1, ["some/image:2"]]);
  });

  test("zstd in several frames, one of them to be skipped, as zstd:chunked has it", async () => {
    const skipped = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0]), Buffer.from("abcd")]);
    const blob = Buffer.concat([
      skipped,
      zstdCompressSync(HELLO.subarray(0, 700)),
      skipped,
      zstdCompressSync(HELLO.subarray(700)),
      skipped,
    ]);
    const image = await read(withLayerBlob(blob, HELLO));
    assert.equal(image.layers[0]?.entries[0]?.sha256, sha256("hello\n"));
  });

  test("gzip in several members, as estargz has it", async () => {
    const blob = Buffer.concat([gzipSync(HELLO.subarray(0, 512)), gzipSync(HELLO.subarray(512))]);
    assert.equal((await read(withLayerBlob(blob, HELLO))).layers[0]?.entries.length, 1);
  });
});

describe("tar headers", () => {
  const long = `${"d/".repeat(150)}file`;
  test("long names by PAX, by GNU and by prefix", async () => {
    const gnu = Buffer.concat([
      tarEntry({ name: "././@LongLink", flag: "L", content: `${long}-gnu\0` }),
      tarEntry({ name: "short" }),
      tarEntry({ name: "././@LongLink", flag: "K", content: `${long}-target\0` }),
      tarEntry({ name: "link", flag: "2" }),
      tarEntry({ name: "pax", pax: { path: `${long}-päx` } }),
      END,
    ]);
    const entries = (await read(ociArchive({ layers: [gnu] }))).layers[0]?.entries ?? [];
    assert.deepEqual(
      entries.map(({ path, link }) => link ?? path),
      [`${long}-gnu`, `${long}-target`, `${long}-päx`],
    );
  });

  test("times, owners and attributes of PAX stand before those of the header", async () => {
    const [entry] = await entriesOf([
      {
        name: "a",
        pax: { mtime: "1600000000.25", uid: "3000000000", "SCHILY.xattr.user.b": "2", "SCHILY.xattr.user.a": "1" },
      },
    ]);
    assert.deepEqual(
      [entry?.mtime, entry?.uid, entry?.attributes],
      [1_600_000_000.25, 3_000_000_000, "user.a=1\nuser.b=2"],
    );
  });

  test("hard links share content, folders and devices have none", async () => {
    const entries = await entriesOf([
      { name: "a", content: "x" },
      { name: "./b", flag: "1", link: "./a" },
      { name: "dir/", flag: "5" },
      { name: "null", flag: "3" },
    ]);
    assert.deepEqual(
      entries.map(({ path, type, link, device, size }) => [path, type, link, device, size]),
      [
        ["a", "file", undefined, undefined, 1],
        ["b", "hardlink", "a", undefined, 0],
        ["dir", "directory", undefined, undefined, 0],
        ["null", "character-device", undefined, "0:0", 0],
      ],
    );
  });

  test("a folder whose header gives a size, and a link that does", async () => {
    const entries = await entriesOf([
      { name: "dir/", flag: "5", size: 4_096 },
      { name: "after", content: "x" },
    ]);
    assert.deepEqual(
      entries.map(({ path }) => path),
      ["dir", "after"],
    );
  });

  test("a sparse file of PAX has the length it shows", async () => {
    const [entry] = await entriesOf([
      {
        name: "GNUSparseFile.0/holes",
        content: "1\n0\n4\nabcd",
        pax: { "GNU.sparse.major": "1", "GNU.sparse.name": "holes", "GNU.sparse.realsize": "1000000" },
      },
    ]);
    assert.deepEqual([entry?.path, entry?.size], ["holes", 1_000_000]);
  });

  test("paths that lead out of the image stay in it", async () => {
    const entries = await entriesOf([{ name: "../../etc/passwd" }, { name: "/abs" }, { name: "a/../../b//./c" }]);
    assert.deepEqual(
      entries.map(({ path }) => path),
      ["etc/passwd", "abs", "b/c"],
    );
  });

  test("of two entries with one path the last is shown", async () => {
    const entries = await entriesOf([
      { name: "a", content: "first" },
      { name: "./a", content: "second" },
    ]);
    assert.equal(lookUp(treeOf([entries]), "/a")?.content?.sha256, sha256("second"));
  });

  test("padding behind the end, as long as a medium's block", async () => {
    const padded = Buffer.concat([HELLO, Buffer.alloc(5 * 1024 * 1024)]);
    assert.equal((await read(ociArchive({ layers: [padded] }))).layers[0]?.entries.length, 1);
  });
});

describe("what is no image", () => {
  test("says so, with the path", async () => {
    const nothing = join(folder, "nothing.tar");
    await fails(readImage(nothing), "missing", /nothing\.tar does not exist/);
    await fails(read(Buffer.alloc(0)), "no-image", /it is empty/);
    await fails(read(Buffer.from("FROM scratch\n")), "no-image", /no tar archive/);
    await fails(read(Buffer.from("x".repeat(10_000))), "no-image", /no tar archive/);
    await fails(read(gzipSync(Buffer.from("x".repeat(10_000)))), "no-image", /no tar archive/);
    await fails(read(HELLO), "no-image", /neither index\.json nor manifest\.json; name an OCI layout/);
    await fails(readImage(folder), "no-image", /neither index\.json/);
    await fails(read(tar([{ name: "index.json", content: "{}" }])), "no-image", /names no image/);
    await fails(
      read(tar([{ name: "index.json", content: "{" }])),
      "corrupt",
      /index\.json: a JSON document cannot be read/,
    );
    await fails(read(tar([{ name: "manifest.json", content: "[null, 3]" }])), "no-image", /names no image/);
  });

  test("an artifact of another kind is not taken for one", async () => {
    const files = ociFiles({ layers: [HELLO] });
    const chart = Buffer.from(JSON.stringify({ config: { mediaType: "application/vnd.cncf.helm.config.v1+json" } }));
    files.set(`blobs/sha256/${sha256(chart)}`, chart);
    files.set("index.json", Buffer.from(JSON.stringify({ manifests: [{ digest: `sha256:${sha256(chart)}` }] })));
    await fails(read(tarOf(files)), "no-image", /names no image/);
  });
});

describe("damaged and hostile archives", () => {
  test("cut off anywhere: an error, and no hanging", async () => {
    const archive = ociArchive({ layers: [HELLO, tar([{ name: "big", content: "y".repeat(50_000) }])] });
    for (const part of [100, 600, 1_500, archive.length / 2, archive.length - 3_000])
      await assert.rejects(read(archive.subarray(0, part)), ImageError, String(part));
  });

  test("a blob whose digest is another than its name", async () => {
    const files = ociFiles({ layers: [HELLO] });
    for (const [name, bytes] of files) {
      if (!name.startsWith("blobs/")) continue;
      const changed = new Map(files).set(name, Buffer.concat([bytes, Buffer.from(" ")]));
      await fails(read(tarOf(changed)), "corrupt", /is damaged: its digest is sha256:/);
    }
  });

  test("a layer that is not the one the configuration names", async () => {
    await fails(read(withLayerBlob(gzipSync(HELLO), tar([]))), "corrupt", /is not the layer its configuration names/);
  });

  test("a layer cut off, damaged or missing", async () => {
    const packed = gzipSync(HELLO);
    await fails(read(withLayerBlob(packed.subarray(0, 40), HELLO)), "corrupt", /the gzip stream is cut off/);
    await fails(
      read(withLayerBlob(Buffer.concat([packed.subarray(0, 12), Buffer.from("damaged!"), packed]), HELLO)),
      "corrupt",
      /the gzip stream is damaged/,
    );
    await fails(
      read(withLayerBlob(zstdCompressSync(HELLO).subarray(0, 30), HELLO)),
      "corrupt",
      /the zstd stream is cut off/,
    );
    const short = HELLO.subarray(0, 514);
    await fails(read(ociArchive({ layers: [short] })), "corrupt", /the tar archive is cut off/);
    const files = ociFiles({ layers: [HELLO] });
    const layer = [...files].find(([, bytes]) => bytes[0] === 0x1f)?.[0] ?? "";
    files.delete(layer);
    await fails(read(tarOf(files)), "corrupt", /is missing/);
  });

  test("impossible sizes in headers", async () => {
    const negative = Buffer.alloc(12, 0xff);
    negative[11] = 0;
    const huge = Buffer.alloc(12, 0x7f);
    huge[0] = 0x80;
    for (const sizeField of [negative, huge])
      await fails(read(ociArchive({ layers: [tar([{ name: "a", sizeField }])] })), "corrupt", /an impossible size/);
    const pax = tar([{ name: "a", pax: { size: "many" } }, { name: "b" }]);
    await fails(read(ociArchive({ layers: [pax] })), "corrupt", /an impossible size/);
  });

  test("an extension header without end is not collected", async () => {
    const endless = Buffer.concat([
      tarEntry({ name: "pax", flag: "x", size: 8 * 1024 ** 3 - 1 }),
      Buffer.alloc(64 * 1024 * 1024, "a"),
    ]);
    const before = process.memoryUsage().arrayBuffers;
    await fails(read(ociArchive({ layers: [endless], compression: "gzip" })), "too-large", /an extension header/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 200 * 1024 * 1024);
  });

  test("a path longer than any system takes", async () => {
    const layers = [tar([{ name: "a", pax: { path: "x".repeat(5_000) } }])];
    await fails(read(ociArchive({ layers })), "corrupt", /a path of more than 4096 characters/);
  });

  test("bombs stop at the limits", async () => {
    const zeros = tar([{ name: "zeros", content: Buffer.alloc(20_000_000) }]);
    const limits = { unpackedBytes: 10_000_000, entries: 100, pathCharacters: 1_000, jsonBytes: 2_000, parts: 20 };
    for (const compression of ["gzip", "zstd"] as const)
      await fails(
        read(ociArchive({ layers: [zeros], compression }), { limits }),
        "too-large",
        /more than 10000000 uncompressed bytes/,
      );
    const many = tar(Array.from({ length: 101 }, (_, at) => ({ name: String(at) })));
    await fails(read(ociArchive({ layers: [many] }), { limits }), "too-large", /more than 100 files in the layers/);
    const named = tar([{ name: "a".repeat(90) }, ...Array.from({ length: 20 }, () => ({ name: "b".repeat(90) }))]);
    await fails(read(ociArchive({ layers: [named] }), { limits }), "too-large", /more than 1000 characters/);
    const wordy: Made = { layers: [HELLO], config: { config: { Labels: { long: "x".repeat(3_000) } } } };
    await fails(read(ociArchive(wordy), { limits }), "too-large", /a JSON document is larger than 2000 bytes/);
    const parts = tar(Array.from({ length: 21 }, (_, at) => ({ name: String(at) })));
    await fails(read(parts, { limits }), "too-large", /more than 20 files around the layers/);
  });

  test("what belongs to no image may be broken or large", async () => {
    const files = ociFiles({ layers: [HELLO] });
    for (const bytes of [Buffer.from("{ not JSON"), gzipSync("no tar"), Buffer.from(`{"a":"${"x".repeat(3_000)}"}`)])
      files.set(`blobs/sha256/${sha256(bytes)}`, bytes);
    const image = await read(tarOf(files), { limits: { jsonBytes: 2_000 } });
    assert.equal(image.layers.length, 1);
  });

  test("links among the archive's files that go round in a circle", async () => {
    const loop = tar([
      { name: "manifest.json", flag: "2", link: "index.json" },
      { name: "index.json", flag: "2", link: "manifest.json" },
    ]);
    await fails(read(loop), "no-image", /neither index\.json/);
  });

  test("a layout's links are not followed out of its folder", async () => {
    const files = ociFiles({ layers: [HELLO] });
    const outside = await saved(files.get("index.json") ?? Buffer.alloc(0));
    files.delete("index.json");
    const path = await layout(files);
    await symlink(outside, join(path, "index.json"));
    await fails(readImage(path), "no-image", /neither index\.json/);
  });
});

describe("small files that say what is installed", () => {
  const manifest = '{"devDependencies":{"x":"1"}}';
  const layers = [
    tar([
      { name: "srv/package.json", content: manifest },
      { name: "srv/index.js", content: "x" },
      { name: "var/lib/dpkg/info/gcc-12.list", content: "/usr/bin/gcc\n" },
    ]),
  ];

  test("are kept by their paths", async () => {
    for (const hashFiles of [true, false]) {
      const image = await read(ociArchive({ layers }), { hashFiles });
      assert.deepEqual(
        [...(image.layers[0]?.texts ?? [])],
        [
          ["srv/package.json", manifest],
          ["var/lib/dpkg/info/gcc-12.list", "/usr/bin/gcc\n"],
        ],
      );
    }
  });

  test("whole, also where they came in several pieces of a large file", async () => {
    const long = JSON.stringify({ description: "x".repeat(200_000) });
    const filler = Buffer.alloc(3_000_000, "y");
    const files = ociFiles({
      layers: [
        tar([
          ...Array.from({ length: 12 }, (_, at) => ({ name: `${at}/package.json`, content: long })),
          { name: "filler", content: filler },
        ]),
      ],
      compression: "none",
      config: { config: { Labels: { long: "z".repeat(1_500_000) } } },
    });
    // The configuration first, so that much is read after it.
    const image = await read(tarOf(new Map([...files].toReversed())));
    assert.match(JSON.stringify(image.config), /"long":"z{1500000}"/);
    assert.deepEqual(
      [...(image.layers[0]?.texts?.values() ?? [])],
      Array.from({ length: 12 }, () => long),
    );
  });

  test("while there is room for them", async () => {
    const image = await read(ociArchive({ layers }), { limits: { textBytes: 20 } });
    assert.deepEqual([...(image.layers[0]?.texts?.keys() ?? [])], ["var/lib/dpkg/info/gcc-12.list"]);
    assert.equal(image.layers[0]?.entries[0]?.sha256, sha256(manifest));
  });

  test("a folder or a link of such a name is none", async () => {
    const image = await read(
      ociArchive({
        layers: [
          tar([
            { name: "package.json/", flag: "5" },
            { name: "srv/package.json", flag: "2", link: "x" },
          ]),
        ],
      }),
    );
    assert.equal(image.layers[0]?.texts?.size, 0);
  });
});

describe("reading in a session", () => {
  test("progress ends at the size of the file", async () => {
    const archive = ociArchive({
      layers: [tar([{ name: "big", content: Buffer.alloc(3_000_000, "abc") }])],
      compression: "none",
    });
    const seen: (readonly number[])[] = [];
    await read(archive, { onProgress: (done, total) => void seen.push([done, total]) });
    assert.ok(seen.length > 2);
    assert.deepEqual(seen.at(-1), [archive.length, archive.length]);
  });

  test("a signal stops it", async () => {
    const path = await saved(
      ociArchive({ layers: [tar([{ name: "big", content: Buffer.alloc(5_000_000, "abc") }])], compression: "none" }),
    );
    const controller = new AbortController();
    const reason = new Error("enough");
    await assert.rejects(
      readImage(path, { signal: controller.signal, onProgress: () => controller.abort(reason) }),
      reason,
    );
  });

  test("a layer that is known is not gone through again, and its digest still is", async () => {
    const known = new Map();
    const first = await read(ociArchive({ layers: [HELLO] }), { known });
    const second = await read(ociArchive({ layers: [HELLO, tar([])] }), { known });
    assert.equal(second.layers[0], first.layers[0]);
    const files = ociFiles({ layers: [HELLO] });
    const name = [...files].find(([, bytes]) => bytes[0] === 0x1f)?.[0] ?? "";
    files.set(name, gzipSync(tar([])));
    await fails(read(tarOf(files), { known }), "corrupt", /is damaged/);
  });
});

/** An archive whose layer is stored as these bytes. */
const withLayerBlob = (blob: Uint8Array, content: Uint8Array): Buffer =>
  ociArchive({ layers: [content], stored: [blob] });

async function layout(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const path = join(folder, `layout-${count++}`);
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), bytes);
  }
  return path;
}
