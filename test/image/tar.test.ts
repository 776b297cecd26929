/** Tar archives read piece by piece: the same whatever the pieces are, and as engines read them where a format leaves a choice. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import fc from "fast-check";
import { extract, pack } from "tar-stream";
import { cleanPath } from "../../server/src/core/image/image.ts";
import { ImageError, type ImageErrorKind } from "../../server/src/effects/image/error.ts";
import { type Header, untarring } from "../../server/src/effects/image/tar.ts";
import { END, type File, tar, tarEntry } from "./archives.ts";

interface Seen {
  readonly header: Header;
  readonly content: string;
}

/** `cuts`: where the archive is cut into pieces. `slow`: the sinks take their time. */
async function read(archive: Uint8Array, cuts: readonly number[] = [], slow = false): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  let destroyed = 0;
  const later = (): Promise<void> | undefined => (slow ? new Promise((resolve) => setImmediate(resolve)) : undefined);
  const sink = untarring((header) => {
    const pieces: Uint8Array[] = [];
    return {
      write(piece) {
        const copy = Uint8Array.from(piece);
        return later()?.then(() => void pieces.push(copy)) ?? void pieces.push(copy);
      },
      end() {
        const done = (): void => void seen.push({ header, content: Buffer.concat(pieces).toString() });
        return later()?.then(done) ?? done();
      },
      destroy: () => void destroyed++,
    };
  });
  try {
    const bounds = [0, ...[...cuts].sort((a, b) => a - b), archive.length];
    for (const [at, from] of bounds.slice(0, -1).entries()) {
      // A piece is the caller's again when it is taken.
      const piece = Uint8Array.from(archive.subarray(from, bounds[at + 1]));
      await sink.write(piece);
      piece.fill(0xaa);
    }
    await sink.end();
  } catch (error) {
    sink.destroy();
    assert.ok(destroyed <= 1);
    throw error;
  }
  return seen;
}
const headers = async (archive: Uint8Array): Promise<readonly Header[]> =>
  (await read(archive)).map(({ header }) => header);
const fails = (archive: Uint8Array, kind: ImageErrorKind, message: RegExp): Promise<void> =>
  assert.rejects(read(archive), (error) => {
    assert.ok(error instanceof ImageError, String(error));
    assert.match(error.message, message);
    assert.equal(error.kind, kind);
    return true;
  });

const MANY: readonly File[] = [
  { name: "dir/", flag: "5" },
  { name: "a", content: "x".repeat(511) },
  { name: "b", content: "y".repeat(512) },
  { name: "c", content: "z".repeat(513), pax: { path: `${"long/".repeat(60)}c`, mtime: "1.5" } },
  { name: "././@LongLink", flag: "L", content: `${"gnu/".repeat(60)}d\0` },
  { name: "d", content: "" },
  { name: "e", content: "end" },
];

describe("pieces", () => {
  test("wherever the archive is cut, what is read is the same", async () => {
    const archive = tar(MANY);
    const whole = await read(archive);
    assert.deepEqual(
      whole.map(({ header, content }) => [header.path.length, content.length]),
      [
        [3, 0],
        [1, 511],
        [1, 512],
        [301, 513],
        [241, 0],
        [1, 3],
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(archive.length), { maxLength: 12 }), fc.boolean(), async (cuts, slow) =>
        assert.deepEqual(await read(archive, cuts, slow), whole),
      ),
      { numRuns: 60 },
    );
  });

  test("byte by byte", async () => {
    const archive = tar(MANY);
    const every = Array.from({ length: archive.length - 1 }, (_, at) => at + 1);
    assert.deepEqual(await read(archive, every), await read(archive));
  });

  test("any bytes are an error or entries, and nothing hangs", async () => {
    const archive = tar(MANY);
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(255), fc.nat(archive.length), async (at, byte, length) => {
        const changed = Buffer.from(archive);
        changed[at] = byte;
        await read(changed.subarray(0, length)).catch((error: unknown) => assert.ok(error instanceof ImageError));
      }),
      { numRuns: 300 },
    );
  });
});

describe("a second opinion", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }).filter((text) => /^[^/\0]+$/.test(text));
  const common = {
    name: fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/")),
    mode: fc.nat(0o7777),
    uid: fc.nat(3_000_000),
    gid: fc.nat(2_097_151),
    seconds: fc.nat(2 ** 31 - 1), // it writes no later time right
  };
  const entry = fc.oneof(
    fc.record({ ...common, type: fc.constant("file" as const), content: fc.string({ maxLength: 1_500 }) }),
    fc.record({ ...common, type: fc.constantFrom("symlink" as const, "link" as const), linkname: name }),
    fc.record({ ...common, type: fc.constantFrom("directory" as const, "fifo" as const) }),
  );

  test("tar-stream reads the same out of what it writes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 6 }), async (entries) => {
        const packing = pack();
        for (const each of entries) {
          const { seconds, ...header } = each;
          packing.entry({ ...header, mtime: new Date(seconds * 1000) }, "content" in each ? each.content : "");
        }
        packing.finalize();
        const archive = await buffer(packing);
        const theirs: string[] = [];
        const parser = extract();
        parser.on("entry", (raw, body, next) => {
          const link = raw.type === "link" ? cleanPath(raw.linkname ?? "") : (raw.linkname ?? "");
          const numbers = [raw.mode, raw.uid, raw.gid, (raw.mtime?.getTime() ?? 0) / 1000, raw.size];
          theirs.push([cleanPath(raw.name), raw.type, link, ...numbers].join("|"));
          body.on("end", next);
          body.resume();
        });
        await pipeline(Readable.from([archive]), parser);
        const ours = (await headers(archive)).map((header) =>
          [
            ...[header.path, header.type.replace("hardlink", "link"), header.link ?? ""],
            ...[header.mode, header.uid, header.gid, header.mtime, header.stored],
          ].join("|"),
        );
        assert.deepEqual(ours, theirs);
      }),
      { numRuns: 100 },
    );
  });
});

describe("where formats leave a choice", () => {
  test("what stands behind the end is none of it, as for the engines", async () => {
    const behind = Buffer.concat([tar([{ name: "a" }]), tar([{ name: "b" }]), Buffer.from("no header at all")]);
    assert.deepEqual(
      (await headers(behind)).map(({ path }) => path),
      ["a"],
    );
  });

  test("one block of zeros ends nothing; an end may be missing", async () => {
    const lone = Buffer.concat([tarEntry({ name: "a" }), Buffer.alloc(512), tarEntry({ name: "b" })]);
    assert.deepEqual(
      (await headers(lone)).map(({ path }) => path),
      ["a", "b"],
    );
    assert.deepEqual(await headers(Buffer.alloc(0)), []);
  });

  test("PAX for the whole archive is passed over, as by the engines", async () => {
    const content = "12 path=xx\n";
    const archive = tar([{ name: "global", flag: "g", content }, { name: "a" }]);
    assert.deepEqual(
      (await headers(archive)).map(({ path }) => path),
      ["a"],
    );
  });

  test("GNU's long name stands before that of PAX, the name of a sparse file before both", async () => {
    const long = (name: string): File => ({ name: "././@LongLink", flag: "L", content: `${name}\0` });
    const archive = tar([long("gnu"), { name: "a", pax: { path: "pax" } }]);
    assert.deepEqual(
      (await headers(archive)).map(({ path }) => path),
      ["gnu"],
    );
    const sparse = tar([{ name: "a", pax: { "GNU.sparse.name": "real", path: "GNUSparseFile.1/real" } }]);
    assert.deepEqual(
      (await headers(sparse)).map(({ path }) => path),
      ["real"],
    );
  });

  test("the last of several records and of several headers counts, an empty value says nothing", async () => {
    const archive = Buffer.concat([
      tarEntry({ name: "pax", flag: "x", content: "8 uid=1\n8 uid=2\n9 path=x\n" }),
      tarEntry({ name: "pax", flag: "x", content: "9 path=y\n7 gid=\n" }),
      tarEntry({ name: "a", gid: 7 }),
      END,
    ]);
    const [header] = await headers(archive);
    assert.deepEqual([header?.path, header?.uid, header?.gid], ["y", 0, 7]);
    const [twice] = await headers(
      Buffer.concat([
        tarEntry({ name: "pax", flag: "x", content: "8 uid=1\n8 uid=2\n" }),
        tarEntry({ name: "a" }),
        END,
      ]),
    );
    assert.equal(twice?.uid, 2);
  });

  test("of links, folders and devices no content follows, whatever they say", async () => {
    const archive = tar(
      ["1", "2", "3", "4", "5", "6"].map((flag, at) => ({ name: `${at}`, flag, link: "x", size: 700 })),
    );
    assert.deepEqual(
      (await headers(archive)).map(({ type, stored, size }) => `${type} ${stored} ${size}`),
      ["hardlink 0 0", "symlink 0 0", "character-device 0 0", "block-device 0 0", "directory 0 0", "fifo 0 0"],
    );
  });

  test("a kind that nobody knows is passed over with its content", async () => {
    const archive = tar([{ name: "volume", flag: "V", content: "x".repeat(600) }, { name: "a" }]);
    assert.deepEqual(
      (await headers(archive)).map(({ path, type }) => `${path} ${type}`),
      ["volume other", "a file"],
    );
  });

  test("a name that ends in a slash is a folder", async () => {
    assert.equal((await headers(tar([{ name: "d/" }])))[0]?.type, "directory");
  });

  test("prefixes: of POSIX, shorter in star's format, not in GNU's", async () => {
    const withPrefix = (magic: string, trailer: string): Buffer =>
      patched({ name: "name" }, (block) => {
        block.write(magic, 257, "latin1");
        block.write("p".repeat(155), 345, "latin1");
        if (trailer !== "") block.write(trailer, 508, "latin1");
      });
    const path = async (archive: Buffer): Promise<string> => (await headers(archive))[0]?.path ?? "";
    assert.equal(await path(withPrefix("ustar\u000000", "")), `${"p".repeat(155)}/name`);
    assert.equal(await path(withPrefix("ustar\u000000", "tar\0")), `${"p".repeat(131)}/name`);
    assert.equal(await path(withPrefix("ustar  \0", "")), "name");
  });

  test("names that are no UTF-8 stay apart", async () => {
    const named = (byte: number): Buffer =>
      patched({ name: "x" }, (block) => block.writeUInt8(byte, 0)).subarray(0, 512);
    const pax = Buffer.concat([Buffer.from("9 path="), Buffer.from([0xe9]), Buffer.from("\n")]);
    const archive = Buffer.concat([
      ...[named(0xc4), named(0xd6)],
      ...[tarEntry({ name: "pax", flag: "x", content: pax }), tarEntry({ name: "a" }), END],
    ]);
    assert.deepEqual(
      (await headers(archive)).map(({ path }) => path),
      ["Ä", "Ö", "é"],
    );
  });

  test("sums of signed bytes, as old programs made them", async () => {
    const archive = patched({ name: "ä" }, () => {}, true);
    assert.equal((await headers(archive))[0]?.path, "ä");
  });
});

describe("numbers", () => {
  test("binary ones: sizes beyond eight gigabytes, times before 1970", async () => {
    const size = Buffer.alloc(12);
    size[0] = 0x80;
    size.writeUIntBE(5, 6, 6);
    const [big] = await headers(tar([{ name: "a", content: "12345", sizeField: size }]));
    assert.deepEqual([big?.size, big?.stored], [5, 5]);
    const old = patched({ name: "a" }, (block) => {
      block.fill(0xff, 136, 148);
      block[147] = 0xfe;
    });
    assert.equal((await headers(old))[0]?.mtime, -2);
  });

  test("blanks before them, nothing at all, and what is no number", async () => {
    const odd = patched({ name: "a" }, (block) => {
      block.write("    644\0", 100, "latin1");
      block.fill(0, 108, 116);
      block.write("nobody\0\0", 116, "latin1");
    });
    const [header] = await headers(odd);
    assert.deepEqual([header?.mode, header?.uid, header?.gid], [0o644, 0, 0]);
  });

  test("sizes that are none", async () => {
    const text = (value: string): Buffer => patched({ name: "a" }, (block) => block.write(value, 124, "latin1"));
    await fails(text("12a45678901\0"), "corrupt", /an impossible size/);
    for (const size of ["-1", "1e400", "9007199254740993", "many", "0.5"])
      await fails(tar([{ name: "a", pax: { size } }]), "corrupt", /an impossible size/);
    await fails(tar([{ name: "a", pax: { "GNU.sparse.realsize": "-5" } }]), "corrupt", /an impossible size/);
  });
});

describe("extended attributes", () => {
  test("as text where they are some, else in hexadecimal", async () => {
    const record = Buffer.concat([
      Buffer.from("SCHILY.xattr.security.capability="),
      Buffer.from([1, 0, 0, 2, 0xff, 0]),
      Buffer.from("\n"),
    ]);
    const content = Buffer.concat([
      Buffer.from("33 SCHILY.xattr.user.b=two words\n"),
      Buffer.from(`${record.length + 3} `),
      record,
    ]);
    const archive = Buffer.concat([tarEntry({ name: "pax", flag: "x", content }), tarEntry({ name: "a" }), END]);
    const [header] = await headers(archive);
    assert.equal(header?.attributes, "security.capability=0x01000002ff00\nuser.b=two words");
  });
});

describe("damaged archives", () => {
  const pax = (content: string | Uint8Array): Buffer =>
    Buffer.concat([tarEntry({ name: "pax", flag: "x", content }), tarEntry({ name: "a" }), END]);

  test("records that are none", async () => {
    for (const content of ["path=x\n", "99 path=x\n", "9 path=xy", "8 pathx\n", "x path=y\n", "-1 a=b\n", "0 a=b\n"])
      await fails(pax(content), "corrupt", /an extension header cannot be read/);
    await fails(pax("11 path=a\0b\n"), "corrupt", /an extension header cannot be read/);
    await fails(pax("9 mtime=x\n".replace("9", "10")), "corrupt", /an extension header cannot be read/);
  });

  test("cut off: in a header, in content, before the entry of an extension", async () => {
    const archive = tar([{ name: "a", content: "x".repeat(600) }]);
    for (const length of [300, 700, 1_100]) await fails(archive.subarray(0, length), "corrupt", /is cut off/);
    await fails(tarEntry({ name: "pax", flag: "x", content: "9 path=x\n" }), "corrupt", /is cut off/);
    const goesOn = patched({ name: "a", flag: "S" }, (block) => block.writeUInt8(1, 482));
    await fails(goesOn.subarray(0, 512), "corrupt", /is cut off/);
  });

  test("a sum that is not right", async () => {
    const archive = tar([{ name: "a" }]);
    archive[0] = 0x62;
    await fails(archive, "corrupt", /checksum or form is wrong/);
  });

  test("extensions without end: one large one, many small ones, a sparse map that goes on", async () => {
    const large = tarEntry({ name: "pax", flag: "x", size: 1024 * 1024 + 1 });
    await fails(large, "too-large", /an extension header/);
    const small = tarEntry({ name: "././@LongLink", flag: "L", content: "x".repeat(100_000) });
    await fails(Buffer.concat(Array.from({ length: 20 }, () => small)), "too-large", /an extension header/);
    const map = patched({ name: "a", flag: "S" }, (block) => block.writeUInt8(1, 482)).subarray(0, 512);
    const more = Buffer.alloc(512, "1");
    await fails(Buffer.concat([map, ...Array.from({ length: 3_000 }, () => more)]), "too-large", /an extension header/);
  });
});

/** An archive with one entry whose header is changed, with its sum put right again. */
function patched(file: File, change: (block: Buffer) => unknown, signed = false): Buffer {
  const archive = tar([file]);
  change(archive);
  archive.fill(0x20, 148, 156);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + (signed && byte > 127 ? byte - 256 : byte), 0);
  archive.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return archive;
}
