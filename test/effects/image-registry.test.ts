/** Images read from registries: layers that come in pieces, from elsewhere, twice or not at all, and tables of contents, true and false ones. */
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { ImageError } from "../../server/src/effects/image/error.ts";
import { outlineOf, readSource, type SourceOptions } from "../../server/src/effects/image/source.ts";
import { RegistryError } from "../../server/src/effects/registry/errors.ts";
import { END, type File, sha256, tar, tarEntry } from "../image/archives.ts";
import { type LocalServer, serve } from "./local-server.ts";

const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

interface LayerOf {
  readonly tar: Buffer;
  /** What the registry has of it; compressed with gzip by default. */
  readonly stored?: Buffer;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly size?: number;
}

/** How a layer is given; whole, or the range that was asked for, by default. */
type Gives = (response: ServerResponse, bytes: Buffer, request: IncomingMessage) => void;

interface Hosted {
  readonly documents: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  readonly layers: Map<string, Buffer>;
  readonly gives: Gives;
}

const hosted = new Map<string, Hosted>();
/** Of layers: whether a range was asked for, and the login that came along. */
let asked: { readonly range: string | undefined; readonly authorization: string | undefined }[] = [];
let server: LocalServer;
let elsewhere: LocalServer;

const range: Gives = (response, bytes, { headers }) => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
  if (from === undefined || to === undefined) {
    response.writeHead(200, { "content-length": bytes.length });
    response.end(bytes);
    return;
  }
  const part = bytes.subarray(Number(from), Number(to) + 1);
  response.writeHead(206, { "content-range": `bytes ${from}-${to}/${bytes.length}`, "content-length": part.length });
  response.end(part);
};
const whole: Gives = (response, bytes) => response.end(bytes);

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, name = "", kind, reference = ""] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? "") ?? [];
  const image = hosted.get(name);
  const document = image?.documents.get(reference);
  const layer = image?.layers.get(reference);
  if (document) {
    response.writeHead(200, { "content-type": document.type });
    response.end(document.bytes);
  } else if (image && layer && kind === "blobs") {
    asked.push({ range: request.headers.range, authorization: request.headers.authorization });
    image.gives(response, layer, request);
  } else {
    response.writeHead(404);
    response.end();
  }
}

/** Puts an image there under its name with the tag 1. */
function host(
  name: string,
  layers: readonly LayerOf[],
  { gives = range, config = {}, platforms }: { gives?: Gives; config?: object; platforms?: readonly string[] } = {},
): string {
  const documents: Hosted["documents"] = new Map();
  const stored = new Map<string, Buffer>();
  const add = (type: string, value: object): { mediaType: string; digest: string; size: number } => {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${sha256(bytes)}`;
    documents.set(digest, { type, bytes });
    return { mediaType: type, digest, size: bytes.length };
  };
  const described = layers.map((layer) => {
    const bytes = layer.stored ?? gzipSync(layer.tar);
    const digest = `sha256:${sha256(bytes)}`;
    stored.set(digest, bytes);
    const { mediaType = `${LAYER_TYPE}+gzip`, annotations, size = bytes.length } = layer;
    return { mediaType, digest, size, ...(annotations && { annotations }) };
  });
  const manifest = (platform: string) => {
    const [os, architecture] = platform.split("/");
    const own = add(CONFIG_TYPE, {
      ...{ os, architecture, history: layers.map((_layer, at) => ({ created_by: `COPY ${at} /` })) },
      ...{ rootfs: { type: "layers", diff_ids: layers.map((layer) => `sha256:${sha256(layer.tar)}`) }, ...config },
    });
    const added = add(MANIFEST_TYPE, { schemaVersion: 2, mediaType: MANIFEST_TYPE, config: own, layers: described });
    return { ...added, platform: { os, architecture } };
  };
  const top = platforms
    ? add(INDEX_TYPE, { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: platforms.map(manifest) })
    : manifest("linux/amd64");
  const document = documents.get(top.digest);
  if (document) documents.set("1", document);
  hosted.set(name, { documents, layers: stored, gives });
  return `${server.host}/${name}:1`;
}

/** Short, so that a server which never ends costs the test a second or two. */
const LIMITS = { idleMs: 1000, totalMs: 2500, retryMs: 5, blobMs: 2000, blobBytesPerSecond: 1 << 30 };

function read(image: string, options: SourceOptions & { readonly platform?: string } = {}) {
  asked = [];
  const source = { kind: "registry", image, ...(options.platform && { platform: options.platform }) } as const;
  return readSource(source, { registry: { trusted: false, env: {}, limits: LIMITS }, ...options });
}

async function failure(image: string, options: SourceOptions & { readonly platform?: string } = {}) {
  const error: unknown = await read(image, options).catch((each: unknown) => each);
  assert.ok(error instanceof RegistryError || error instanceof ImageError, String(error));
  return error;
}

const random = (size: number): Buffer => {
  let state = 1;
  return Buffer.from(Uint8Array.from({ length: size }, () => (state = (state * 48_271) % 0x7fffffff) & 0xff));
};
const FILES: readonly File[] = [
  { name: "etc/", flag: "5", mode: 0o755 },
  { name: "etc/large", content: random(700_000), uid: 7, gid: 8, mode: 0o4755 },
  { name: "etc/empty" },
  { name: "etc/hard", flag: "1", link: "etc/large" },
  { name: "etc/soft", flag: "2", link: "../large", mode: 0o777 },
  { name: "etc/.wh.gone" },
  { name: "etc/special", content: "x", pax: { "SCHILY.xattr.user.name": "value" } },
];
const LAYER = tar(FILES);
const OTHER = tar([{ name: "other", content: "other" }]);

describe("an image of a registry", () => {
  before(async () => {
    server = await serve(answer);
    elsewhere = await serve((request, response) => {
      asked.push({ range: request.headers.range, authorization: request.headers.authorization });
      range(response, gzipSync(LAYER), request);
    });
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await elsewhere[Symbol.asyncDispose]();
  });

  test("its layers in order, the same one fetched once, and how far it is", async () => {
    const image = host("plain", [{ tar: LAYER }, { tar: OTHER }, { tar: LAYER }]);
    const progress: (readonly [number, number | undefined])[] = [];
    const found = await read(image, { onProgress: (...each) => progress.push(each) });
    assert.deepEqual(found.origins, ["read", "read", "read"]);
    assert.deepEqual(
      found.layers.map(({ diffId }) => diffId),
      [LAYER, OTHER, LAYER].map((each) => `sha256:${sha256(each)}`),
    );
    assert.deepEqual(
      found.layers[0]?.entries.map(({ path }) => path),
      FILES.map(({ name }) => name.replace(/\/$/, "")),
    );
    assert.equal(asked.length, 2);
    const total = found.layers.reduce((sum, { storedSize }) => sum + storedSize, 0);
    assert.ok(
      progress.every(([done, of], at) => of === total && done >= (progress[at - 1]?.[0] ?? 0) && done <= total),
    );
    const outline = await outlineOf({ kind: "registry", image });
    assert.deepEqual(
      [outline.digest, outline.platform, outline.sizeMeaning],
      [found.digest, "linux/amd64", "compressed"],
    );
    assert.deepEqual(outline.history, found.history);
  });

  test("of several platforms the one asked for", async () => {
    const image = host("many", [{ tar: OTHER }], { platforms: ["linux/s390x", "linux/arm64"] });
    assert.equal((await read(image)).platform, process.arch === "arm64" ? "linux/arm64" : "linux/s390x");
    assert.equal((await read(image, { platform: "linux/arm64/v8" })).platform, "linux/arm64");
    assert.match(
      (await failure(image, { platform: "linux/riscv64" })).message,
      /for linux\/riscv64; it has linux\/s390x, linux\/arm64$/,
    );
  });

  test("a connection that breaks is taken up where it broke, by a server of ranges and by another", async () => {
    for (const [name, after] of [
      ["broken", range],
      ["broken-whole", whole],
    ] as const) {
      let times = 0;
      const gives: Gives = (response, bytes, request) => {
        if (++times > 1) return after(response, bytes, request);
        response.writeHead(200, { "content-length": bytes.length });
        response.write(bytes.subarray(0, 300_000), () => response.destroy());
      };
      const found = await read(host(name, [{ tar: LAYER }], { gives }));
      assert.equal(found.layers[0]?.diffId, `sha256:${sha256(LAYER)}`);
      assert.deepEqual(
        asked.map((each) => each.range !== undefined),
        [false, true],
      );
    }
  });

  test("one that breaks each time, is silent, drips, or gives another length is given up", async () => {
    const cases: readonly (readonly [string, Gives, RegExp])[] = [
      [
        "always",
        (response, bytes) => void response.write(bytes.subarray(0, 10), () => response.destroy()),
        /closed the connection/,
      ],
      ["silent", (response, bytes) => void response.write(bytes.subarray(0, 10)), /took over 2 s/],
      ["short", (response, bytes) => response.end(bytes.subarray(0, 10)), /early|gave another/],
      ["long", (response, bytes) => response.end(Buffer.concat([bytes, bytes])), /sent more than the \d+ bytes/],
      [
        "drip",
        (response, bytes) => {
          let at = 0;
          const timer = setInterval(() => response.write(bytes.subarray(at, ++at)), 100);
          response.on("close", () => clearInterval(timer));
        },
        /took over 2 s/,
      ],
      [
        "other-range",
        (response, bytes, { headers }) => {
          response.writeHead(headers.range ? 206 : 200, { "content-range": "bytes 0-9/10" });
          response.write(bytes.subarray(0, 10), () => response.destroy());
        },
        /asked for a part of a layer and gave another/,
      ],
      ["error", (response) => response.writeHead(500).end(), /unable to answer for a layer of/],
    ];
    for (const [name, gives, message] of cases)
      assert.match((await failure(host(`wrong-${name}`, [{ tar: LAYER }], { gives }))).message, message, name);
  });

  test("a redirect to another host takes no login along", async () => {
    const gives: Gives = (response, _bytes, { headers }) => {
      if (headers.authorization === undefined) response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
      else response.writeHead(307, { location: `http://${elsewhere.host}/blob` }).end();
    };
    const image = host("moved", [{ tar: LAYER }], { gives });
    const auth = Buffer.from("someone:secret-of-the-test").toString("base64");
    const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [server.host]: { auth } } }) };
    const found = await read(image, { registry: { trusted: true, env, limits: LIMITS } });
    assert.equal(found.origins[0], "read");
    assert.deepEqual(asked.at(-1)?.authorization, undefined);
    assert.ok(asked.some(({ authorization }) => authorization === `Basic ${auth}`));
  });

  test("what a mirror does not give comes from the registry it stands for", async () => {
    const image = host("mirrored", [{ tar: LAYER }]);
    const own = hosted.get("mirrored");
    assert.ok(own);
    const seen: string[] = [];
    await using mirror = await serve((request, response) => {
      seen.push(request.url ?? "");
      if (!request.url?.includes("/blobs/") || [...own.documents.keys()].some((each) => request.url?.includes(each))) {
        request.url = request.url?.replace(/\?.*/, "");
        answer(request, response);
      } else if (seen.length > 3) response.writeHead(404).end(); // silent before
    });
    const mirrors = { [server.host]: [`http://${mirror.host}`] };
    const found = await read(image, {
      registry: { trusted: false, env: {}, mirrors, limits: { ...LIMITS, idleMs: 300 } },
    });
    assert.deepEqual(found.origins, ["read"]);
    assert.equal(asked.length, 1);
    assert.ok(
      seen.some((url) => url.includes("/manifests/1")) && seen.some((url) => url.includes("/blobs/")),
      seen.join(),
    );
  });

  test("what is not what the manifest or the configuration says", async () => {
    const changed = host("changed", [{ tar: LAYER }], {
      gives: (response) => response.end(gzipSync(LAYER, { level: 1 })),
    });
    assert.match((await failure(changed)).message, /digest is|sent more than|early|damaged/);
    const sameLength = host("same-length", [{ tar: LAYER }], {
      gives(response, bytes) {
        const other = Buffer.from(bytes);
        other[4] = 0xff; // the time in a gzip header
        response.end(other);
      },
    });
    assert.match((await failure(sameLength)).message, /is damaged: its digest is/);
    const otherDiff = host("other-diff", [{ tar: OTHER }], {
      config: { rootfs: { diff_ids: [`sha256:${sha256(LAYER)}`] } },
    });
    assert.match((await failure(otherDiff)).message, /is not the layer its configuration names/);
    const twice = host("twice", [{ tar: OTHER }, { tar: OTHER }], {
      config: { rootfs: { diff_ids: [`sha256:${sha256(OTHER)}`, `sha256:${sha256(LAYER)}`] } },
    });
    assert.match((await failure(twice)).message, /is not the layer its configuration names/);
    const fewer = host("fewer", [{ tar: OTHER }], { config: { rootfs: { diff_ids: [] } } });
    assert.match((await failure(fewer)).message, /names 1 layers and its configuration 0/);
    const negative = host("negative", [{ tar: OTHER, size: -1 }]);
    assert.match((await failure(negative)).message, /layers have no digest or no size/);
    const encrypted = host("encrypted", [{ tar: OTHER, mediaType: `${LAYER_TYPE}+gzip+encrypted` }]);
    assert.match((await failure(encrypted)).message, /layers are encrypted/);
    const chart = host("chart", [{ tar: OTHER, stored: Buffer.from("{}"), mediaType: "application/json" }]);
    assert.match((await failure(chart)).message, /is no layer of a container image/);
    const bomb = await failure(host("bomb", [{ tar: LAYER }]), { limits: { unpackedBytes: 1000 } });
    assert.match(bomb.message, /more than 1000 uncompressed bytes/);
  });

  test("Windows' base layers stay where they are", async () => {
    const foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    const found = await read(host("windows", [{ tar: LAYER, mediaType: foreign }, { tar: OTHER }]));
    assert.deepEqual(found.origins, ["none", "read"]);
    assert.equal(asked.length, 1);
  });

  test("cancelled in the middle, nothing is asked for any more", async () => {
    const controller = new AbortController();
    const gives: Gives = (response, bytes) => void response.write(bytes.subarray(0, 1000));
    const image = host("cancelled", [{ tar: LAYER }, { tar: OTHER }], { gives });
    const reading = read(image, { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) });
    await assert.rejects(reading, /^Error: enough$/);
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(asked.length, before);
  });
});

interface Table {
  readonly name: string;
  readonly [key: string]: unknown;
}

const TYPES: Readonly<Record<string, string>> = { "0": "reg", "1": "hardlink", "2": "symlink", "5": "dir" };

/** What a table of contents has of these files. */
const tableOf = (files: readonly File[]): readonly Table[] =>
  files.map((file) => ({
    ...{
      name: file.name,
      type: TYPES[file.flag ?? "0"],
      mode: file.mode ?? 0o644,
      uid: file.uid ?? 0,
      gid: file.gid ?? 0,
    },
    ...{ modtime: "2023-11-14T22:13:20Z", ...(file.link !== undefined && { linkName: file.link }) },
    ...(file.content !== undefined && {
      size: Buffer.from(file.content).length,
      digest: `sha256:${sha256(Buffer.from(file.content))}`,
    }),
    ...(file.pax && { xattrs: { "user.name": Buffer.from("value").toString("base64") } }),
  }));

/** As converters write it: the table is the archive's last file, in a gzip member of its own. */
function stargz(
  files: readonly File[],
  { entries = tableOf(files), digest }: { entries?: unknown; digest?: string } = {},
): LayerOf {
  const json = Buffer.from(JSON.stringify({ version: 1, entries }));
  const body = Buffer.concat(files.map(tarEntry));
  const table = Buffer.concat([tarEntry({ name: "stargz.index.json", content: json, mtime: 0, mode: 0 }), END]);
  const start = gzipSync(body);
  const field = Buffer.from(`${start.length.toString(16).padStart(16, "0")}STARGZ`);
  const footer = Buffer.concat([
    Buffer.from("1f8b08040000000000ff1a0053471600", "hex"),
    field,
    Buffer.from("010000ffff0000000000000000", "hex"),
  ]);
  return {
    tar: Buffer.concat([body, table]),
    stored: Buffer.concat([start, gzipSync(table), footer]),
    annotations: { "containerd.io/snapshot/stargz/toc.digest": digest ?? `sha256:${sha256(json)}` },
  };
}

function chunked(files: readonly File[], change: (annotations: Record<string, string>) => void = () => {}): LayerOf {
  const archive = tar(files);
  const body = zstdCompressSync(archive);
  const json = Buffer.from(JSON.stringify({ version: 1, entries: tableOf(files) }));
  const packed = zstdCompressSync(json);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50);
  head.writeUInt32LE(packed.length, 4);
  const prefix = "io.github.containers.zstd-chunked.manifest";
  const annotations: Record<string, string> = {
    [`${prefix}-checksum`]: `sha256:${sha256(packed)}`,
    [`${prefix}-position`]: `${body.length + 8}:${packed.length}:${json.length}:1`,
  };
  change(annotations);
  const mediaType = `${LAYER_TYPE}+zstd`;
  return { ...{ tar: archive, stored: Buffer.concat([body, head, packed]) }, mediaType, annotations };
}

describe("tables of contents", () => {
  before(async () => {
    server = await serve(answer);
  });
  after(() => server[Symbol.asyncDispose]());

  const CONVERTED: readonly File[] = [...FILES, { name: ".no.prefetch.landmark", content: "\u000f" }];
  const position = "io.github.containers.zstd-chunked.manifest-position";
  const checksum = "io.github.containers.zstd-chunked.manifest-checksum";

  for (const [name, layer] of [
    ["eStargz", stargz(CONVERTED)],
    ["zstd:chunked", chunked(FILES)],
  ] as const)
    test(`${name}: what the layer holds, without the layer`, async () => {
      const image = host("contents", [layer]);
      const listed = await read(image);
      assert.deepEqual(listed.origins, ["contents"]);
      assert.ok(asked.length > 0 && asked.every((each) => each.range !== undefined));
      const found = await read(image, { tablesOfContents: false });
      assert.deepEqual(found.origins, ["read"]);
      assert.deepEqual(listed.layers[0]?.entries, found.layers[0]?.entries);
      assert.deepEqual(listed.layers[0]?.diffId, found.layers[0]?.diffId);
    });

  test("a table larger than what is asked for first is asked for", async () => {
    const many = Array.from(
      { length: 9_000 },
      (_each, at): File => ({ name: `f/${at}`, content: `${random(20).toString("hex")}${at}` }),
    );
    const listed = await read(host("large-table", [stargz(many)]));
    assert.deepEqual([listed.origins, listed.layers[0]?.entries.length], [["contents"], 9_000]);
    assert.equal(asked.length, 2);
  });

  test("a registry without ranges gives the whole layer", async () => {
    for (const layer of [stargz(FILES), chunked(FILES)]) {
      const found = await read(host("no-ranges", [layer], { gives: whole }));
      assert.deepEqual(found.origins, ["read"]);
    }
  });

  test("a table that is not what the manifest says is refused", async () => {
    const wrong = `sha256:${"0".repeat(64)}`;
    for (const layer of [stargz(FILES, { digest: wrong }), chunked(FILES, (each) => (each[checksum] = wrong))])
      assert.match(
        (await failure(host("false-table", [layer]))).message,
        /table of contents .* has the digest .*do not use it/,
      );
  });

  test("where there is no table that can be read, the layer is", async () => {
    const plain = stargz(FILES);
    const cases: readonly LayerOf[] = [
      { ...plain, stored: gzipSync(plain.tar) },
      stargz(FILES, { entries: "none" }),
      chunked(FILES, (each) => (each[position] = "1:2:3")),
      chunked(FILES, (each) => (each[position] = "-1:2:3:1")),
      chunked(FILES, (each) => (each[position] = "99999999:2:3:1")),
      chunked(FILES, (each) => (each[position] = "0:9999999999:3:1")),
    ];
    for (const [at, layer] of cases.entries()) {
      const found = await read(host("no-table", [layer]));
      assert.deepEqual(found.origins, ["read"], String(at));
    }
  });

  test("a table counts like any other layer", async () => {
    const error = await failure(host("counted", [stargz(FILES)]), { limits: { entries: 3 } });
    assert.match(error.message, /more than 3 files in the layers/);
    const long = stargz(FILES, { entries: [{ name: "x".repeat(5_000), type: "reg" }] });
    assert.match((await failure(host("long", [long]))).message, /path of more than 4096 characters/);
  });
});
